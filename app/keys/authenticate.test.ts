import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import type { Db } from '../db/db.server.ts'
import { startStage, type Stage } from '../../test/stage.ts'
import { createAuthenticator, type Authenticator } from './authenticate.ts'

let stage: Stage
let queries = 0
let authenticate: Authenticator
before(async () => {
  stage = await startStage()
  const { db } = stage.relay.services
  const counting: Db = {
    send(bound) {
      queries++
      return db.send(bound)
    },
  }
  authenticate = createAuthenticator(counting, 10)
})
after(() => stage.stop())

const find = (authorization: string | null, key: string | null = null) =>
  authenticate({ header: (name) => (name === 'x-api-key' ? key : authorization) })

describe('an authorization header', () => {
  test('with a key finds its caller, and asks the database once', async () => {
    const { accountId, keyId, secret } = stage.customer
    queries = 0
    for (const header of [`Bearer ${secret}`, `bearer ${secret}`, `BEARER   ${secret} `])
      assert.deepEqual(await find(header), { accountId, keyId, secretNo: 0 })
    assert.equal(queries, 1)
  })

  test('that is not of a key’s form finds nobody, and never asks the database', async () => {
    const { secret } = stage.customer
    const bare = secret.slice('sk-'.length)
    const malformed = [
      null,
      '',
      ' ',
      'Bearer',
      'Bearer ',
      secret,
      `Basic ${secret}`,
      `Bearer: ${secret}`,
      `Bearer SK-${bare}`,
      `Bearer Sk-${bare}`,
      `Bearer ${bare}`,
      `Bearer sk_${bare}`,
      `Bearer ${secret}x`,
      `Bearer ${secret.slice(0, -1)}`,
      `Bearer x${secret}`,
      `Bearer ${secret} ${secret}`,
      `Bearer ${secret}, Bearer ${secret}`,
      `${secret} Bearer`,
      `Bearer ${secret}\n`,
      `Bearer ${secret}\u0000`,
      `Bearer \u0000${secret}`,
      `Bearer ${secret}%`,
      'Bearer %',
      'Bearer sk-%',
      `Bearer sk-${'%'.repeat(32)}`,
      `Bearer sk-${'_'.repeat(32)}`,
      `Bearer sk-${'*'.repeat(32)}`,
      'Bearer null',
      "Bearer ' or ''='",
      `Bearer ${secret}' or '1'='1`,
      `Bearer ${secret}"; --`,
      `Bearer sk-${'é'.repeat(32)}`,
      `Bearer sk-${'０'.repeat(32)}`,
      `Bearer ${secret}\u200b`,
      `Bearer ${'x'.repeat(1_000_000)}`,
      `Bearer ${' '.repeat(1_000_000)}`,
      'Bearer 0',
      `Bearer sk-${'0'.repeat(1_000_000)}`,
      `Bearer [object Object]`,
      `Bearer ${secret}\t`,
    ]
    queries = 0
    for (const header of malformed)
      assert.equal(await find(header), undefined, header?.slice(0, 80))
    assert.equal(queries, 0)
  })

  test('with almost a key finds nobody', async () => {
    const { secret } = stage.customer
    const bare = secret.slice('sk-'.length)
    const last = secret.endsWith('a') ? 'b' : 'a'
    const near = [
      `sk-${bare.toLowerCase()}`,
      `sk-${bare.toUpperCase()}`,
      `sk-${'0'.repeat(32)}`,
      secret.slice(0, -1) + last,
      `sk-${bare.split('').reverse().join('')}`,
    ]
    queries = 0
    for (const text of near) assert.equal(await find(`Bearer ${text}`), undefined)
    assert.equal(queries, near.length)
  })

  test('with a key that was made after it was tried in vain is found', async () => {
    const first = await stage.newCustomer()
    const second = await stage.newCustomer()
    assert.equal((await find(`Bearer ${first.secret}`))?.keyId, first.keyId)
    assert.equal((await find(`Bearer ${second.secret}`))?.keyId, second.keyId)
  })

  test('is remembered for so many keys and no more', async () => {
    const callers = []
    for (let i = 0; i < 12; i++) callers.push(await stage.newKey(stage.customer.accountId))
    for (const { secret } of callers) await find(`Bearer ${secret}`)
    queries = 0
    await find(`Bearer ${present(callers.at(-1)).secret}`)
    assert.equal(queries, 0)
    await find(`Bearer ${present(callers[0]).secret}`)
    assert.equal(queries, 1)
  })
})

describe('an x-api-key header', () => {
  test('with a key finds its caller', async () => {
    const { accountId, keyId, secret } = stage.customer
    assert.deepEqual(await find(null, secret), { accountId, keyId, secretNo: 0 })
  })

  test('counts where the other is of no key’s form, and the other where both are', async () => {
    const { secret, keyId } = stage.customer
    const other = await stage.newCustomer()
    for (const authorization of ['', 'Bearer sk-ant-oat01-x', `Basic ${other.secret}`])
      assert.equal((await find(authorization, secret))?.keyId, keyId, authorization)
    assert.equal((await find(`Bearer ${other.secret}`, secret))?.keyId, other.keyId)
    assert.equal((await find(`Bearer ${other.secret}`, 'sk-ant-api03-x'))?.keyId, other.keyId)
  })

  test('that is not of a key’s form finds nobody, and never asks the database', async () => {
    const { secret } = stage.customer
    queries = 0
    const malformed = [
      '',
      ' ',
      `Bearer ${secret}`,
      `${secret}x`,
      ` ${secret}`,
      `${secret}, ${secret}`,
    ]
    for (const key of malformed) assert.equal(await find(null, key), undefined, key)
    assert.equal(queries, 0)
  })
})

test('over the wire no malformed header finds anybody either', async () => {
  const { secret } = stage.customer
  const headers = ['', 'Bearer', secret, `Bearer ${secret}x`, `Bearer SK-${secret.slice(3)}`]
  for (const authorization of headers) {
    const { status } = await fetch(`${stage.relay.url}/models`, { headers: { authorization } })
    assert.equal(status, 401)
  }
  // The blanks around a header's value are no part of it (RFC 9110, 5.5).
  const head = `GET /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`
  const answer = await stage.sendBytes(`${head}authorization:   Bearer ${secret} \t\r\n\r\n`)
  assert.match(answer, /^HTTP\/1.1 200 OK/)
})
