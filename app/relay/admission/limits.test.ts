import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import type { Customer } from '../../../test/customer.ts'
import type { RawAnswer } from '../../../test/raw-client.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'
import { hearLimits, Rules } from '../../rates/rates.server.ts'
import { clockMs } from '../../values/clock.ts'

let stage: Stage
let relay: ReturnType<typeof capturedCli>
before(async () => {
  stage = await startStage()
  const { DATABASE_URL, REDIS_URL } = stage.relay.env
  relay = capturedCli({ DATABASE_URL, REDIS_URL })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

/** Sets a limit by the command line, and waits until the relay has it. */
async function limit(whom: string, ...options: string[]) {
  const { exitCode, err } = await relay('limit', 'set', whom, ...options)
  assert.equal(exitCode, 0, err)
  await stage.relay.services.rates.rules.refresh()
}
const lift = async (whom: string) => {
  assert.equal((await relay('limit', 'remove', whom)).exitCode, 0)
  await stage.relay.services.rates.rules.refresh()
}
const statusesOf = (answers: RawAnswer[]) => answers.map(({ status }) => status).sort()
const askMany = (count: number, given: Parameters<Stage['ask']>[0]) =>
  Promise.all(Array.from({ length: count }, () => stage.ask(given)))

describe('a call over a limit', () => {
  test('is refused in words, costs nothing and holds nothing; every answer says what is left', async () => {
    const customer = await stage.newCustomer()
    await limit(`account:${customer.accountId}`, '--requests', '3', '--tokens', '900000')
    const answers = await askMany(5, { customer })
    assert.deepEqual(statusesOf(answers), [200, 200, 200, 429, 429])
    const good = answers.filter(({ status }) => status === 200)
    const left = good.map(({ headers }) => Number(headers['x-ratelimit-remaining-requests']))
    assert.ok(left.every((it) => it >= 0 && it < 3) && left.includes(0), left.join())
    assert.equal(good[0]?.headers['x-ratelimit-limit-tokens'], '900000')
    assert.match(String(good[0]?.headers['x-ratelimit-reset-requests']), /^(\d+m)?[\d.]+(s|ms)$/)
    const refused = answers.find(({ status }) => status === 429)!
    const error = errorIn(refused)
    assert.deepEqual([error.type, error.code], ['requests', 'rate_limit_exceeded'])
    assert.match(
      error.message,
      /this account on requests per minute.*limit 3.*try again in [\d.]+s/,
    )
    const afterMs = Number(refused.headers['retry-after-ms'])
    assert.ok(afterMs > 0 && afterMs <= 20_000, String(afterMs))
    assert.equal(Number(refused.headers['retry-after']), Math.ceil(afterMs / 1_000))
    assert.equal(refused.headers['x-ratelimit-remaining-requests'], '0')
    const rows = await stage.callsOf(customer)
    assert.equal(rows.filter(({ cost }) => cost > 0).length, 3)
    // One by one it costs no row either: its limits are asked before its money.
    assert.equal((await stage.ask({ customer })).status, 429)
    assert.equal((await stage.callsOf(customer)).length, rows.length)
    const stranger = await stage.newCustomer()
    assert.equal((await stage.ask({ customer: stranger })).status, 200)
  })

  test('of a key, of a model and of all accounts with a model is one of theirs alone', async () => {
    const customer = await stage.newCustomer()
    const other = await stage.newKey(customer.accountId)
    await limit(`key:${customer.keyId}`, '--requests', '1')
    assert.deepEqual(statusesOf(await askMany(2, { customer })), [200, 429])
    assert.equal((await stage.ask({ customer: other })).status, 200)
    const body = { model: 'gpt-4o-mini' }
    await limit('model:gpt-4o-mini', '--requests', '1')
    assert.deepEqual(statusesOf(await askMany(2, { customer: other, body })), [200, 429])
    assert.equal((await stage.ask({ customer: other })).status, 200)
    await limit('model-total:gpt-4.1', '--requests', '2')
    const strangers = [await stage.newCustomer(), await stage.newCustomer(), other]
    const totals = await Promise.all(
      strangers.map((it) => stage.ask({ customer: it, body: { model: 'gpt-4.1' } })),
    )
    assert.deepEqual(statusesOf(totals), [200, 200, 429])
    for (const whom of ['model:gpt-4o-mini', 'model-total:gpt-4.1']) await lift(whom)
  })

  test('is let in by its group’s limit, else by everyone’s, and by its own before both', async () => {
    const [one, two, three] = [
      await stage.newCustomer(),
      await stage.newCustomer(),
      await stage.newCustomer(),
    ]
    await relay('group', 'set', 'small', '1')
    await relay('account', 'group', String(two.accountId), 'small')
    await relay('account', 'group', String(three.accountId), 'small')
    await limit('everyone', '--requests', '1')
    await limit('group:small', '--requests', '2')
    await limit(`account:${three.accountId}`, '--requests', '0')
    const good = async (customer: typeof one) =>
      (await askMany(4, { customer })).filter(({ status }) => status === 200).length
    assert.deepEqual([await good(one), await good(two), await good(three)], [1, 2, 4])
    await lift('everyone')
    await lift('group:small')
    assert.equal((await stage.ask({ customer: one })).status, 200)
    assert.equal((await relay('limit', 'set', 'account:999999', '--calls', '1')).exitCode, 1)
    assert.equal((await relay('limit', 'set', 'nobody:1', '--calls', '1')).exitCode, 2)
    assert.equal((await relay('limit', 'set', 'everyone')).exitCode, 2)
    assert.match((await relay('limit', 'list')).out, /key:\d+ +1$/m)
  })
})

test('an account that is put into another group has its limit as soon as relays hear of it', async () => {
  const { db, redis, log } = stage.relay.services
  const { accountId, keyId } = await stage.newCustomer()
  // For these rules no time passes: they look again at what they know when they hear of it.
  const rules = new Rules(db, log, () => 0)
  hearLimits(redis, rules, log)
  const limitOf = async () => {
    const held = await rules.heldBy({ accountId, keyId, model: 'gpt-4o' })
    return held[0]?.rule.requests?.limit
  }
  const groups = { narrow: '3', wide: '300' }
  for (const [group, requests] of Object.entries(groups)) {
    await relay('group', 'set', group, '1')
    await limit(`group:${group}`, '--requests', requests)
  }
  for (const [group, requests] of Object.entries(groups)) {
    assert.equal((await relay('account', 'group', String(accountId), group)).exitCode, 0)
    await eventually(group, async () => (await limitOf()) === Number(requests))
  }
  for (const group of Object.keys(groups)) await lift(`group:${group}`)
  await eventually('no limit', async () => (await limitOf()) === undefined)
})

describe('who is refused for key or money', () => {
  const refusedSix = async (given: Parameters<Stage['ask']>[0], status: number) => {
    // At once, and then one by one.
    const answers = await askMany(3, given)
    for (let more = 0; more < 6; more++) answers.push(await stage.ask(given))
    assert.deepEqual([...new Set(statusesOf(answers))], [status])
  }

  test('takes nothing of the limit of their account, whatever is wrong with the key', async () => {
    const customer = await stage.newCustomer()
    const keys = [1, 2, 3].map(() => stage.newKey(customer.accountId))
    const [revoked, disabled, elsewhere] = (await Promise.all(keys)) as [
      Customer,
      Customer,
      Customer,
    ]
    assert.equal((await stage.ask({ customer: revoked })).status, 200)
    await relay('key', 'revoke', String(revoked.keyId))
    await relay('key', 'disable', String(disabled.keyId))
    const update = 'update api_keys set addresses = ? where id = ?'
    await stage.sql(update, [JSON.stringify(['192.0.2.0/24']), elsewhere.keyId])
    await limit(`account:${customer.accountId}`, '--requests', '5', '--calls', '4')
    await refusedSix({ customer: revoked }, 401)
    await refusedSix({ customer: disabled }, 403)
    await refusedSix({ customer: elsewhere }, 403)
    const good = await stage.ask({ customer })
    assert.deepEqual([good.status, good.headers['x-ratelimit-remaining-requests']], [200, '4'])
    // It is as any other again when it is well.
    await relay('key', 'enable', String(disabled.keyId))
    assert.deepEqual(
      statusesOf(await askMany(6, { customer: disabled })),
      [200, 200, 200, 200, 429, 429],
    )
  })

  test('takes nothing of what all accounts share', async () => {
    const poor = await stage.newCustomer({ balanceNanos: 0 })
    const body = { model: 'gpt-4.1-mini' }
    await limit('model-total:gpt-4.1-mini', '--requests', '5', '--tokens', '100000')
    await refusedSix({ customer: poor, body }, 402)
    const good = await stage.ask({ body })
    assert.deepEqual([good.status, good.headers['x-ratelimit-remaining-requests']], [200, '4'])
    await lift('model-total:gpt-4.1-mini')
  })
})

describe('tokens and calls at once', () => {
  test('a stream takes what it may say, and gives back what it has not said', async () => {
    const customer = await stage.newCustomer()
    await limit(`account:${customer.accountId}`, '--tokens', '2000')
    const body = { max_tokens: 1_500, stream: true }
    const first = await stage.ask({ customer, say: 'short', body })
    assert.equal(first.status, 200)
    const refused = await stage.ask({ customer, body: { max_tokens: 1_999_0 } })
    assert.equal(refused.status, 429)
    assert.equal(errorIn(refused).type, 'tokens')
    // All but a few tokens are there again.
    const second = await eventually('what it gave back', async () => {
      const answer = await stage.ask({ customer, say: 'short', body })
      return answer.status === 200 && answer
    })
    assert.ok(Number(second.headers['x-ratelimit-remaining-tokens']) > 300)
  })

  test('calls at once are as many as they may be, and free when they end', async () => {
    const customer = await stage.newCustomer()
    await limit(`key:${customer.keyId}`, '--calls', '2')
    const many = await askMany(6, { customer, say: '[[slow:200]]' })
    assert.deepEqual(statusesOf(many), [200, 200, 429, 429, 429, 429])
    const refused = many.find(({ status }) => status === 429)!
    assert.match(errorIn(refused).message, /this API key on calls at once: limit 2/)
    assert.equal(refused.headers['retry-after'], '1')
    assert.equal((await stage.ask({ customer })).status, 200)
    // A failure of the upstream, and a client that leaves, take no place with them either.
    await stage.ask({ customer, say: '[[status:500]]' })
    await stage.ask({ customer, body: { stream: true }, onPiece: () => 'leave' })
    await eventually('both places', async () =>
      statusesOf(await askMany(2, { customer })).every((it) => it === 200),
    )
  })

  test('messages say it in their own words, and free calls are counted as well', async () => {
    const customer = await stage.newCustomer()
    await limit(`account:${customer.accountId}`, '--requests', '2', '--tokens', '100000')
    const message = { max_tokens: 10, messages: [{ role: 'user', content: 'hello' }] }
    const ask = (path: string, body: Record<string, unknown>) => stage.ask({ customer, path, body })
    const first = await ask('messages', { model: 'claude-haiku-4-5', ...message })
    assert.equal(first.status, 200, first.text)
    assert.equal(first.headers['anthropic-ratelimit-requests-remaining'], '1')
    const reset = Date.parse(String(first.headers['anthropic-ratelimit-tokens-reset']))
    assert.ok(reset >= clockMs() - 60_000 && reset <= clockMs() + 60_000)
    assert.equal((await ask('moderations', { input: 'tea' })).status, 200)
    const refused = await ask('messages', { model: 'claude-haiku-4-5', ...message })
    assert.equal(refused.status, 429)
    const { type, error } = JSON.parse(refused.text) as { type: string; error: { type: string } }
    assert.deepEqual([type, error.type], ['error', 'rate_limit_error'])
    assert.equal(refused.headers['anthropic-ratelimit-requests-limit'], '2')
    assert.ok(refused.headers['retry-after'])
  })
})
