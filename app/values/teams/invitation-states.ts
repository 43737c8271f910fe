/** What an invitation is good for: only an open one lets somebody in. */
export const invitationStates = ['open', 'used', 'revoked', 'expired'] as const
export type InvitationState = (typeof invitationStates)[number]
