import type { MessageDescriptor } from '@lingui/core'
import { roleWords } from '../../ui/account/role-words.ts'
import { providerWords } from '../../ui/account/order-words.tsx'
import { msg } from '../../values/language/msg.ts'

type Words = Readonly<Record<string, MessageDescriptor>>

/** What facts of the log are called, by their names in plain English words. */
export const factNames: Words = {
  addresses: msg`addresses`,
  after: msg`after`,
  before: msg`before`,
  'expires at': msg`expires at`,
  for: msg`for`,
  from: msg`from`,
  host: msg`host`,
  hours: msg`hours`,
  invitation: msg`invitation`,
  models: msg`models`,
  months: msg`months`,
  name: msg`name`,
  period: msg`period`,
  plan: msg`plan`,
  provider: msg`provider`,
  'responses at chat': msg`responses at chat`,
  'revoked keys': msg`revoked keys`,
  role: msg`role`,
  'time zone': msg`time zone`,
  to: msg`to`,
}

/** The same of facts that are amounts of money. */
export const moneyNames: Words = {
  below: msg`below in dollars`,
  budget: msg`budget in dollars`,
  cap: msg`cap in dollars`,
  credit: msg`credit in dollars`,
  from: msg`from in dollars`,
  'period budget': msg`period budget in dollars`,
  to: msg`to in dollars`,
  value: msg`value in dollars`,
}

const roles: Words = {
  owner: roleWords.owner.name,
  admin: roleWords.admin.name,
  member: roleWords.member.name,
  billing: roleWords.billing.name,
}

/** Facts whose words are those of a closed list. */
export const factLists: Readonly<Record<string, Words>> = {
  role: roles,
  from: roles,
  to: roles,
  provider: providerWords,
  period: { day: msg`day`, week: msg`week`, month: msg`month` },
}

/** Subjects that have no number of ours. */
export const subjectWords: Words = {
  threshold: msg`threshold`,
  webhook: msg`webhook`,
  'the plan': msg`the plan`,
}
