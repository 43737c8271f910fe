import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { answerPlain, type Play } from '../../../test/upstreams/hand-fed-upstream.ts'
import { begin, lastOf, opening, responseOf, words } from '../../../test/upstreams/responses.ts'
import { model, startSeveral, type Several } from '../../../test/upstreams/several-upstreams.ts'
import type { Customer } from '../../../test/customer.ts'
import { startTestRelay } from '../../../test/relay.ts'
import { testRedisUrl } from '../../../test/database.ts'
import { errorIn } from '../../../test/wire.ts'
import { limits } from '../../config/limits.ts'
import { createPool } from '../../db/db.server.ts'
import { deleteExpiredResponses, findStored, forgetStored, noteStored } from './stored.ts'

let several: Several<'first' | 'second'>
let other: Customer
let made = 0

/** Keeps what it says under a new id each time, and tells what it is asked for afterwards. */
const keeps: Play = (res, { method, path, body }) => {
  if (method !== 'POST') return answerPlain(res, { asked: `${method} ${path}` })
  const id = `resp_${++made}`
  if (body.stream !== true) return answerPlain(res, responseOf({ id, model }))
  begin(res)
  res.end((opening() + words() + lastOf('completed')).replaceAll('resp_1"', `${id}"`))
}
const definition = { paths: { responses: '/responses', 'responses/compact': '/responses/compact' } }

const env = { UPSTREAM_KEYS_SECRET: randomBytes(32).toString('base64') }

before(async () => {
  several = await startSeveral(
    {
      first: { play: keeps, definition },
      second: { play: keeps, definition, keys: ['one', 'two'] },
    },
    { env },
  )
  other = await several.newCustomer()
})
afterEach(async () => {
  several.forget()
  await change(`set state = 'on'`)
  await several.expectNothingHeld()
  await several.expectCleanBooks()
})
after(() => several.stop())

const post = (body: object, customer?: Customer) => {
  const asked = { path: 'responses', body: { model, input: 'say so', ...body } }
  return several.ask({ ...asked, ...(customer && { customer }) })
}

/** Has one answered and kept, and says under which id. */
async function stored(body: object = {}, customer?: Customer): Promise<string> {
  const { status, text } = await post(body, customer)
  assert.equal(status, 200, text)
  return `resp_${made}`
}

async function of(id: string, { method = 'GET', below = '', customer = several.customer } = {}) {
  const headers = { authorization: `Bearer ${customer.secret}` }
  const answer = await fetch(`${several.relay.url}/responses/${id}${below}`, { method, headers })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}
const heard = (name: 'first' | 'second') => several.fed[name].heard
async function change(what: string) {
  await several.sql(`update upstreams ${what.replace('set ', 'set version = version + 1, ')}`)
  await several.refresh()
}
const kept = async () => {
  const [row] = await several.sql<{ n: number }>('select count(*) as n from stored_responses')
  return row?.n
}

