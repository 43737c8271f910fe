import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, afterEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import type { Customer } from '../../../test/customer.ts'
import {
  model,
  saysStatus,
  saysWell,
  startSeveral,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { readTries } from '../../../test/tries.ts'
import { errorIn, textIn } from '../../../test/wire.ts'
import { revokeKey } from '../../keys/keys.server.ts'

let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: { play: saysStatus(500) }, second: {} })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  assert.equal(several.relay.services.inFlight.count, 0)
  several.forget()
})
after(() => several.stop())

/**
 * Has the next call wait between its two attempts until somebody lets it on; what it answers says
 * that it waits.
 */
function stopBetween() {
  const { retries } = several.relay.services.upstreams
  const take = retries.take.bind(retries)
  let isWaiting = false
  let goOn = () => undefined as void
  const turn = new Promise<void>((resolve) => (goOn = resolve))
  retries.take = async () => {
    isWaiting = true
    retries.take = take
    await turn
    return take()
  }
  return { isThere: () => eventually('it is between two', () => isWaiting), goOn }
}

async function revoke({ accountId, keyId }: Customer) {
  const { db, inFlight } = several.relay.services
  await revokeKey(db, accountId, keyId)
  inFlight.cut(keyId)
}

const rowOf = async (id: unknown) => {
  const row = await several.waitForCall(id)
  return { ...row, ...(await readTries(several.sql, id)) }
}
const lastRow = async () => {
  const { requestId } = await eventually('a call', async () => {
    const calls = await several.callsOf(several.customer)
    return calls.at(-1)
  })
  return rowOf(requestId)
}

describe('between two attempts', () => {
  for (const streamed of [false, true]) {
    test(`a client that leaves a ${streamed ? 'streamed' : 'plain'} call ends it: nobody else is asked`, async () => {
      const calls = (await several.callsOf(several.customer)).length
      const { isThere, goOn } = stopBetween()
      const { url } = several.relay
      const client = request(`${url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${several.customer.secret}` },
        agent: false,
      })
      client.on('error', () => undefined)
      const messages = [{ role: 'user', content: 'hello' }]
      client.end(JSON.stringify({ model, messages, stream: streamed }))
      await isThere()
      client.destroy()
      await eventually('the relay has heard of it', () =>
        several.relay.logged.some((line) => line.includes('"client_left"')),
      )
      goOn()
      await eventually(
        'its row',
        async () => (await several.callsOf(several.customer)).length === calls + 1,
      )
      const row = await lastRow()
      assert.deepEqual([row.cost, row.attempts, several.fed.second.heard.length], [0, 1, 0])
      if (streamed) assert.deepEqual([row.outcome, row.status], ['disconnected', 499])
      several.relay.logged.length = 0
    })
  }

  test('a key that is revoked ends a stream, and costs nothing', async () => {
    const customer = await several.newKey(several.customer.accountId)
    const { isThere, goOn } = stopBetween()
    const asked = several.call({ stream: true }, { customer })
    await isThere()
    await revoke(customer)
    goOn()
    const answer = await asked
    assert.deepEqual([answer.status, errorIn(answer).code], [401, 'invalid_api_key'])
    const row = await rowOf(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost, row.attempts], ['revoked', 0, 1])
    assert.equal(several.fed.second.heard.length, 0)
  })

  test('a plain call of a revoked key goes nowhere else', async () => {
    const customer = await several.newKey(several.customer.accountId)
    const { isThere, goOn } = stopBetween()
    const asked = several.call({}, { customer })
    await isThere()
    await revoke(customer)
    goOn()
    const answer = await asked
    assert.equal(answer.status, 503)
    assert.equal(several.fed.second.heard.length, 0)
  })

  test('a relay that ends ends its calls, and costs nothing', async () => {
    for (const streamed of [false, true]) {
      const { isThere, goOn } = stopBetween()
      const asked = several.call({ stream: streamed })
      await isThere()
      several.relay.services.inFlight.cutAll()
      goOn()
      const answer = await asked
      assert.deepEqual([answer.status, errorIn(answer).code], [503, 'overloaded'])
      assert.equal((await rowOf(answer.headers['x-request-id'])).cost, 0)
    }
    assert.equal(several.fed.second.heard.length, 0)
  })

  test('a call for whose retry there is no place is told of its first failure', async () => {
    const { retries } = several.relay.services.upstreams
    const take = retries.take.bind(retries)
    retries.take = () => Promise.resolve(undefined)
    const answer = await several.call()
    retries.take = take
    assert.deepEqual([answer.status, several.fed.second.heard.length], [503, 0])
  })

  test('a mistake of ours ends the call, costs nothing and holds nothing', async () => {
    const { retries } = several.relay.services.upstreams
    const take = retries.take.bind(retries)
    for (const streamed of [false, true]) {
      retries.take = () => Promise.reject(new TypeError('a mistake'))
      const answer = await several.call({ stream: streamed })
      retries.take = take
      assert.deepEqual([answer.status, errorIn(answer).code], [500, 'internal_error'])
      const row = await rowOf(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.cost, row.attempts], ['failed', 0, 1])
      await several.expectNothingHeld()
    }
  })

  test('a database that is away when the answer is there is waited for, as for any call', async () => {
    const { services } = several.relay
    const { ledger } = services
    const { isThere, goOn } = stopBetween()
    const asked = several.call({ stream: true })
    await isThere()
    let isBack = () => undefined as void
    const back = new Promise<void>((resolve) => (isBack = resolve))
    services.ledger = {
      ...ledger,
      async settle(given) {
        await back
        return ledger.settle(given)
      },
    }
    goOn()
    const answer = await asked
    assert.equal(textIn(answer), 'two words')
    services.ledger = ledger
    isBack()
    const row = await rowOf(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.attempts, row.charges], ['completed', 2, 1])
  })
})

test('a long body goes to the next upstream whole, and nothing of it stays', async () => {
  const content = 'words, '.repeat(20_000)
  const messages = [{ role: 'user', content }]
  for (const streamed of [false, true]) {
    several.fed.second.play((res, heard) => {
      // All that is left of it is what a bill may need.
      assert.ok(several.relay.services.bodies.bytes < 3 * content.length)
      return saysWell(res, heard)
    })
    const answer = await several.call({ stream: streamed, messages })
    assert.equal(textIn(answer), 'two words')
    for (const name of ['first', 'second'] as const) {
      const { body } = several.fed[name].heard.at(-1)!
      assert.deepEqual(body.messages, messages)
      assert.equal(body.model, `sold-by-several-at-${name}`)
    }
    await eventually('nothing is kept', () => several.relay.services.bodies.bytes === 0)
  }
})
