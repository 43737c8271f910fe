import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import OpenAI from 'openai'
import type { Customer } from '../../../test/customer.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

const shop = 'https://shop.example/credit'
let stage: Stage
before(async () => (stage = await startStage({ env: { TOP_UP_URL: shop } })))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const model = 'gpt-4o-mini'
type Given = { customer?: Customer; content?: string; body?: object; maxRetries?: number }

/** Calls with the package's own retries unless told; answers its error and how often it tried. */
async function failingCall({ customer, content = 'hello', body, maxRetries = 2 }: Given) {
  const before = stage.answered()
  const client = stage.openai({ customer, maxRetries })
  const messages = [{ role: 'user' as const, content }]
  try {
    await client.chat.completions.create({ model, messages, ...body })
  } catch (error) {
    assert.ok(error instanceof OpenAI.APIError)
    return { error, attempts: stage.answered() - before }
  }
  return assert.fail('the call went through')
}
const nobody: Customer = { accountId: 0, keyId: 0, secret: `sk-${'x'.repeat(32)}` }

describe('a key that is not good', () => {
  test('is refused once, in the same words whatever is wrong with it', async () => {
    const revoked = await stage.newCustomer()
    const expired = await stage.newCustomer({ expiresAt: new Date(Date.now() - 1_000) })
    await stage.sql('update api_keys set revoked_at = now(3) where id = ?', [revoked.keyId])
    const said = new Set<string>()
    for (const customer of [nobody, revoked, expired, { ...nobody, secret: 'not-a-key' }]) {
      const { error, attempts } = await failingCall({ customer })
      assert.ok(error instanceof OpenAI.AuthenticationError)
      assert.equal(attempts, 1)
      assert.match(error.requestID ?? '', /^[\da-f-]{36}$/)
      said.add(JSON.stringify([error.status, error.error, error.code, error.param, error.type]))
    }
    assert.equal(said.size, 1)
    assert.match([...said][0]!, /invalid_api_key/)
    assert.deepEqual(await stage.callsOf(revoked), [])
  })

  test('starts no call from the moment its revocation is in the database', async () => {
    const customer = await stage.newCustomer()
    await stage.openai({ customer }).models.list()
    await stage.sql('update api_keys set revoked_at = now(3) where id = ?', [customer.keyId])
    const { error } = await failingCall({ customer })
    assert.ok(error instanceof OpenAI.AuthenticationError)
  })

  test('of a suspended account is told so', async () => {
    const customer = await stage.newCustomer()
    await stage.sql(`update accounts set status = 'suspended' where id = ?`, [customer.accountId])
    const { error, attempts } = await failingCall({ customer })
    assert.ok(error instanceof OpenAI.PermissionDeniedError)
    assert.equal(error.code, 'permission_denied')
    assert.match(error.message, /The account of this API key is suspended/)
    assert.equal(attempts, 1)
  })

  test('says so where it is the key that may not use the model', async () => {
    const customer = await stage.newCustomer({ models: ['gpt-4.1'] })
    const { error } = await failingCall({ customer })
    assert.ok(error instanceof OpenAI.PermissionDeniedError)
    assert.deepEqual([error.code, error.param], ['permission_denied', 'model'])
    assert.match(error.message, /This API key may not call .*: its list of models lacks it\.$/)
    assert.doesNotMatch(error.message, /suspended/)
  })
})

test('an unknown model is not found, and neither is one that is no chat model', async () => {
  for (const name of ['gpt-99', 'text-embedding-3-small', 'constructor', 'a`b\n<script>']) {
    const { error, attempts } = await failingCall({ body: { model: name } })
    assert.ok(error instanceof OpenAI.NotFoundError)
    assert.deepEqual([error.code, error.param, attempts], ['model_not_found', 'model', 1])
  }
})

