import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { listen } from '../../../dev/command/listen.ts'
import { callsOf } from '../../../test/calls.ts'
import { callOf, testBooks, type TestBooks } from '../../../test/books.ts'
import { newCustomer, type Customer } from '../../../test/customer.ts'
import { present } from '../../../test/present.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { Refused } from '../../errors/refusal.ts'
import { limits } from '../../config/limits.ts'
import { Turns } from '../../keys/keys.server.ts'
import { Refusals, type Ask, type OwnLedger } from '../../ledger/ledger.server.ts'
import type { Services } from '../../services.ts'
import type { Call, Endpoint } from '../endpoint.ts'
import { reserve } from './reserve.ts'

/** An upstream that keeps every call until it is told to answer all of them. */
async function startPatientUpstream() {
  const open: { body: Record<string, unknown>; res: ServerResponse }[] = []
  const server = createServer((req, res) => {
    const pieces: Buffer[] = []
    req.on('data', (piece: Buffer) => pieces.push(piece))
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>
      open.push({ body, res })
    })
  })
  const port = await listen(server)
  const completion = {
    choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 8_010, completion_tokens: 1, total_tokens: 8_011 },
  }
  return {
    url: `http://127.0.0.1:${port}/v1`,
    open,
    answerAll() {
      const bodies = open.map(({ body }) => body)
      for (const { body, res } of open.splice(0)) {
        res.setHeader('content-type', 'application/json')
        res.end(JSON.stringify({ ...completion, model: body.model }))
      }
      return bodies
    },
    close: () => server.close(),
  }
}

describe('many calls at once that name no limit', () => {
  let upstream: Awaited<ReturnType<typeof startPatientUpstream>>
  let stage: Stage
  before(async () => {
    upstream = await startPatientUpstream()
    stage = await startStage({ upstreamUrl: upstream.url })
  })
  after(async () => {
    await stage.stop()
    upstream.close()
  })

  /** Asks for all of them, and has them answered when each is either let in or refused. */
  async function askTogether(customer: Customer, calls: number, body: Record<string, unknown>) {
    let refused = 0
    const answers = Array.from({ length: calls }, async () => {
      const answer = await stage.ask({ customer, body })
      if (answer.status !== 200) refused++
      return answer
    })
    await eventually('each is decided', () => upstream.open.length + refused === calls)
    const [held] = await stage.sql<{ held: number }>(
      'select balance_held_nanos as held from accounts where id = ?',
      [customer.accountId],
    )
    const asked = upstream.answerAll()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    return { statuses, asked, heldNanos: present(held).held }
  }

  test('are all answered: twelve of 40 kB on gpt-5.5, of an account with $10', async () => {
    const customer = await stage.newCustomer({ balanceNanos: 10e9 })
    const messages = [{ role: 'user', content: 'word '.repeat(8_000) }]
    const body = { model: 'gpt-5.5', messages }
    const { statuses, asked, heldNanos } = await askTogether(customer, 12, body)
    assert.deepEqual(statuses, Array<number>(12).fill(200))
    assert.ok(heldNanos <= 10e9)
    const rows = await stage.callsOf(customer)
    assert.equal(
      rows.reduce((sum, { hold }) => sum + hold, 0),
      heldNanos,
    )
    const spliced = asked.map((it) => Number(it.max_completion_tokens)).sort((a, b) => a - b)
    assert.deepEqual(
      spliced,
      rows.map(({ tokensMax }) => tokensMax).sort((a, b) => a - b),
    )
    for (const { hold, cost, tokensMax, overrun } of rows) {
      assert.ok(tokensMax >= 16_384 && tokensMax < 128_000)
      assert.ok(hold >= tokensMax * 30_000 + 8_010 * 5_000)
      assert.deepEqual([cost, overrun], [8_010 * 5_000 + 30_000, 0])
    }
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
  })

  test('of an account for which the usual length is too much get what there is', async () => {
    const customer = await stage.newCustomer({ balanceNanos: 0.3e9 })
    const body = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'short' }] }
    const { statuses, asked } = await askTogether(customer, 1, body)
    assert.deepEqual(statuses, [200])
    const tokens = Number(present(asked[0]).max_completion_tokens)
    assert.ok(tokens > 9_900 && tokens < 10_000, `${tokens}`)
  })

  test('of a rich account have all their model can say, and no limit is written', async () => {
    const customer = await stage.newCustomer({ balanceNanos: 1_000e9 })
    const body = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'short' }] }
    const { asked } = await askTogether(customer, 3, body)
    for (const it of asked) assert.ok(!('max_completion_tokens' in it))
    for (const { tokensMax } of await stage.callsOf(customer)) assert.equal(tokensMax, 128_000)
  })
})

