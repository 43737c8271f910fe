import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setupI18n, type MessageDescriptor } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { inDollars } from '../../values/logs/in-dollars.ts'
import { detailText, namedIn, subjectText } from './facts.ts'

/** As an English page says it. */
const say = (text: MessageDescriptor) =>
  setupI18n({
    locale: 'en',
    messages: { en: { [text.id]: compileMessage(text.message ?? '') } },
  })._(text)

const names = {
  keys: new Map([[7, 'Prod']]),
  people: new Map([[5, 'Grace Hopper']]),
  plans: new Map([[3, 'Pro']]),
}
const row = (subject: string, detail: object | null) => ({
  subject,
  detail: detail && JSON.stringify(detail),
})
const key = {
  name: 'Prod',
  expiresAt: new Date(Date.UTC(2027, 0, 31)),
  budgetNanos: 2_500_000_000,
  period: null,
  periodBudgetNanos: null,
  models: ['a', 'b*'],
  addresses: [],
  responsesAtChat: true,
}
const keyText =
  'name: Prod; expires at: 2027-01-31 00:00 UTC; budget in dollars: 2.50; period: none; ' +
  'period budget in dollars: none; models: a, b*; addresses: none; responses at chat: yes'

/** Each kind of row that is written, and those of releases before this one. */
const rows: [subject: string, detail: object | null, of: string, more: string][] = [
  ['key 7', inDollars(key), 'key “Prod”', keyText],
  ['key 7', key, 'key “Prod”', keyText],
  ['key 8', null, 'key No. 8', ''],
  ['key 7', { hours: 24 }, 'key “Prod”', 'hours: 24'],
  ['plan 3', { plan: 'Pro' }, 'plan “Pro”', 'plan: Pro'],
  ['plan 4', null, 'plan No. 4', ''],
  ['the plan', null, 'the plan', ''],
  ['code 9', { value_usd: '5.000000000' }, 'code No. 9', 'value in dollars: 5.00'],
  ['code 9', { plan: 3, months: 2 }, 'code No. 9', 'plan: Pro; months: 2'],
  [
    'order 0c9f',
    { provider: 'epay', credit_usd: '10.000000000' },
    'order 0c9f',
    'provider: Alipay or WeChat Pay; credit in dollars: 10.00',
  ],
  ['threshold', { below_nanos: 5_000_000_000 }, 'threshold', 'below in dollars: 5.00'],
  ['threshold', inDollars({ below_nanos: null }), 'threshold', 'below in dollars: none'],
  ['account 2', { time_zone: 'Asia/Shanghai' }, 'this account', 'time zone: Asia/Shanghai'],
  ['user 5', { from: 'member', to: 'admin' }, 'Grace Hopper', 'from: Member; to: Admin'],
  [
    'user 6',
    { name: 'Ann', role: 'billing', revoked_keys: [7, 8] },
    'person No. 6',
    'name: Ann; role: Billing; revoked keys: key “Prod”, key No. 8',
  ],
  [
    'user 5',
    { from_usd: null, to_usd: '0.000000001' },
    'Grace Hopper',
    'from in dollars: none; to in dollars: 0.000000001',
  ],
  ['user 5', { role: 'member', invitation: 2 }, 'Grace Hopper', 'role: Member; invitation: No. 2'],
  ['hooks.example', { before: { host: 'a' } }, 'hooks.example', 'before: host: a'],
]

test('a row of the log is in words and names, without nano-dollars, bare numbers or JSON', () => {
  for (const [subject, detail, of, more] of rows) {
    const written = row(subject, detail)
    const said = [subjectText(written, names, say), detailText(written, names, say)]
    assert.deepEqual(said, [of, more])
    assert.doesNotMatch(said.join(), /nano|[{}"_]|\d{7,}(?<!0\.\d*)/i)
  }
})

test('what has a name is asked for by its number, also where it is one of several', () => {
  const written = rows.map(([subject, detail]) => row(subject, detail))
  const { keys, people, plans } = namedIn(written)
  const once = (ids: number[]) => [...new Set(ids)].sort()
  assert.deepEqual(
    [once(keys), once(people), once(plans)],
    [
      [7, 8],
      [5, 6],
      [3, 4],
    ],
  )
})