describe('a call without the money for it', () => {
  test('is refused once, says what is missing, and is in the log once', async () => {
    const customer = await stage.newCustomer({ balanceNanos: 100 })
    const { error, attempts } = await failingCall({ customer, body: { max_tokens: 1_000 } })
    assert.deepEqual([error.status, error.code, attempts], [402, 'insufficient_balance', 1])
    assert.equal(error.type, 'insufficient_quota')
    const told = error.error as Record<string, unknown>
    assert.equal(told.available_usd, '0.000000100')
    assert.equal(told.held_usd, '0.000000000')
    assert.match(String(told.needed_usd), /^0\.000\d{6}$/)
    assert.equal(told.max_tokens_affordable, 0)
    assert.equal(told.top_up_url, shop)
    assert.equal(error.headers?.get('x-should-retry'), 'false')
    const calls = await stage.callsOf(customer)
    assert.deepEqual(
      calls.map(({ requestId, outcome, status, cost, upstreamId }) => [
        requestId,
        outcome,
        status,
        cost,
        upstreamId,
      ]),
      [[error.requestID, 'refused', 402, 0, null]],
    )
  })

  test('is refused for the budget of its key while the account is rich', async () => {
    const customer = await stage.newCustomer({ budgetNanos: 1_000 })
    const { error, attempts } = await failingCall({ customer })
    assert.deepEqual([error.status, error.code, attempts], [402, 'key_budget_exceeded', 1])
    const { needed_usd, max_tokens_affordable, ...told } = error.error as Record<string, unknown>
    assert.match(String(needed_usd), /^0\.000\d{6}$/)
    assert.equal(max_tokens_affordable, 0)
    const { message, type, param, code, ...figures } = told
    const left = /this API key has \$0\.000001000 left of its budget of \$0\.000001000 /
    assert.match(String(message), left)
    assert.ok([type, param, code].every((value) => value !== undefined))
    // Nothing of the account, which whoever holds the key may know nothing of.
    assert.deepEqual(figures, {
      budget_usd: '0.000001000',
      spent_usd: '0.000000000',
      held_usd: '0.000000000',
      left_usd: '0.000001000',
    })
    const other = await stage.newKey(customer.accountId)
    await stage.openai({ customer: other }).chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'and this one?' }],
    })
  })
})

describe('a fault of the upstream', () => {
  test('is tried three times by the package and costs nothing any time', async () => {
    const customer = await stage.newCustomer()
    const { error, attempts } = await failingCall({ customer, content: '[[status:500]]' })
    assert.ok(error instanceof OpenAI.InternalServerError)
    assert.deepEqual([error.status, error.code, attempts], [502, 'upstream_error', 3])
    assert.ok(!error.message.includes('org-demo'))
    const calls = await stage.callsOf(customer)
    assert.deepEqual(
      calls.map(({ outcome, status, cost, retry }) => [outcome, status, cost, retry]),
      [0, 1, 2].map((retry) => ['failed', 502, 0, retry]),
    )
  })

  test('that is its limit comes as one, or as an outage, with the time to wait, at no cost', async () => {
    for (const [content, ...to] of [
      ['[[status:429]]', 429, 'rate_limit_exceeded'],
      ['[[quota]]', 503, 'upstream_unavailable'],
    ] as const) {
      const { error } = await failingCall({ content, maxRetries: 0 })
      assert.deepEqual([error.status, error.code], to)
      assert.equal(error.headers?.get('retry-after'), '7')
      assert.equal(error.headers?.get('retry-after-ms'), '7000')
      assert.equal((await stage.waitForCall(error.requestID)).cost, 0)
    }
  })

  test('that concerns the request is passed on, tried once, at no cost', async () => {
    for (const status of [400, 413, 422]) {
      const { error, attempts } = await failingCall({ content: `[[status:${status}]]` })
      assert.deepEqual([error.status, attempts], [status, 1])
      const call = await stage.waitForCall(error.requestID)
      assert.deepEqual([call.cost, call.error, call.status], [0, 'upstream_refused', status])
    }
  })
})

test('a client that gives up waiting for a plain call pays for it once it is done', async () => {
  const customer = await stage.newCustomer()
  const client = stage.openai({ customer, timeout: 150 })
  const messages = [{ role: 'user' as const, content: '[[slow:600]]' }]
  await assert.rejects(
    client.chat.completions.create({ model, messages }),
    OpenAI.APIConnectionTimeoutError,
  )
  const call = await stage.lastCall(customer)
  assert.deepEqual([call.outcome, call.status], ['disconnected', 499])
  assert.equal(stage.servedFor(call).outcome, 'completed')
  assert.ok(call.cost > 0)
  // Where it is always the same time, it is a proxy's.
  const lines = stage.relay.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  const [left, ...more] = lines.filter(({ event }) => event === 'client_left')
  assert.deepEqual([left?.level, more.length], ['info', 0])
  assert.deepEqual([typeof left?.call, typeof left?.client_left_after_ms], ['string', 'number'])
})

test('a relay that is ending sends new calls elsewhere before anything is held', async () => {
  const other = await startStage()
  other.relay.refuse()
  const client = other.openai()
  const messages = [{ role: 'user' as const, content: 'too late' }]
  await assert.rejects(client.chat.completions.create({ model, messages }), (error) => {
    assert.ok(error instanceof OpenAI.InternalServerError)
    assert.deepEqual([error.status, error.code], [503, 'overloaded'])
    assert.equal(error.headers?.get('retry-after'), '1')
    return true
  })
  assert.deepEqual(await other.callsOf(other.customer), [])
  await other.stop()
})
