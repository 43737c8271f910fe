import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { testRedisUrl } from '../database.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { begin } from './begin.ts'
import { call, type Heard } from './client.ts'
import { expectBilledOnce } from './expect-billed.ts'
import { Opened } from './opened.ts'
import { startSeveral, type SeveralRelays } from './several-site.ts'
import { openSite, type Site } from './site.ts'

const model = 'whole-both'
/** Far below the minute after which a relay is taken for dead by its silence. */
const soonMs = { msMax: 20_000 }

const opened = new Opened()
let site: Site
let several: SeveralRelays
let by: Customer & { model: string }

before(async () => {
  site = await openSite(opened, { pace: { firstByteMs: 2, eventMs: 4 } })
  several = await startSeveral(site, testRedisUrl(), opened, { DRAIN_SECONDS: '1' })
  by = { ...(await newCustomer(site.books.pool, { balanceNanos: 1_000e9 })), model }
})
after(() => opened.close())

/** How many holds each relay has, by its name. */
async function holdsByRelay() {
  const rows = await site.books.sql<{ id: string; holds: number }>(
    'select lower(hex(relay_id)) as id, count(*) as holds from holds group by relay_id',
  )
  return new Map(rows.map(({ id, holds }) => [id, holds]))
}

/** Streams that do not end by themselves, each on a connection of its own, once all have begun. */
async function endlessStreams(count: number) {
  const streams = Array.from({ length: count }, () =>
    begin(several.url, { ...by, say: '[[endless]]' }),
  )
  opened.closeWith(() => Promise.all(streams.map((stream) => stream.leave())))
  await Promise.all(streams.map(({ begun }) => begun))
  return streams
}

/** Calls without a break until told to stop: on one connection, or each on its own. */
function keepCalling(isKept: boolean) {
  const agent = new Agent({ keepAlive: isKept, maxSockets: 1 })
  const heard: Heard[] = []
  let isOver = false
  const done = (async () => {
    for (let n = 0; !isOver; n++) {
      const say = `[[repeat:${5 + (n % 20)}]]`
      heard.push(await call(several.url, { ...by, say, isStreamed: n % 3 > 0, agent }))
    }
    agent.destroy()
  })()
  async function end() {
    isOver = true
    await done
    return heard
  }
  opened.closeWith(end)
  return { heard, end }
}

/** What is answered at a path that needs no key. */
const ask = (path: string, agent?: Agent) =>
  new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const url = several.url.slice(0, -'/v1'.length) + path
    get(url, { agent }, (res) => {
      text(res).then((body) => resolve({ status: res.statusCode, body }), reject)
    }).on('error', reject)
  })

/** Looks at `/readyz` without a break until told to stop, on a connection that is kept. */
function keepLooking() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const seen: (number | undefined)[] = []
  let isOver = false
  const done = (async () => {
    while (!isOver) seen.push((await ask('/readyz', agent)).status)
    agent.destroy()
  })()
  async function end() {
    isOver = true
    await done
    return seen
  }
  opened.closeWith(end)
  return end
}