describe('an answer that goes on from one that is kept', () => {
  for (const stream of [false, true])
    test(`goes to its upstream and key and nowhere else (${stream ? 'stream' : 'plain'})`, async () => {
      await change(`set state = 'off' where name = 'first'`)
      const id = await stored({ stream })
      const key = heard('second')[0]?.headers.authorization
      await change(`set state = 'on'`)
      for (let i = 0; i < 4; i++) {
        const { status } = await post({ previous_response_id: id, prompt_cache_key: `${i}` })
        assert.equal(status, 200)
      }
      assert.equal(heard('first').length, 0)
      const keys = new Set(heard('second').map(({ headers }) => headers.authorization))
      assert.deepEqual(keys, new Set([key]))
      assert.equal(heard('second')[1]?.body.previous_response_id, id)
    })

  test('fails where its upstream does, and is tried nowhere else', async () => {
    const id = await stored()
    several.fed.first.play((res) => res.writeHead(500).end())
    const { status, text } = await post({ previous_response_id: id })
    assert.ok(status === 502 || status === 503, text)
    assert.equal(heard('second').length, 0)
  })

  test('is told to wait while its upstream is off, and 404 once it is gone', async () => {
    const id = await stored()
    await change(`set state = 'off' where name = 'first'`)
    assert.equal((await post({ previous_response_id: id })).status, 503)
    assert.equal((await of(id)).status, 503)
    await several.sql(`update upstream_keys set name = 'renamed' where upstream = 'first'`)
    await change(`set state = 'on'`)
    const gone = await post({ previous_response_id: id })
    const unknown = await post({ previous_response_id: 'resp_0' })
    assert.deepEqual([gone.status, (await of(id)).status], [404, 404])
    assert.equal(gone.text.replace(id, 'resp_0'), unknown.text)
    assert.equal(heard('second').length, 0)
    await several.sql(`update upstream_keys set name = 'main' where upstream = 'first'`)
  })

  test('of another account is as unknown as none, in the same words, and costs nothing', async () => {
    const id = await stored()
    const asked = several.fed.first.heard.length
    const own = await post({ previous_response_id: 'resp_0' }, other)
    const theirs = await post({ previous_response_id: id }, other)
    assert.deepEqual([theirs.status, own.status], [404, 404])
    assert.equal(theirs.text.replace(id, 'resp_0'), own.text)
    assert.equal(errorIn(theirs).code, 'previous_response_not_found')
    const conversations = ['conv_1', { id: id }].map((conversation) =>
      post({ conversation }, other),
    )
    for (const { status, text } of await Promise.all(conversations)) {
      assert.equal(status, 404)
      assert.match(text, /"previous_response_not_found"/)
    }
    for (const [method, below] of [
      ['GET', ''],
      ['GET', '/input_items'],
      ['DELETE', ''],
      ['POST', '/cancel'],
    ] as const) {
      const [a, b] = [
        await of(id, { method, below, customer: other }),
        await of('resp_0', { method, below }),
      ]
      assert.deepEqual([a.status, a.text.replace(id, 'resp_0')], [404, b.text])
    }
    assert.equal(several.fed.first.heard.length, asked)
    assert.equal((await several.callsOf(other)).length, 0)
    assert.equal((await post({ previous_response_id: id })).status, 200)
  })
})

describe('what is kept', () => {
  test('is so by a second process as soon as its client has the last event', async () => {
    const { relay } = several
    const second = await startTestRelay({
      databaseUrl: relay.env.DATABASE_URL,
      redisUrl: testRedisUrl(),
      upstream: several.upstream,
      env,
    })
    try {
      for (const stream of [false, true]) {
        const id = await stored({ stream })
        const headers = { authorization: `Bearer ${several.customer.secret}` }
        const body = JSON.stringify({ model, input: 'on', previous_response_id: id })
        const answer = await fetch(`${second.url}/responses`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body,
        })
        assert.equal(answer.status, 200, await answer.text())
        const shown = await fetch(`${second.url}/responses/${id}`, { headers })
        assert.deepEqual(await shown.json(), { asked: `GET /v1/responses/${id}` })
      }
    } finally {
      await second.stop()
    }
  })

  test('is nothing where the client says so, nor what is compacted or has failed', async () => {
    const before = await kept()
    await stored({ store: false })
    await stored({ store: false, stream: true })
    several.fed.first.play((res) =>
      answerPlain(res, { ...responseOf(), object: 'response.compaction' }),
    )
    const compacted = await several.ask({ path: 'responses/compact', body: { model, input: 'a' } })
    assert.equal(compacted.status, 200, compacted.text)
    assert.equal(await kept(), before)
  })

  test('is one row however often it is told, and nobody’s once its id comes for another account', async () => {
    const again: Play = (res) => answerPlain(res, responseOf({ id: 'resp_again', model }))
    const ask = (customer?: Customer) => post({}, customer)
    several.fed.first.play(again)
    const before = Number(await kept())
    await ask()
    await ask()
    assert.equal(await kept(), before + 1)
    assert.equal((await post({ previous_response_id: 'resp_again' })).status, 200)
    await ask(other)
    assert.equal(await kept(), before + 1)
    for (const customer of [several.customer, other])
      assert.equal((await post({ previous_response_id: 'resp_again' }, customer)).status, 404)
    await ask()
    assert.equal((await post({ previous_response_id: 'resp_again' })).status, 404)
  })

  test('is forgotten when it has expired, in batches, and the rest stays', async () => {
    const { db } = several.relay.services
    const ids = [await stored(), await stored(), await stored()]
    const fresh = await stored()
    await several.sql('update stored_responses set expires_at = now() - interval 1 day')
    const last = await stored()
    assert.equal((await post({ previous_response_id: fresh })).status, 404)
    assert.equal((await of(ids[0]!)).status, 404)
    const before = Number(await kept())
    await deleteExpiredResponses(db, { rows: 1, turnsMax: 2 })
    assert.equal(await kept(), before - 2)
    await deleteExpiredResponses(db)
    assert.ok(Number(await kept()) >= 1)
    assert.equal((await post({ previous_response_id: last })).status, 200)
    const expired = 'select 1 from stored_responses where expires_at < now()'
    assert.equal((await several.sql(expired)).length, 0)
  })
})

