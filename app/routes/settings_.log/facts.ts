import type { Named, Names } from '../../account-log/account-log.server.ts'
import { roleWords } from '../../ui/account/role-words.ts'
import { inEnglish } from '../../values/language/msg.ts'
import { formatUsdShort, parseUsd } from '../../values/money.ts'

/** A row of the log as it was written, by this release or another. */
type Written = { subject: string; detail: string | null }
type Facts = Record<string, unknown>

const factsOf = ({ detail }: Written): Facts =>
  detail === null ? {} : (JSON.parse(detail) as Facts)

const isId = (value: unknown): value is number => typeof value === 'number'

/** `key 7`: what it is, and its number. */
function partsOf({ subject }: Written): { what: string; id: number } | undefined {
  const [, what = '', digits] = /^([a-z]+) (\d{1,15})$/.exec(subject) ?? []
  return digits === undefined ? undefined : { what, id: Number(digits) }
}

const revokedKeys = ({ revoked_keys: ids }: Facts): number[] =>
  Array.isArray(ids) ? ids.filter(isId) : []

/** Whatever these rows call by its number, and has a name. */
export function namedIn(rows: readonly Written[]): Named {
  const subjects = (what: string) =>
    rows.map(partsOf).flatMap((parts) => (parts?.what === what ? [parts.id] : []))
  const facts = rows.map(factsOf)
  return {
    keys: [...subjects('key'), ...facts.flatMap(revokedKeys)],
    people: subjects('user'),
    plans: [...subjects('plan'), ...facts.map(({ plan }) => plan).filter(isId)],
  }
}

const textOfNamed = (what: string, id: number, names: Map<number, string>) => {
  const name = names.get(id)
  return name === undefined ? `${what} No. ${id}` : `${what} “${name}”`
}

/** Whatever was changed, by the name that people know it by. */
export function subjectText(row: Written, { keys, people, plans }: Names): string {
  const parts = partsOf(row)
  if (!parts) return row.subject
  const { what, id } = parts
  switch (what) {
    case 'key':
      return textOfNamed('key', id, keys)
    case 'plan':
      return textOfNamed('plan', id, plans)
    case 'user':
      return people.get(id) ?? `person No. ${id}`
    case 'account':
      return 'this account'
    default:
      return `${what} No. ${id}`
  }
}

/** As JSON has a moment: `2027-01-31T00:00:00.000Z`. */
const moment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return value.map(textOf).join(', ') || 'none'
  if (typeof value === 'object') return listOf(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value).replace(moment, '$1 $2 UTC')
}

const ofMoney = /_usd$|_?nanos$/i
const words = (name: string) =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ')

/** Dollars as the log has them, or the nano-dollars of older releases. */
function moneyText(value: unknown): string {
  const nanos = typeof value === 'string' ? parseUsd(value) : value
  return Number.isSafeInteger(nanos) ? formatUsdShort(nanos as number) : textOf(value)
}

const roles = Object.fromEntries(
  Object.entries(roleWords).map(([role, { name }]) => [role, inEnglish(name)]),
)
/** Facts whose words are those of a closed list. */
const lists: Record<string, Record<string, string>> = {
  role: roles,
  from: roles,
  to: roles,
  provider: { stripe: 'Stripe', epay: 'Alipay or WeChat Pay' },
}

/** `budget_usd: '2.500000000'` is, for people, `budget in dollars: 2.50`. */
function factText([name, value]: [string, unknown]): string {
  if (ofMoney.test(name))
    return `${words(name.replace(ofMoney, ''))} in dollars: ${moneyText(value)}`
  const word = typeof value === 'string' ? lists[name]?.[value] : undefined
  return `${words(name)}: ${word ?? textOf(value)}`
}

const listOf = (facts: object): string => Object.entries(facts).map(factText).join('; ')

/** The facts of a row on one line, `role: Member; for: Grace`, with names in place of our numbers. */
export function detailText(row: Written, { keys, plans }: Names): string {
  const facts = factsOf(row)
  const { plan, invitation } = facts
  const gone = revokedKeys(facts).map((id) => textOfNamed('key', id, keys))
  return listOf({
    ...facts,
    ...('revoked_keys' in facts && { revoked_keys: gone }),
    ...(isId(plan) && { plan: plans.get(plan) ?? `No. ${plan}` }),
    ...(isId(invitation) && { invitation: `No. ${invitation}` }),
  })
}
