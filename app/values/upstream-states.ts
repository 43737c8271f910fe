/** Whether an upstream is called: always, no more once the calls of its sessions are over, never. */
export const upstreamStates = ['on', 'draining', 'off'] as const