describe('to ask for what is kept', () => {
  const { anAccountMax, aProcessMax } = limits.responses.stored

  /** Has the upstream keep so many waiting until they are let go. */
  function holdsBack(count: number) {
    const waiting: (() => void)[] = []
    let all = () => undefined as void
    const areWaiting = new Promise<void>((resolve) => (all = resolve))
    several.fed.first.play((res, { method, path }) => {
      waiting.push(() => answerPlain(res, { asked: `${method} ${path}` }))
      if (waiting.length === count) all()
    })
    return { areWaiting, letGo: () => waiting.forEach((go) => go()) }
  }

  test('has so many under way of an account, and hinders neither others nor its calls', async () => {
    const id = await stored()
    const theirs = await stored({}, other)
    const { areWaiting, letGo } = holdsBack(anAccountMax)
    const asked = Array.from({ length: anAccountMax }, () => of(id))
    await areWaiting
    for (const more of [{}, { below: '/input_items' }, { method: 'DELETE' }]) {
      const { status, text, headers } = await of(id, more)
      assert.equal(status, 503, text)
      assert.equal((JSON.parse(text) as { error: { code: string } }).error.code, 'overloaded')
      assert.ok(Number(headers.get('retry-after')) > 0)
    }
    several.fed.first.play(keeps)
    assert.equal((await of(theirs, { customer: other })).status, 200)
    assert.equal((await post({})).status, 200)
    letGo()
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200)
    assert.equal((await of(id)).status, 200)
  })

  test('gives each place back, however it ends', async () => {
    const id = await stored()
    several.fed.first.play((res) => res.writeHead(500).end())
    for (let i = 0; i <= anAccountMax; i++) assert.equal((await of(id)).status, 502)
    for (let i = 0; i <= anAccountMax; i++) assert.equal((await of('resp_0')).status, 404)
    several.fed.first.play((res) => res.destroy())
    for (let i = 0; i <= anAccountMax; i++) assert.equal((await of(id)).status, 503)
    several.fed.first.play(keeps)
    assert.equal((await of(id)).status, 200)
  })

  test('has so many under way of all accounts', async () => {
    const places = several.relay.services.storedAsks
    const givenBack = Array.from({ length: aProcessMax }, (_, at) => places.take(-1 - at))
    const id = await stored()
    assert.equal((await of(id)).status, 503)
    for (const giveBack of givenBack) giveBack?.()
    assert.equal((await of(id)).status, 200)
  })
})

test('what is taken away is nobody’s at once, said twice or by an upstream that has it no more', async () => {
  const id = await stored()
  const before = Number(await kept())
  const said = await Promise.all([of(id, { method: 'DELETE' }), of(id, { method: 'DELETE' })])
  for (const { status } of said) assert.ok(status === 200 || status === 404)
  assert.equal(await kept(), before - 1)
  assert.equal((await of(id, { method: 'DELETE' })).status, 404)
  assert.equal((await post({ previous_response_id: id })).status, 404)
  const gone = await stored()
  several.fed.first.play((res) => res.writeHead(404).end())
  assert.equal((await of(gone)).status, 404)
  assert.equal(await kept(), before)
  assert.equal((await of(gone, { method: 'DELETE' })).status, 404)
  assert.equal(await kept(), before - 1)
})

