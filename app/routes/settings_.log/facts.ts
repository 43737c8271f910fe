import type { MessageDescriptor } from '@lingui/core'
import type { Named, Names } from '../../account-log/account-log.server.ts'
import { msg } from '../../values/language/msg.ts'
import { formatUsdShort, parseUsd } from '../../values/money.ts'
import { factLists, factNames, moneyNames, subjectWords } from './fact-words.ts'

/** A row of the log as it was written, by this release or another. */
type Written = { subject: string; detail: string | null }
type Facts = Record<string, unknown>
/** Says a text in the language of whoever reads the log. */
type Say = (text: MessageDescriptor) => string

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

const keyText = (id: number, name: string | undefined) =>
  name === undefined ? msg`key No. ${id}` : msg`key “${name}”`
const planText = (id: number, name: string | undefined) =>
  name === undefined ? msg`plan No. ${id}` : msg`plan “${name}”`

/** What has no number of ours: a host, which is its own name, or a word or two. */
function unnumberedText(subject: string, say: Say): string {
  const [, orderId] = /^order (.+)$/.exec(subject) ?? []
  if (orderId !== undefined) return say(msg`order ${orderId}`)
  return wordOf(subjectWords, subject, say) ?? subject
}

/** Whatever was changed, by the name that people know it by. */
export function subjectText(row: Written, { keys, people, plans }: Names, say: Say): string {
  const parts = partsOf(row)
  if (!parts) return unnumberedText(row.subject, say)
  const { what, id } = parts
  switch (what) {
    case 'key':
      return say(keyText(id, keys.get(id)))
    case 'plan':
      return say(planText(id, plans.get(id)))
    case 'user':
      return people.get(id) ?? say(msg`person No. ${id}`)
    case 'account':
      return say(msg`this account`)
    case 'code':
      return say(msg`code No. ${id}`)
    case 'invitation':
      return say(msg`invitation No. ${id}`)
    case 'order':
      return say(msg`order ${id}`)
    default:
      return say(msg`${what} No. ${id}`)
  }
}

function wordOf(words: Readonly<Record<string, MessageDescriptor>>, of: string, say: Say) {
  const word = Object.hasOwn(words, of) ? words[of] : undefined
  return word && say(word)
}

/** As JSON has a moment: `2027-01-31T00:00:00.000Z`. */
const moment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/

const listText = (texts: string[], say: Say) =>
  texts.length === 0 ? say(msg`none`) : texts.reduce((before, next) => say(msg`${before}, ${next}`))

function textOf(value: unknown, say: Say): string {
  if (value === null || value === undefined) return say(msg`none`)
  if (Array.isArray(value))
    return listText(
      value.map((it) => textOf(it, say)),
      say,
    )
  if (typeof value === 'object') return factsText(value, say)
  if (typeof value === 'boolean') return value ? say(msg`yes`) : say(msg`no`)
  return String(value).replace(moment, '$1 $2 UTC')
}

const ofMoney = /_usd$|_?nanos$/i
const words = (name: string) =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ')

/** Dollars as the log has them, or the nano-dollars of older releases. */
function moneyText(value: unknown, say: Say): string {
  const nanos = typeof value === 'string' ? parseUsd(value) : value
  return Number.isSafeInteger(nanos) ? formatUsdShort(nanos as number) : textOf(value, say)
}

/** What a fact is called; one of another release, which has no words here, as it calls it itself. */
function nameOf(name: string, say: Say): string {
  if (!ofMoney.test(name)) return wordOf(factNames, words(name), say) ?? words(name)
  const what = words(name.replace(ofMoney, ''))
  return wordOf(moneyNames, what, say) ?? say(msg`${what} in dollars`)
}

function valueOf(name: string, value: unknown, say: Say): string {
  if (ofMoney.test(name)) return moneyText(value, say)
  const list = Object.hasOwn(factLists, name) ? factLists[name] : undefined
  const word = list && typeof value === 'string' ? wordOf(list, value, say) : undefined
  return word ?? textOf(value, say)
}

/** `budget_usd: '2.500000000'` is, for people, `budget in dollars: 2.50`. */
function factText([field, given]: [string, unknown], say: Say): string {
  const name = nameOf(field, say)
  const value = valueOf(field, given, say)
  return say(msg`${name}: ${value}`)
}

function factsText(facts: object, say: Say): string {
  const texts = Object.entries(facts).map((fact) => factText(fact, say))
  return texts.length === 0 ? '' : texts.reduce((before, next) => say(msg`${before}; ${next}`))
}

/** The facts of a row on one line, `role: Member; for: Grace`, with names in place of our numbers. */
export function detailText(row: Written, { keys, plans }: Names, say: Say): string {
  const facts = factsOf(row)
  const { plan, invitation } = facts
  const gone = revokedKeys(facts).map((id) => say(keyText(id, keys.get(id))))
  const numbered = (id: number) => say(msg`No. ${id}`)
  return factsText(
    {
      ...facts,
      ...('revoked_keys' in facts && { revoked_keys: gone }),
      ...(isId(plan) && { plan: plans.get(plan) ?? numbered(plan) }),
      ...(isId(invitation) && { invitation: numbered(invitation) }),
    },
    say,
  )
}
