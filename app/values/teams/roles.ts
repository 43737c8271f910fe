/** What somebody may be in an account, the most first. */
export const roles = ['owner', 'admin', 'member', 'billing'] as const
export type Role = (typeof roles)[number]

/** What is asked for before an account's page is shown, and again before a form of it is obeyed. */
export type Right =
  /** Calls and totals of everybody in the account; without it, of one's own keys alone. */
  | 'see-usage-of-all'
  | 'manage-own-keys'
  | 'manage-all-keys'
  /** Who is in the account, as what, and up to how much; of owners only an owner decides. */
  | 'manage-people'
  /** Balances, statements, orders and receipts. */
  | 'see-money'
  /** Top up, redeem, subscribe. */
  | 'manage-money'
  /** Thresholds, webhook, time zone, name; and the log of what was changed. */
  | 'manage-account'

const everything: readonly Right[] = [
  'see-usage-of-all',
  'manage-own-keys',
  'manage-all-keys',
  'manage-people',
  'see-money',
  'manage-money',
  'manage-account',
]

// What money was spent on is part of the money; keys are not: who pays the bill need not have one.
const rights: Record<Role, readonly Right[]> = {
  owner: everything,
  admin: everything,
  member: ['manage-own-keys'],
  billing: ['see-usage-of-all', 'see-money', 'manage-money'],
}

/** Whether somebody who is this in an account may do that in it. */
export const may = (role: Role, right: Right): boolean => rights[role].includes(right)

/** Whether somebody may make others this, or decide over others who are: of owners only owners do. */
export const mayDecideOver = (role: Role, over: Role): boolean =>
  may(role, 'manage-people') && (over !== 'owner' || role === 'owner')