describe('two relays at once', () => {
  test('sweep what has expired while answers are kept, and nothing else is gone', async () => {
    const { relay } = several
    const { db } = relay.services
    const second = createPool(relay.env.DATABASE_URL, { onError: () => undefined })
    const accountId = several.customer.accountId
    const place = { upstream: 'first', key: 'main' }
    const note = (to: typeof db, id: string) => noteStored(to, id, { accountId, place, model })
    try {
      const ids = Array.from({ length: 400 }, (_, at) => `resp_swept_${at}`)
      for (const id of ids) await note(db, id)
      await several.sql('update stored_responses set expires_at = now() - interval 1 day')
      // Every tenth comes again meanwhile, by both; it is kept whoever was first.
      const again = ids.filter((_, at) => at % 10 === 0)
      const sweep = { rows: 7, turnsMax: 100 }
      await Promise.all([
        deleteExpiredResponses(db, sweep),
        deleteExpiredResponses(second, sweep),
        ...again.flatMap((id) => [note(db, id), note(second, id)]),
      ])
      const expired = 'select 1 from stored_responses where expires_at < now()'
      assert.equal((await several.sql(expired)).length, 0)
      assert.equal(await kept(), again.length)
      for (const id of again) assert.ok(await findStored(second, id, accountId), id)
    } finally {
      await second.close()
    }
  })

  test('that are told one id by two accounts have it belong to neither', async () => {
    const { db } = several.relay.services
    const second = createPool(several.relay.env.DATABASE_URL, { onError: () => undefined })
    const place = { upstream: 'first', key: 'main' }
    const accounts = [several.customer.accountId, other.accountId]
    try {
      for (let at = 0; at < 20; at++) {
        const id = `resp_both_${at}`
        const [first, last] = accounts.map((accountId) => ({ accountId, place, model }))
        await Promise.all([noteStored(db, id, first!), noteStored(second, id, last!)])
        for (const accountId of accounts)
          assert.equal(await findStored(db, id, accountId), undefined)
        await Promise.all(accounts.map((accountId) => forgetStored(db, id, accountId)))
        await noteStored(db, id, first!)
        assert.equal(await findStored(db, id, first!.accountId), undefined)
      }
    } finally {
      await second.close()
    }
  })
})

describe('a database that does not take it', () => {
  const without = async (note: () => Promise<unknown>, work: () => Promise<void>) => {
    const { services } = several.relay
    const { db } = services
    const isNote = (bound: { statement: { name: string } }) =>
      bound.statement.name === 'relay/note-stored'
    services.db = { ...db, send: (bound) => (isNote(bound) ? note() : db.send(bound)) }
    await work().finally(() => (services.db = db))
  }
  for (const [what, note] of [
    ['is away', () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ] as const)
    test(`and ${what} keeps no answer back: its id is nobody’s, and that is noted`, async () => {
      await without(note, async () => {
        for (const stream of [false, true]) {
          const id = await stored({ stream })
          assert.equal((await post({ previous_response_id: id })).status, 404)
        }
      })
      const noted = several.relay.logged.filter((line) => line.includes('answer_not_kept'))
      assert.ok(noted.length > 0)
      assert.ok(!noted.some((line) => line.includes('resp_')))
    })

  test('when an id is looked up has the client come again', async () => {
    const id = await stored()
    const { services } = several.relay
    const { db } = services
    const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
    services.db = {
      ...db,
      send: (bound) => (bound.statement.name === 'relay/find-stored' ? away() : db.send(bound)),
    }
    try {
      assert.equal((await post({ previous_response_id: id })).status, 503)
      assert.equal((await of(id)).status, 503)
    } finally {
      services.db = db
    }
    assert.equal((await post({ previous_response_id: id })).status, 200)
  })
})
