/** What can be done with an API key: `spent` is one whose budget is used up. */
export type KeyStatus = 'active' | 'spent' | 'expired' | 'revoked'
