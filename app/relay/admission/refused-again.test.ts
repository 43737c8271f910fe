import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { testRedisUrl } from '../../../test/database.ts'
import { callOf, testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { newCustomer, type Customer } from '../../../test/customer.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'
import { createLane } from '../../db/db.server.ts'
import { createRedis, keyspace, type RedisClient } from '../../redis/redis.server.ts'
import { createLog } from '../../telemetry/log.ts'
import { Refused } from '../../errors/refusal.ts'
import { credit, Refusals, type Ask } from '../../ledger/ledger.server.ts'
import type { Services } from '../../services.ts'
import { Turns } from '../../keys/keys.server.ts'
import { limits } from '../../config/limits.ts'
import type { Call, Endpoint } from '../endpoint.ts'
import { reserve } from './reserve.ts'

describe('six refusals for money in a row', () => {
  let books: TestBooks
  before(async () => (books = await testBooks()))
  after(() => books.close())

  /** How many statements this many calls of one ask have cost, all refused. */
  async function statementsOf(calls: number, input: { most: number; least?: number }) {
    let statements = 0
    const laneOf = (url: string) => {
      const lane = createLane(url)
      const send: typeof lane.send = (batch, how) => {
        statements += batch.length
        return lane.send(batch, how)
      }
      return { send, close: () => lane.close() }
    }
    const ledger = books.ledger({ laneOf })
    const services = {
      ledger,
      moneyRefusals: new Refusals(() => 1),
      counting: new Turns({ ...limits.tokens.counts, restMsMax: 0 }),
      topUp: { url: () => null },
      log: { failed: () => undefined, counted: () => undefined },
    } as unknown as Services
    const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
    const scaled = (nanos: number) => BigInt(nanos) * 1_000_000n
    const rest = { outputScaledPerToken: 0n, outputTokensWanted: 0, outputTokensMax: 1 }
    const exact: Ask = { ...rest, inputScaled: scaled(input.most) }
    const ask =
      input.least === undefined ? exact : { ...exact, inputLeastScaled: scaled(input.least) }
    const endpoint = {
      bound: () => ask,
      boundExactly: () => Promise.resolve(exact),
    } as unknown as Endpoint
    const call = { model: { outputTokensMax: 1 } } as unknown as Call
    const told = new Set<string>()
    for (let i = 0; i < calls; i++) {
      const facts = callOf(customer)
      const asker = { secretNo: 0, address: '203.0.113.7' }
      const asked = { services, endpoint, call, facts, asker, gone: { aborted: false } }
      const error = await reserve(asked).catch((thrown: unknown) => thrown)
      assert.ok(error instanceof Refused && error.code === 'insufficient_balance')
      told.add(JSON.stringify(error.wire))
    }
    assert.equal(told.size, 1)
    await ledger.close()
    return statements
  }

  for (const [what, input] of Object.entries({
    'a call whose bound is its figure': { most: 2_000 },
    'a call that no count can help': { most: 3_000, least: 2_000 },
    'a call that is counted first': { most: 2_000, least: 1 },
  })) {
    test(`of ${what} cost what one costs, and are told the same`, async () => {
      const one = await statementsOf(1, input)
      assert.ok(one > 0)
      assert.equal(await statementsOf(6, input), one)
    })
  }
})

describe('a relay that an agent asks again and again', () => {
  let stage: Stage
  let relay: ReturnType<typeof capturedCli>
  let listener: RedisClient
  const heard: string[] = []
  before(async () => {
    stage = await startStage()
    const { DATABASE_URL } = stage.relay.env
    relay = capturedCli({ DATABASE_URL, REDIS_URL: testRedisUrl() })
    const { redis, installation } = stage.relay.services
    listener = createRedis(testRedisUrl(), installation, createLog('silent'))
    listener.subscribe(keyspace.moneyChannel, (message) => heard.push(message))
    await eventually('to hear', () => redis.hears() && listener.hears())
  })
  afterEach(async () => {
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
  })
  after(async () => {
    listener.close()
    await stage.stop()
  })

  const poor = () => stage.newCustomer({ balanceNanos: 1_000 })
  const body = { model: 'gpt-4o', max_tokens: 100 }
  const ask = (customer: Customer) => stage.ask({ customer, body })
  const refuse = async (customer: Customer) => {
    const answer = await ask(customer)
    assert.equal(answer.status, 402)
    return answer.text
  }

  test('says the same six times, and has one row of it', async () => {
    const customer = await poor()
    const said = new Set<string>()
    for (let i = 0; i < 6; i++) said.add(await refuse(customer))
    assert.equal(said.size, 1)
    const rows = await stage.callsOf(customer)
    assert.deepEqual(
      rows.map(({ outcome, error, cost }) => [outcome, error, cost]),
      [['refused', 'insufficient_balance', 0]],
    )
  })

  test('lets a smaller call in at once, and what that gives back is news', async () => {
    const customer = await stage.newCustomer({ balanceNanos: 2_000_000 })
    const large = { model: 'gpt-4o', max_tokens: 10_000 }
    const refused = await stage.ask({ customer, body: large })
    assert.equal(refused.status, 402)
    assert.equal((await ask(customer)).status, 200)
    await stage.expectNothingHeld()
    const again = await stage.ask({ customer, body: large })
    assert.equal(again.status, 402)
    const { available_usd: before } = errorIn(refused) as unknown as { available_usd: string }
    const { available_usd: then } = errorIn(again) as unknown as { available_usd: string }
    assert.ok(Number(then) < Number(before), `${then} of ${before}`)
  })

  /** What an operator does about it, in a process of their own. */
  const news: Record<string, (account: string) => Promise<unknown>> = {
    'credit is given': (account) => relay('grant', account, '1'),
    'a plan is set': (account) => relay('plan', 'set', account, '1'),
    'its factor is lowered': (account) => relay('account', 'factor', account, '0.0001'),
    'its group’s factor is lowered': async (account) => {
      await relay('group', 'set', 'friends', '1')
      await relay('account', 'group', account, 'friends')
      heard.length = 0
      return relay('group', 'set', 'friends', '0.0001')
    },
  }
  for (const [what, give] of Object.entries(news)) {
    test(`answers when ${what} by a command`, async () => {
      const customer = await poor()
      await refuse(customer)
      await refuse(customer)
      heard.length = 0
      await give(String(customer.accountId))
      const names = [String(customer.accountId), 'all']
      await eventually('the news', () => heard.some((it) => names.includes(it)))
      await eventually('it is let in', async () => (await ask(customer)).status === 200)
    })
  }

  test('refuses for no longer than a second where nobody brings the news', async () => {
    const customer = await poor()
    stage.relay.services.redis.close()
    await eventually('to hear nothing', () => stage.relay.services.redis.hearing() === undefined)
    await refuse(customer)
    const { accountId } = customer
    const given = await credit(stage.relay.services.db, {
      accountId,
      kind: 'grant',
      planNanos: 0,
      balanceNanos: 1e9,
      ref: 'unheard',
      actor: 'test',
      note: null,
    })
    assert.equal(given.state, 'credited')
    await eventually('it is let in', async () => (await ask(customer)).status === 200)
  })
})
