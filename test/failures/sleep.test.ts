import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { present } from '../present.ts'
import { randomFrom, type Random } from '../random.ts'
import { silence } from '../time/silence.ts'
import { begin } from './begin.ts'
import { call, type Heard } from './client.ts'
import { expectBilledOnce, expectNoneTooDear } from './expect-billed.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, type Site } from './site.ts'

const rounds = 50
const clients = 8
const model = 'whole-both'
/** Often enough that each sleep meets some; how long a silence is stays as the product has it. */
const pulse = { heartbeatEveryMs: 60, sweepEveryMs: 90, stillMsLeast: 0 }

const opened = new Opened()
let site: Site

before(async () => {
  site = await openSite(opened)
})
after(() => opened.close())

/** A relay's process, and the id by which the books have it. */
async function startOne(): Promise<RelayChild & { id: Buffer }> {
  const relay = await site.startRelay({ pulse })
  const [row] = await site.books.sql<{ id: Buffer }>('select id from relays where pid = ?', [
    relay.pid,
  ])
  return { ...relay, id: present(row).id }
}
type One = Awaited<ReturnType<typeof startOne>>

const isHeard = async ({ id }: One) =>
  (
    await site.books.sql(
      `select 1 from relays where id = ? and heartbeat_at >= current_timestamp(3) - interval 60 second`,
      [id],
    )
  ).length > 0

/** Has both be heard just now, and for an hour: from here on each may take the other for dead. */
async function steady(relays: One[]) {
  const { sql } = site.books
  const ids = relays.map(({ id }) => id)
  const fresh = `select 1 from relays
                  where id in (?) and heartbeat_at >= current_timestamp(3) - interval 3 second`
  await eventually('all are heard', async () => (await sql(fresh, [ids])).length === ids.length)
  await sql('update relays set steady_since = steady_since - interval 1 hour where id in (?)', [
    ids,
  ])
}

/**
 * Stops them for a moment that is so many seconds long for the books: as if each had been stopped,
 * or their whole machine, for as long.
 */
async function sleep(relays: One[], seconds: number, random: Random) {
  for (const { pid } of relays) process.kill(pid, 'SIGSTOP')
  for (const { id } of relays) await silence(site.books.sql, id, seconds)
  for (const { pid } of relays) {
    process.kill(pid, 'SIGCONT')
    // Whoever wakes first is alone for a while.
    await pause(random.whole(0, 120))
  }
}

describe('two relays that are stopped and go on', () => {
  test(`${rounds} times: none takes the other’s living calls for lost, and each is charged once`, async (t) => {
    const relays = [await startOne(), await startOne()]
    const by = { ...(await newCustomer(site.books.pool, { balanceNanos: 1_000e9 })), model }
    const heard: Heard[] = []
    let isOver = false
    const client = async (n: number) => {
      const random = randomFrom(n)
      while (!isOver) {
        const say = `[[repeat:5]] [[pause:${random.whole(20, 400)}]]`
        const isStreamed = random.chance(0.7)
        heard.push(await call(present(relays[n % 2]).url, { ...by, say, isStreamed }))
      }
    }
    const all = Promise.all(Array.from({ length: clients }, (_, n) => client(n)))
    const random = randomFrom(14)
    for (let round = 0; round < rounds; round++) {
      await steady(relays)
      const both = random.chance(0.5) ? relays : relays.toReversed()
      // One alone is found silent rightly after a minute; the whole machine may sleep for longer.
      const [who, most] = random.chance(0.6) ? [both, 300] : [both.slice(0, 1), 50]
      await sleep(who, random.whole(1, most), random)
    }
    isOver = true
    await all
    await whenNothingIsHeld(site.books.sql)
    const complete = heard.filter(({ isComplete }) => isComplete)
    assert.equal(complete.length, heard.length, 'every call was answered')
    await expectBilledOnce(site.books.sql, heard, site.upstream)
    const rows = await expectNoneTooDear(site.books.sql, site.upstream)
    assert.equal(rows.length, heard.length)
    await expectCleanBooks(site.books.pool)
    t.diagnostic(`${heard.length} calls`)
    for (const relay of relays) await relay.end()
  })

  test('one that slept alone for too long is swept, and its call charged all the same, once', async () => {
    const [asleep, awake] = [await startOne(), await startOne()]
    const by = { ...(await newCustomer(site.books.pool, { balanceNanos: 100e9 })), model }
    const stream = begin(asleep.url, { ...by, say: '[[repeat:50]] [[pause:3000]]', tokensMax: 64 })
    await stream.begun
    await steady([asleep, awake])
    process.kill(asleep.pid, 'SIGSTOP')
    // What it had sent before may yet be done: another beat, or a hold.
    await eventually('its holds are swept', async () => {
      if (await isHeard(asleep)) await silence(site.books.sql, asleep.id, 72)
      return (await site.books.sql('select 1 from holds')).length === 0
    })
    process.kill(asleep.pid, 'SIGCONT')
    const heard = await stream.ended
    assert.ok(heard.isComplete)
    const [row, ...more] = await expectNoneTooDear(site.books.sql, site.upstream).then((rows) =>
      rows.filter(({ requestId }) => requestId === heard.id),
    )
    assert.deepEqual([row?.outcome, row?.charges, more.length], ['late', 1, 0])
    assert.ok((row?.cost ?? 0) > 0)
    await expectCleanBooks(site.books.pool)
  })
})
