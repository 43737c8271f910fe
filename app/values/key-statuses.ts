/** What can be done with an API key: `spent` is one whose budget is used up. */
export const keyStatuses = ['active', 'spent', 'disabled', 'expired', 'revoked'] as const
export type KeyStatus = (typeof keyStatuses)[number]
