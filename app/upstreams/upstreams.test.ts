import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { migratedDatabase } from '../../test/database.ts'
import { readable } from '../../test/readable.ts'
import { limits } from '../config/limits.ts'
import { readEnv, type Env } from '../config/env.ts'
import { createPool, type Db, type Pool } from '../db/db.server.ts'
import { AbortEmitter } from '../http/http.server.ts'
import { createLog } from '../telemetry/log.ts'
import { checkDefinition } from './definition.ts'
import { sealerOf } from './environment.ts'
import {
  changeUpstream,
  deleteUpstream,
  insertKey,
  insertUpstream,
  readUpstreams,
  touchUpstream,
} from './store.ts'
import { Upstreams } from './upstreams.ts'

type State = 'on' | 'draining' | 'off'
type Came = { url: string | undefined; key: unknown; res: ServerResponse }

/** Two upstreams on sockets: each says which it is, and leaves what it has begun open. */
async function startServer(name: string) {
  const came: Came[] = []
  const server = createServer((req, res) => {
    req.resume().on('end', () => {
      came.push({ url: req.url, key: req.headers['api-key'], res })
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${name}\n\n`)
    })
  })
  // Whoever closes a connection is not this one.
  server.keepAliveTimeout = 0
  const port = await listen(server)
  const connections = () =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  return { came, connections, url: `http://127.0.0.1:${port}/v1`, stop: () => closeServer(server) }
}

let db: Pool
let env: Env
let drop: () => Promise<void>
let one: Awaited<ReturnType<typeof startServer>>
let two: typeof one
before(async () => {
  const database = await migratedDatabase()
  db = createPool(database.url, { onError: () => undefined })
  drop = database.drop
  one = await startServer('one')
  two = await startServer('two')
  env = readEnv({
    NODE_ENV: 'test',
    APP_URL: 'http://relay.example',
    DATABASE_URL: database.url,
    REDIS_URL: 'redis://cache',
    OPENAI_API_KEY: 'sk-environment',
    OPENAI_BASE_URL: two.url,
    SESSION_SECRET: 'a secret that is for tests alone, and long',
    UPSTREAM_KEYS_SECRET: Buffer.alloc(32, 7).toString('base64'),
  })
})
after(async () => {
  await Promise.all([one.stop(), two.stop()])
  await db.close()
  await drop()
})
beforeEach(() => {
  one.came.length = two.came.length = 0
})

/** What one relay makes of the database. */
function replica() {
  const lines: string[] = []
  const log = createLog('info', (line) => void lines.push(line))
  const upstreams = new Upstreams({ env, db, log, callsUnderWay: () => 0, retireMs: 0 })
  const events = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const candidates = (name: string) =>
    upstreams.candidates([{ upstream: name, theirName: 'm' }], {
      account: 1,
      model: 'm',
      path: 'chat/completions',
      needs: new Set(),
      affinity: () => '',
    })
  const first = (name: string) => candidates(name).next()
  /** Begins a stream, of which the first event has come when this answers. */
  async function begin(name: string, attempt = first(name)) {
    assert.ok(attempt, `${name} can be called`)
    const { body } = await attempt.send({
      path: 'chat/completions',
      body: [Buffer.from('{}')],
      streamed: true,
      headers: {},
      signal: new AbortEmitter(),
    })
    attempt.succeeded()
    return text(readable(body))
  }
  return { upstreams, events, candidates, first, begin }
}

const defined = (baseUrl: string, more: object = {}) => {
  const checked = checkDefinition({
    kind: 'openai',
    baseUrl,
    private: true,
    paths: { 'chat/completions': '/chat/completions' },
    credential: { header: 'api-key', prefix: '' },
    timeouts: { connectMs: 1_000, firstEventMs: 60_000, idleMs: 60_000, totalMs: 60_000 },
    ...more,
  })
  assert.ok('definition' in checked)
  return checked.definition
}
const rowOf = (name: string, url: string, more: object = {}) => ({
  name,
  definition: defined(url, more),
  state: 'on' as State,
  priority: 0,
  weight: 100,
})
async function addKey(upstream: string, name: string, secret: string) {
  const sealed = sealerOf(env)?.seal({ upstream, name }, secret)
  assert.ok(sealed)
  await insertKey(db, { upstream, name, lastFour: 'cret', ...sealed })
  await touchUpstream(db, upstream)
}
async function add(name: string, url: string, priority = 0) {
  await insertUpstream(db, { ...rowOf(name, url), priority })
  await addKey(name, 'main', `secret-of-${name}`)
}
async function change(name: string, row: ReturnType<typeof rowOf>) {
  const stored = (await readUpstreams(db, assert.ifError)).find((it) => it.name === name)
  assert.ok(stored)
  assert.equal(await changeUpstream(db, { ...row, version: stored.version }), true)
}
const counted = async (server: typeof one, count: number) =>
  eventually(`${count} calls`, () => server.came.length === count)
const endAll = (server: typeof one) => server.came.forEach(({ res }) => res.end('data: [DONE]\n\n'))

test('an upstream that is added takes calls, with its key, once that is read', async () => {
  const { upstreams, begin, events } = replica()
  assert.equal(upstreams.has('added'), false)
  await add('added', one.url)
  assert.equal(await upstreams.refresh(), true)
  assert.equal(await upstreams.refresh(), false)
  assert.equal(upstreams.has('added'), true)
  const stream = begin('added')
  await counted(one, 1)
  endAll(one)
  assert.equal(await stream, 'data: one\n\ndata: [DONE]\n\n')
  assert.deepEqual(
    one.came.map(({ url, key }) => [url, key]),
    [['/v1/chat/completions', 'secret-of-added']],
  )
  assert.deepEqual(
    events().map(({ event, upstream, what, keys }) => [event, upstream, what, keys]),
    [['upstream_changed', 'added', 'added', 1]],
  )
  await upstreams.closeAll()
})

test('a hundred streams of one that is removed end undisturbed, and then its connections', async () => {
  await add('removed', one.url)
  const { upstreams, begin, first, events } = replica()
  await upstreams.refresh()
  const streams = Array.from({ length: 100 }, () => begin('removed'))
  await counted(one, 100)
  assert.equal(await deleteUpstream(db, 'removed'), true)
  await upstreams.refresh()
  assert.equal(first('removed'), undefined)
  assert.equal(await one.connections(), 100)
  endAll(one)
  for (const said of await Promise.all(streams)) assert.equal(said, 'data: one\n\ndata: [DONE]\n\n')
  // Sooner than those that are idle are closed for that.
  const none = async () => (await one.connections()) === 0
  await eventually('no connections', none, { msMax: 15_000 })
  assert.deepEqual(events().at(-1)?.what, 'removed')
  await upstreams.closeAll()
})

test('one that moves has its next calls elsewhere, and ends those that are under way', async () => {
  await add('moved', one.url)
  const { upstreams, begin } = replica()
  await upstreams.refresh()
  const before = begin('moved')
  await counted(one, 1)
  await change('moved', rowOf('moved', two.url))
  await upstreams.refresh()
  const behind = begin('moved')
  await counted(two, 1)
  endAll(one)
  endAll(two)
  assert.equal(await before, 'data: one\n\ndata: [DONE]\n\n')
  assert.equal(await behind, 'data: two\n\ndata: [DONE]\n\n')
  assert.equal(one.came.length, 1)
  await upstreams.closeAll()
})

test('one that moved long ago is found where it is by a call that was let in before', async () => {
  await add('late', one.url)
  const { upstreams, candidates, begin } = replica()
  await upstreams.refresh()
  const [called, other] = [candidates('late'), candidates('late')]
  await change('late', rowOf('late', two.url))
  await upstreams.refresh()
  await eventually('it is closed', () => called.targets[0]?.upstream.isClosed)
  const stream = begin('late', called.next())
  await counted(two, 1)
  endAll(two)
  assert.equal(await stream, 'data: two\n\ndata: [DONE]\n\n')
  // What is held for the call would not cover what this one takes.
  await change('late', rowOf('late', one.url, { limitMember: 'none' }))
  await upstreams.refresh()
  assert.equal(other.next(), undefined)
  await upstreams.closeAll()
})

test('streams of what was before a change end with the relay too', async () => {
  await add('ending', one.url)
  const { upstreams, begin } = replica()
  await upstreams.refresh()
  const stream = begin('ending')
  await counted(one, 1)
  await change('ending', rowOf('ending', two.url))
  await upstreams.refresh()
  const ended = assert.rejects(stream)
  await upstreams.closeAll()
  await ended
})

test('a row of the environment’s own name takes its place while it is there', async () => {
  const { upstreams, begin } = replica()
  const calls = async (server: typeof one) => {
    server.came.length = 0
    const stream = begin('openai')
    await counted(server, 1)
    endAll(server)
    await stream
  }
  await calls(two)
  await add('openai', one.url)
  await upstreams.refresh()
  await calls(one)
  await deleteUpstream(db, 'openai')
  await upstreams.refresh()
  await calls(two)
  await upstreams.closeAll()
})

describe('a change of an upstream', () => {
  test('keeps what is known of its keys, unless it is of its definition', async () => {
    await add('known', one.url)
    const { upstreams, first } = replica()
    await upstreams.refresh()
    for (let i = 0; i < 5; i++) first('known')?.failed('failure')
    const open = () => upstreams.states().map(({ key, model, state }) => [key, model, state])
    assert.deepEqual(open(), [['main', 'm', 'open']])
    const offers = (names: string[]) => names.map((upstream) => ({ upstream, theirName: 'm' }))
    assert.equal(upstreams.allFail(offers(['known']), 'm'), true)
    assert.equal(upstreams.allFail(offers(['known', 'openai']), 'm'), false)
    assert.equal(upstreams.allFail(offers(['known']), 'another'), false)
    await addKey('known', 'second', 'another secret')
    await upstreams.refresh()
    assert.deepEqual(open(), [['main', 'm', 'open']])
    assert.equal(first('known')?.target.key.name, 'second')
    assert.equal(upstreams.allFail(offers(['known']), 'm'), false)
    await change('known', rowOf('known', one.url, { headers: { 'x-title': 'relay' } }))
    await upstreams.refresh()
    assert.deepEqual(open(), [])
    await upstreams.closeAll()
  })

  test('to draining or off lets it take no more calls', async () => {
    await add('drained', one.url)
    const { upstreams, first } = replica()
    for (const state of ['draining', 'off', 'on'] as const) {
      await change('drained', { ...rowOf('drained', one.url), state })
      await upstreams.refresh()
      assert.equal(first('drained') !== undefined, state === 'on')
    }
    await upstreams.closeAll()
  })

  test('to draining leaves calls that were let in their second choice, to off it does not', async () => {
    await add('sinking', one.url, 2)
    await add('waning', one.url)
    const { upstreams } = replica()
    const choice = () => {
      const offers = ['sinking', 'waning'].map((upstream) => ({ upstream, theirName: 'm' }))
      const wanted = { account: 1, model: 'm', path: 'chat/completions', needs: new Set<string>() }
      return upstreams.candidates(offers, { ...wanted, affinity: () => '' })
    }
    const second = async (state: State) => {
      await change('waning', { ...rowOf('waning', one.url), state: 'on' })
      await upstreams.refresh()
      const candidates = choice()
      candidates.next()?.failed('failure')
      await change('waning', { ...rowOf('waning', one.url), state })
      await upstreams.refresh()
      return candidates.next()?.target.upstream.name
    }
    assert.equal(await second('on'), 'waning')
    assert.equal(await second('draining'), 'waning')
    assert.equal(await second('off'), undefined)
    await upstreams.closeAll()
  })

  test('that cannot be read leaves what there is, and is found the next time', async () => {
    await add('steady', one.url)
    const lines: string[] = []
    const log = createLog('info', (line) => void lines.push(line))
    let isAway = false
    const shaky = {
      send: (bound: Parameters<Db['send']>[0]) =>
        isAway ? Promise.reject(new Error('away')) : db.send(bound),
    }
    const upstreams = new Upstreams({ env, db: shaky, log, callsUnderWay: () => 0 })
    await upstreams.refresh()
    await deleteUpstream(db, 'steady')
    isAway = true
    await assert.rejects(upstreams.refresh())
    assert.equal(upstreams.has('steady'), true)
    isAway = false
    assert.equal(await upstreams.refresh(), true)
    assert.equal(upstreams.has('steady'), false)
    await upstreams.closeAll()
  })
})

test('a look into the database comes often enough for five seconds', () => {
  assert.ok(limits.watch.upstreamsEveryMs <= 4_000)
})

describe('what is opened by hand', () => {
  const hold = (upstream: string, more: object = {}) => ({
    upstream,
    key: null,
    model: null,
    ...more,
  })

  test('takes no calls until it is closed, and is as new then', async () => {
    await add('handled', one.url)
    const { upstreams, first, events } = replica()
    await upstreams.refresh()
    for (let i = 0; i < 5; i++) first('handled')?.failed('failure')
    upstreams.hold([hold('handled')])
    assert.equal(first('handled'), undefined)
    upstreams.hold([hold('handled'), hold('other')])
    upstreams.hold([])
    assert.deepEqual(upstreams.states(), [])
    assert.ok(first('handled'))
    const said = events().filter(({ event }) => event !== 'upstream_changed')
    assert.deepEqual(
      said.map(({ event, upstream, key, model, why }) => [event, upstream, key, model, why]),
      [
        ['upstream_opened', 'handled', 'main', 'm', 'failure'],
        ['upstream_opened', 'handled', undefined, undefined, 'by_hand'],
        ['upstream_opened', 'other', undefined, undefined, 'by_hand'],
        ['upstream_closed', 'handled', undefined, undefined, 'by_hand'],
        ['upstream_closed', 'other', undefined, undefined, 'by_hand'],
      ],
    )
    await upstreams.closeAll()
  })

  test('may be one key, or one model', async () => {
    await add('partly', one.url)
    const { upstreams, first } = replica()
    await upstreams.refresh()
    for (const [more, isFree] of [
      [{ key: 'other' }, true],
      [{ model: 'other' }, true],
      [{ key: 'main', model: 'm' }, false],
      [{ model: 'm' }, false],
      [{ key: 'main' }, false],
    ] as const) {
      upstreams.hold([hold('partly', more)])
      assert.equal(first('partly') !== undefined, isFree, JSON.stringify(more))
    }
    await upstreams.closeAll()
  })
})
