import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'
import type { Role } from '../../values/teams/roles.ts'

/** What each role is called, and what whoever has it can do. */
export const roleWords = {
  owner: { name: msg`Owner`, can: msg`Everything, and who else is an owner.` },
  admin: { name: msg`Admin`, can: msg`Everything, but for who is an owner.` },
  member: { name: msg`Member`, can: msg`Keys of their own, and the calls of those.` },
  billing: { name: msg`Billing`, can: msg`The money and what it was spent on; no keys.` },
} satisfies Record<Role, { name: MessageDescriptor; can: MessageDescriptor }>
