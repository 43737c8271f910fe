import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { billOf, callOf, hold, reserve, settle, usageOf } from '../../../test/books.ts'
import { newKey } from '../../../test/customer.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { formatCallId } from '../../values/call-id.ts'

let stage: Stage
let relay: ReturnType<typeof capturedCli>
before(async () => {
  stage = await startStage()
  relay = capturedCli({ DATABASE_URL: stage.relay.env.DATABASE_URL })
})
after(() => stage.stop())

/** Makes a call, and answers the id that its client was told. */
async function asked(say: string, stream = false): Promise<string> {
  const answer = await stage.ask({ say, body: { stream } })
  const { requestId } = await stage.waitForCall(answer.headers['x-request-id'])
  return requestId
}
const shown = async (id: string) => {
  const { exitCode, out } = await relay('call', 'show', id)
  assert.equal(exitCode, 0)
  return out
}
const documentOf = async (id: string) =>
  JSON.parse((await relay('call', 'show', id, '--json')).out) as Record<string, unknown>

describe('relay call show', () => {
  test('is the receipt: who, what, how it ended, each line of the cost, and its entry', async () => {
    const id = await asked('hello')
    const text = await shown(id.toUpperCase())
    const { accountId, keyId, secret } = stage.customer
    for (const line of [
      new RegExp(`^Request id +${id}$`, 'm'),
      new RegExp(`^Account +${accountId}$`, 'm'),
      new RegExp(`^Key +No\\. ${keyId}, a key ${secret.slice(0, 7)}…${secret.slice(-4)}$`, 'm'),
      /^Status +200$/m,
      /^Outcome +completed: completed$/m,
      /^Upstream +openai$/m,
      /^The provider answered +200$/m,
      /^Attempts +1$/m,
      /^Input +\d+ +[\d.]+ a million +[\d.]+$/m,
      /^Output +\d+ +[\d.]+ a million +[\d.]+$/m,
      /^Price \d+, in force since /m,
      /^Held before the call +\$/m,
      /^Released +\$/m,
      /^Ledger entry No\. \d+, booked /m,
    ])
      assert.match(text, line)
    assert.ok(!text.includes(secret))
    const document = await documentOf(id)
    const [entry] = document.entries as Record<string, unknown>[]
    assert.equal(entry?.balance_nanos, -Number(document.cost_nanos))
  })

  const failures: [say: string, streamed: boolean, status: number | null, code: string | null][] = [
    ['[[status:400]]', false, 400, 'context_length_exceeded'],
    ['[[status:429]]', false, 429, 'rate_limit_exceeded'],
    ['[[quota]]', true, 429, 'insufficient_quota'],
    ['[[status:503]]', true, 503, 'server_error'],
    ['[[json-error]]', false, 200, 'server_error'],
    ['[[html]]', false, 200, null],
    ['[[reset:0]]', false, null, 'ECONNRESET'],
    ['hello', true, 200, null],
  ]
  for (const [say, streamed, status, code] of failures) {
    const how = streamed ? 'streamed' : 'plain'
    test(`says of ${say} ${how} what the upstream answered: ${status}, ${code}`, async () => {
      const document = await documentOf(await asked(say, streamed))
      assert.deepEqual([document.upstream_status, document.upstream_code], [status, code])
    })
  }

  test('says of an error in the middle of a stream what it was called', async () => {
    const document = await documentOf(await asked('[[error-event:2]]', true))
    assert.deepEqual([document.status, document.upstream_code], [200, 'server_error'])
  })

  test('says of one that was refused for money what it needed, and what there was', async () => {
    const { ledger, db } = stage.relay.services
    const poor = await stage.newCustomer({ balanceNanos: 9 })
    const refused = async (customer: typeof poor) => {
      const facts = callOf(customer)
      assert.equal((await reserve(ledger, facts, 11)).granted, false)
      return formatCallId(facts.callId)
    }
    const id = await refused(poor)
    const text = await shown(id)
    assert.match(text, /^Could have cost up to +\$0\.000000011$/m)
    assert.match(text, /^Available +\$0\.000000009$/m)
    const document = await documentOf(id)
    assert.deepEqual([document.needed_nanos, document.left_nanos], [11, 9])
    const ofBudget = await refused(await newKey(db, stage.customer.accountId, { budgetNanos: 3 }))
    assert.match(await shown(ofBudget), /^Left of the budget +\$0\.000000003$/m)
    await stage.sql('update calls set left_nanos = -2 where id in (?)', [
      [id, ofBudget].map((it) => Buffer.from(it.replaceAll('-', ''), 'hex')),
    ])
    assert.match(
      await shown(id),
      /^Available +nothing: the account was \$0\.000000002 below zero$/m,
    )
    assert.match(await shown(ofBudget), /^Left of the budget +\$0\.000000000$/m)
    assert.doesNotMatch(await shown(await asked('hello')), /Could have cost|Available/)
  })

  test('says of a call under way what it holds, and of one that was dropped what it cost', async () => {
    const { ledger } = stage.relay.services
    const open = callOf(stage.customer)
    await hold(ledger, open, 1_000)
    const id = formatCallId(open.callId)
    assert.match(await shown(id), /has not ended: it holds \$0\.000001000 since/)
    await settle(ledger, open, 400)
    await stage.sql('delete from calls where id = ?', [open.callId])
    assert.match(await shown(id), /dropped by retain[^]*balance -0\.0000004/)
    assert.equal((await documentOf(id)).state, 'dropped')
  })

  test('has a line for every unit, the hours of its price, and both factors', async () => {
    const { ledger } = stage.relay.services
    const priceId = 1_000_000_000_009
    const prices = { input: 2_000_000_000, output: 8_000_000_000, searches: 10_000_000_000_000 }
    const tiers = [{ upToInputTokens: null, prices }]
    const when = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }]
    const times = [
      { when, tiers },
      { when: null, tiers },
    ]
    const terms = JSON.stringify({ times, basisPoints: {}, serviceTiers: [] })
    await stage.sql(
      `insert into cost_prices (id, scope, model, effective_from, terms, source, actor) values (?)`,
      [[priceId, 'upstream:u', 'm', '2000-01-01', terms, 'test', 'test']],
    )
    const facts = callOf(stage.customer)
    await hold(ledger, facts, 30_000_000)
    const usage = { ...usageOf(1_000, 0), more: { searches: 2 } }
    // 1,000 tokens and two searches are 0.022 dollars; a fifth more, of which nine tenths are paid.
    const factors = { priceId, priceFactor: 12_000, accountFactor: 9_000 }
    await ledger.settle({ facts, bill: billOf(23_760_000, { ...factors, usage }) })
    const id = formatCallId(facts.callId)
    const text = await shown(id)
    for (const line of [
      /^Input +1000 +2\.40 a million +0\.002400000$/m,
      /^Searches +2 +12\.00 a thousand +0\.024000000$/m,
      /^Sum 0\.026400000, times 0\.9 for the account 0\.023760000\.$/m,
      /^Cost \$0\.023760000$/m,
      /^Price 1000000000009, in force since 2000-\S+, at mon-sun@00:00-24:00 UTC, times 1\.2 for/m,
    ])
      assert.match(text, line)
    const { items, other_units } = await documentOf(id)
    assert.deepEqual(other_units, { searches: 2 })
    assert.equal((items as unknown[]).length, 3)
    await stage.sql(`update calls set other_units = 'nonsense' where id = ?`, [facts.callId])
    assert.match(
      await shown(id),
      /^Price 1000000000009 is known, but what was used besides tokens/m,
    )
  })

  test('says of an id that is no call where to look, and of no id what is wrong', async () => {
    const none = await relay('call', 'show', '01890000-0000-7000-8000-000000000000')
    assert.equal(none.exitCode, 1)
    assert.match(none.err, /There is no call 01890000.*LOG_LEVEL=debug/)
    const wrong = await relay('call', 'show', 'req_1')
    assert.equal(wrong.exitCode, 2)
  })
})
