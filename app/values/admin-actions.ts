/** What an operator can have done, in the words of the command that does it. */
export const adminActions = [
  'account create',
  'account activate',
  'account suspend',
  'grant',
  'plan set',
  'key create',
  'key revoke',
  'model add',
  'model price',
  'model enable',
  'model disable',
  'model alias add',
  'model alias remove',
  'price import',
  'seed-calls',
  'retain',
  'sweep',
  'repair totals',
] as const
export type AdminAction = (typeof adminActions)[number]