describe('an exact count', () => {
  let books: TestBooks
  let ledger: OwnLedger
  before(async () => {
    books = await testBooks()
    ledger = books.ledger()
  })
  after(() => books.close())

  const nanos = (amount: number) => BigInt(amount) * 1_000_000n
  const plain = { outputScaledPerToken: 0n, outputTokensWanted: 0, outputTokensMax: 1 }
  type Bound = { most: number; least?: number }

  /** A relay of which no more is there than what reserving needs; counts are answered by hand. */
  function counted(turns = new Turns({ ...limits.tokens.counts, lineMax: 3 })) {
    const open: ((count: number | Error) => void)[] = []
    const services = {
      ledger,
      counting: turns,
      topUp: { url: () => null },
      moneyRefusals: new Refusals(() => 1),
      log: { failed: () => undefined, counted: () => undefined },
    } as unknown as Services
    const call = { model: { outputTokensMax: 1 } } as unknown as Call
    return {
      open,
      reserve(customer: Customer, { most, least }: Bound, gone = { aborted: false }) {
        const ask: Ask = { ...plain, inputScaled: nanos(most) }
        if (least !== undefined) ask.inputLeastScaled = nanos(least)
        const boundExactly = () =>
          new Promise<Ask>((resolve, reject) => {
            open.push((count) => {
              if (count instanceof Error) reject(count)
              else resolve({ ...plain, inputScaled: nanos(count), inputLeastScaled: 0n })
            })
          })
        const endpoint = { bound: () => ask, boundExactly } as unknown as Endpoint
        const asker = { secretNo: 0, address: '203.0.113.7' }
        return reserve({ services, endpoint, call, facts: callOf(customer), asker, gone })
      },
    }
  }
  const customerWith = (balanceNanos: number) => newCustomer(books.pool, { balanceNanos })
  const code = async (answer: Promise<unknown>) => {
    const error = await answer.catch((thrown: unknown) => thrown)
    assert.ok(error instanceof Refused, String(error))
    return error.code
  }
  const outcomes = async (customer: Customer) =>
    (await callsOf(books.sql, customer)).map(({ outcome, error }) => [outcome, error])

  test('is made where the bound is more than a twentieth of what there is, and only there', async () => {
    const relay = counted()
    const customer = await customerWith(2_000)
    assert.equal((await relay.reserve(customer, { most: 100, least: 1 })).holdNanos, 100)
    const answer = relay.reserve(customer, { most: 100, least: 1 })
    await eventually('it is counted', () => relay.open.length === 1)
    relay.open[0]?.(30)
    assert.equal((await answer).holdNanos, 30)
  })

  test('is not made where the least that it can find does not fit, and the call is refused', async () => {
    const relay = counted()
    const customer = await customerWith(100)
    const refused = relay.reserve(customer, { most: 1_616, least: 101 })
    assert.equal(await code(refused), 'insufficient_balance')
    assert.equal(relay.open.length, 0)
    assert.deepEqual(await outcomes(customer), [['refused', 'insufficient_balance']])
  })

  test('is not made of what is counted already', async () => {
    const relay = counted()
    const customer = await customerWith(100)
    assert.equal(await code(relay.reserve(customer, { most: 101 })), 'insufficient_balance')
    assert.equal((await relay.reserve(customer, { most: 100 })).holdNanos, 100)
    assert.equal(relay.open.length, 0)
    assert.equal((await outcomes(customer)).length, 1)
  })

  test('is made of one call of an account at a time, and of other accounts beside it', async () => {
    const relay = counted()
    const [many, other] = [await customerWith(1_000), await customerWith(1_000)]
    const first = relay.reserve(many, { most: 900, least: 1 })
    await eventually('the first is counted', () => relay.open.length === 1)
    const second = relay.reserve(many, { most: 900, least: 1 })
    const third = relay.reserve(many, { most: 900, least: 1 })
    const beside = relay.reserve(other, { most: 900, least: 1 })
    await eventually('the other is counted', () => relay.open.length === 2)
    relay.open[1]?.(5)
    assert.equal((await beside).holdNanos, 5)
    assert.equal(relay.open.length, 2)
    relay.open[0]?.(600)
    assert.equal((await first).holdNanos, 600)
    await eventually('the second is counted', () => relay.open.length === 3)
    // Who waited sees what the one before has left, also after one that failed.
    relay.open[2]?.(new Error('the counter is gone'))
    await assert.rejects(second, /the counter is gone/)
    await eventually('the third is counted', () => relay.open.length === 4)
    relay.open[3]?.(401)
    assert.equal(await code(third), 'insufficient_balance')
    assert.deepEqual(await outcomes(many), [['refused', 'insufficient_balance']])
  })

  test('is not made for a client that left while it waited', async () => {
    const relay = counted()
    const customer = await customerWith(1_000)
    const first = relay.reserve(customer, { most: 900, least: 1 })
    await eventually('the first is counted', () => relay.open.length === 1)
    const gone = { aborted: false }
    const second = relay.reserve(customer, { most: 900, least: 1 }, gone)
    gone.aborted = true
    relay.open[0]?.(5)
    assert.equal((await first).holdNanos, 5)
    assert.equal(await code(second), 'overloaded')
    assert.equal(relay.open.length, 1)
    assert.deepEqual(await outcomes(customer), [])
  })

  test('has a line of bounded length; who comes then may come again', async () => {
    const relay = counted(new Turns({ ...limits.tokens.counts, lineMax: 2 }))
    const customer = await customerWith(1_000)
    const waiting = [1, 2].map(() => relay.reserve(customer, { most: 900, least: 1 }))
    await eventually('the first is counted', () => relay.open.length === 1)
    await ledger.idle()
    assert.equal(await code(relay.reserve(customer, { most: 900, least: 1 })), 'overloaded')
    for (const [i, answer] of waiting.entries()) {
      await eventually('it is counted', () => relay.open.length > i)
      relay.open[i]?.(1)
      assert.equal((await answer).holdNanos, 1)
    }
    assert.deepEqual(await outcomes(customer), [])
  })
})
