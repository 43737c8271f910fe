/**
 * Whether an upstream is called: always; for calls that were let in before, when another has failed
 * them; never. Whatever is under way there ends as it began.
 */
export const upstreamStates = ['on', 'draining', 'off'] as const
