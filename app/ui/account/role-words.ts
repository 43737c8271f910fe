import type { Role } from '../../values/teams/roles.ts'

/** What each role is called, and what whoever has it can do. */
export const roleWords = {
  owner: { name: 'Owner', can: 'Everything, and who else is an owner.' },
  admin: { name: 'Admin', can: 'Everything, but for who is an owner.' },
  member: { name: 'Member', can: 'Keys of their own, and the calls of those.' },
  billing: { name: 'Billing', can: 'The money and what it was spent on; no keys.' },
} satisfies Record<Role, { name: string; can: string }>
