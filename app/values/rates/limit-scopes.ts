/**
 * Whose calls a limit counts: of every account by itself, of an account in a group, of one account,
 * of one key, of an account with one model, and of all accounts together with one model.
 */
export const limitScopes = ['everyone', 'group', 'account', 'key', 'model', 'model-total'] as const
export type LimitScope = (typeof limitScopes)[number]
