import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'

import { formatCallId, newCallId } from '../values/call-id.ts'
import { billOf, callOf, hold, testBooks, type TestBooks } from '../../test/books.ts'
import type { Ledger } from '../ledger/ledger.server.ts'
import { capturedCli } from '../../test/captured-cli.ts'

describe('money on the command line', () => {
  let books: TestBooks
  let ledger: Ledger
  let accountId: number
  let account: string
  let relay: ReturnType<typeof capturedCli>
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
  const balance = async () => (await json('account', 'show', account)).balance_usd

  before(async () => {
    books = await testBooks()
    ledger = books.ledger()
    relay = capturedCli({ DATABASE_URL: books.url })
  })
  after(() => books.close())
  beforeEach(async () => {
    accountId = (await json('account', 'create', '--name', 'Bea')).id
    account = String(accountId)
  })

  test('a grant is exact to the nano-dollar, and a negative one takes away', async () => {
    const given = await json('grant', account, '12.000000001', '--ref', `g${account}`)
    assert.deepEqual(given, {
      account_id: accountId,
      kind: 'grant',
      ref: `g${account}`,
      amount_usd: '12.000000001',
      amount_nanos: 12_000_000_001,
      state: 'credited',
      balance_usd: '12.000000001',
      balance_nanos: 12_000_000_001,
    })
    assert.equal((await json('grant', account, '-2.5')).kind, 'adjust')
    assert.equal(await balance(), '9.500000001')
    const { exitCode, err } = await relay('grant', account, '-9.500000002')
    assert.deepEqual([exitCode, err], [1, 'The account has less than that available.\n'])
    assert.equal((await relay('grant', account, '9000000')).exitCode, 1)
    assert.equal((await relay('grant', account, '0')).exitCode, 2)
    assert.equal(await balance(), '9.500000001')
  })

  test('twenty grants at once with one ref credit once, and log one', async () => {
    const ref = `twenty-${account}`
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => relay('grant', account, '3', '--ref', ref)),
    )
    assert.deepEqual([...new Set(answers.map(({ exitCode }) => exitCode))], [0])
    assert.equal(answers.filter(({ out }) => out.startsWith('Credited')).length, 1)
    assert.equal(answers.filter(({ out }) => out.startsWith('Repeated')).length, 19)
    assert.equal(await balance(), '3.000000000')
    const log = await books.sql('select 1 from admin_log where detail like ?', [`%${ref}%`])
    assert.equal(log.length, 1)
  })

  test('no ref of a grant can stand in the way of a renewal', async () => {
    await json('grant', account, '1', '--ref', `plan:${account}:set:1`)
    const set = await json('plan', 'set', account, '20')
    assert.deepEqual([set.state, set.plan_per_month_usd], ['set', '20.000000000'])
    assert.equal((await json('plan', 'set', account, '20')).state, 'unchanged')
    const shown = await json('account', 'show', account)
    assert.equal(shown.available_usd, '21.000000000')
    assert.equal(shown.plan_renews_at, set.plan_renews_at)
    assert.equal((await json('plan', 'set', account, '0')).plan_renews_at, null)
    assert.equal((await relay('plan', 'set', account, '-1')).exitCode, 2)
  })

  const newFacts = (keyId: number) =>
    callOf({ accountId, keyId }, { model: 'gpt-4o', streamed: true, client: 'evil\u001b[2J' })

  test('a hold of a relay that fell silent is swept, and the books still agree', async () => {
    await json('grant', account, '1')
    const key = await json('key', 'create', '--account', account, '--name', 'k')
    await hold(ledger, newFacts(key.id), 150_000)
    assert.equal((await json('account', 'show', account)).available_nanos, 999_850_000)
    assert.equal((await json('sweep')).released, 0)
    assert.deepEqual(await json('sweep', '--stale-seconds', '0'), { released: 1, stale_seconds: 0 })
    assert.equal((await json('account', 'show', account)).available_nanos, 1_000_000_000)
    const { calls } = await json('calls', '--account', account, '--status', 'lost')
    assert.deepEqual([calls.length, calls[0].cost_nanos], [1, 0])
    assert.equal((await relay('verify')).exitCode, 0)
  })

  test('calls are listed newest first with their exact cost, in pages, by filter', async () => {
    await json('grant', account, '1')
    const key = await json('key', 'create', '--account', account, '--name', 'k')
    const ids: string[] = []
    for (const costNanos of [1, 150_000, 0]) {
      const facts = { ...newFacts(key.id), callId: newCallId(Date.now() + ids.length) }
      await hold(ledger, facts, 150_000)
      const failed = { outcome: 'failed', statusCode: 502, upstreamStatus: 401 } as const
      await ledger.settle({ facts, bill: billOf(costNanos, costNanos ? {} : failed) })
      ids.unshift(formatCallId(facts.callId))
    }
    const list = (...args: string[]) => json('calls', '--account', account, ...args)
    const { calls, next_before } = await list()
    assert.deepEqual(
      calls.map((call: { id: string }) => call.id),
      ids,
    )
    assert.equal(next_before, null)
    assert.deepEqual([calls[1].cost_usd, calls[1].cost_nanos], ['0.000150000', 150_000])
    assert.equal(calls[2].cost_usd, '0.000000001')
    const page = await list('--limit', '2')
    assert.equal(page.next_before, ids[1])
    assert.deepEqual((await list('--before', page.next_before)).calls, [calls[2]])
    assert.deepEqual((await list('--status', '502')).calls, [calls[0]])
    assert.deepEqual((await list('--status', 'completed')).calls, [calls[1], calls[2]])
    assert.deepEqual((await list('--model', 'other')).calls, [])
    const { out } = await relay('calls', '--account', account)
    assert.match(out, / 0\.000150000 /)
    // An expired key of the operator's does not look like an outage.
    const said = calls.map((call: { upstream_status: number }) => call.upstream_status)
    assert.deepEqual(said, [401, 200, 200])
    assert.match(out, / 502 \(upstream 401\) /)
    assert.ok(!out.includes('\u001b'))
    assert.equal((await relay('calls', '--status', 'nope', '--before', 'x')).exitCode, 2)
  })

  test('books that do not agree exit with 1 and say where', async () => {
    const change = (by: number) =>
      books.sql('update accounts set balance_nanos = balance_nanos + ? where id = ?', [
        by,
        accountId,
      ])
    await json('grant', account, '1')
    await change(1)
    const { exitCode, out } = await relay('verify')
    assert.equal(exitCode, 1)
    assert.match(out, new RegExp(`balances +account ${account} .*1000000001`))
    const verdict = await json('verify')
    assert.equal(verdict.clean, false)
    assert.deepEqual(Object.keys(verdict.differences[0]), ['check', 'subject', 'expected', 'found'])
    await change(-1)
    assert.equal((await relay('verify')).exitCode, 0)
  })
})