describe('several relay processes behind one port', () => {
  test('are a relay each, and share the connections evenly', async () => {
    assert.equal((await several.relays()).length, 2)
    const streams = await endlessStreams(8)
    assert.deepEqual([...(await holdsByRelay()).values()], [4, 4])
    for (const stream of streams) await stream.leave()
    await eventually('nothing is held', async () => (await holdsByRelay()).size === 0)
  })

  test('pass on what is for the pages to one server, and are told where it is next', async () => {
    const pages = await Promise.all(Array.from({ length: 4 }, () => ask('/login')))
    assert.equal(new Set(pages.map(({ body }) => body)).size, 1)
    assert.match(pages[0]?.body ?? '', /^a page of /)
  })

  test('one killed under load: its holds are free at once, the other serves on, it is started again', async (t) => {
    const streams = await endlessStreams(6)
    const [killed, other] = await several.relays()
    assert.ok(killed && other)
    const held = await holdsByRelay()
    const killedAt = performance.now()
    process.kill(killed.pid, 'SIGKILL')
    await eventually(
      'the holds of the dead are free',
      async () => !(await holdsByRelay()).has(killed.id),
      soonMs,
    )
    t.diagnostic(`its holds were free after ${Math.round(performance.now() - killedAt)} ms`)
    assert.equal((await holdsByRelay()).get(other.id), held.get(other.id))
    assert.ok((await call(several.url, by)).isComplete)
    await eventually(
      'two are on the list again, and the dead one is not',
      async () => {
        const ids = (await several.relays()).map(({ id }) => id)
        return ids.length === 2 && ids.includes(other.id) && !ids.includes(killed.id)
      },
      soonMs,
    )
    const heard = await Promise.all(streams.map((stream) => stream.leave()))
    assert.equal(heard.length, 6)
    await eventually('nothing is held', async () => (await holdsByRelay()).size === 0)
    const lost = await site.books.sql(
      `select 1 from calls where outcome = 'lost' and cost_nanos = 0`,
    )
    assert.equal(lost.length, held.get(killed.id))
    await expectCleanBooks(site.books.pool)
  })

  test('are replaced by SIGHUP one by one, and no call is refused or cut', async () => {
    const before = await several.relays()
    const slow = begin(several.url, { ...by, say: '[[repeat:3]] [[pause:3000]]' })
    await slow.begun
    const loads = [true, true, false, false].map(keepCalling)
    await eventually('calls are under way', () => loads.every(({ heard }) => heard.length > 3))
    const endLooks = keepLooking()
    several.signal('SIGHUP')
    const ids = new Set(before.map(({ id }) => id))
    await eventually('others have come, and the old have gone', async () => {
      const now = await several.relays()
      return now.length === 2 && now.every(({ id }) => !ids.has(id))
    })
    const since = loads.map(({ heard }) => heard.length)
    await eventually('calls go on', () =>
      loads.every(({ heard }, i) => heard.length > since[i]! + 3),
    )
    const heard = [await slow.ended, ...(await Promise.all(loads.map((load) => load.end()))).flat()]
    assert.deepEqual(
      heard.filter(({ isComplete }) => !isComplete).map(({ status, broken }) => [status, broken]),
      [],
    )
    assert.deepEqual([...new Set(await endLooks())], [200])
    await expectBilledOnce(site.books.sql, heard, site.upstream)
    await expectCleanBooks(site.books.pool)
    assert.match((await ask('/login')).body, /^a page of .*2$/)
  })

  test('drain as one does when told to end', async () => {
    const loads = [true, false].map(keepCalling)
    const stream = begin(several.url, { ...by, say: '[[repeat:3]] [[pause:1000]]' })
    await stream.begun
    several.signal('SIGTERM')
    assert.deepEqual(await several.exited, { code: 0, signal: null })
    assert.ok((await stream.ended).isComplete)
    const heard = (await Promise.all(loads.map((load) => load.end()))).flat()
    for (const { status, broken, isComplete } of heard)
      if (!isComplete) assert.match(`${status} ${broken}`, /^0 ECONN(REFUSED|RESET)$/)
    assert.deepEqual(await several.relays(), [])
    assert.equal((await expectCleanBooks(site.books.pool)).holds, 0)
  })

  test('end with their last call where the parent is killed', async () => {
    several = await startSeveral(site, testRedisUrl(), opened)
    const stream = begin(several.url, { ...by, say: '[[repeat:3]] [[pause:1000]]' })
    await stream.begun
    several.signal('SIGKILL')
    assert.ok((await stream.ended).isComplete)
    await eventually('they are gone', async () => (await several.relays()).length === 0)
    assert.equal((await call(several.url, by)).broken, 'ECONNREFUSED')
    assert.equal((await expectCleanBooks(site.books.pool)).holds, 0)
  })
})
