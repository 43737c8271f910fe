import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { readDatabaseHosts } from '../config/database-address.ts'
import type { Look } from './host-look.ts'
import { chooseHosts, hostsOf } from './hosts.ts'

const well = (store = 'cluster'): Look => ({ isWell: true, store })
const unwell: Look = { isWell: false, is: 'unwell', why: 'nothing listens there' }
const silent: Look = { isWell: false, is: 'silent', why: 'it does not answer in time' }
const crowded: Look = { isWell: false, is: 'crowded', why: 'it is crowded' }
const reading: Look = { isWell: false, is: 'reading', why: 'it is read-only' }

/** Three hosts whose looks, and whose clock, the test has in its hand. */
function ground(...first: [Look, Look, Look]) {
  const looks = [...first]
  const said: string[] = []
  let [nowMs, looked] = [0, 0]
  const hosts = chooseHosts(readDatabaseHosts('mysql://u:hunter2@a,b,c/relay'), {
    look: ({ name }) => {
      looked++
      return Promise.resolve(looks['abc'.indexOf(name.slice(0, 1))] ?? unwell)
    },
    now: () => nowMs,
    bounds: { lookEveryMs: 1_000, lookAgainMs: 100, backAfterMs: 30_000 },
    onMove: ({ from, to, why }) => void said.push(`${from} to ${to}: ${why}`),
    onAway: (host, why) => void said.push(`${host} away: ${why}`),
    onBack: (host) => void said.push(`${host} back`),
  })
  return {
    hosts,
    looks,
    /** What has been said since this was asked last. */
    said: () => said.splice(0),
    looked: () => looked,
    pass: (ms: number) => void (nowMs += ms),
    at: async () => (await hosts.pick()).host.name,
    /** So many turns of the watch, a second apart. */
    async turns(times: number) {
      for (let i = 0; i < times; i++) {
        nowMs += 1_000
        await hosts.lookAround()
      }
    },
  }
}

describe('of several hosts', () => {
  test('the first that is well is worked with, and looked at once', async () => {
    const { at, said, looked } = ground(unwell, well(), well())
    assert.equal(await at(), 'b:3306')
    assert.equal(await at(), 'b:3306')
    assert.equal(looked(), 3)
    assert.deepEqual(said(), ['a:3306 away: nothing listens there'])
  })

  test('one whose connection failed is kept where it is well all the same', async () => {
    const { hosts, at, said } = ground(well(), well(), well())
    const term = await hosts.pick()
    hosts.doubt(term)
    assert.equal(await hosts.pick(), term)
    assert.equal(hosts.hasLeft(term) || term.lost?.aborted, false)
    assert.equal(await at(), 'a:3306')
    assert.deepEqual(said(), [])
  })

  test('one that only reads is left, whoever hears of it meanwhile', async () => {
    const { hosts, looks, at, said, pass } = ground(well(), well(), well())
    const term = await hosts.pick()
    looks[0] = reading
    hosts.doubt(term)
    const next = at()
    pass(1)
    hosts.heard(term)
    assert.equal(await next, 'b:3306')
    assert.deepEqual(said(), ['a:3306 to b:3306: it is read-only'])
  })

  test('one that fails is given up for the next, which is said once, and who waits is told', async () => {
    const { hosts, looks, at, said } = ground(well(), unwell, well())
    const term = await hosts.pick()
    said()
    looks[0] = unwell
    hosts.doubt(term)
    assert.deepEqual(await Promise.all([at(), at(), at()]), ['c:3306', 'c:3306', 'c:3306'])
    assert.ok(hosts.hasLeft(term) && term.lost?.aborted)
    assert.deepEqual(said(), ['a:3306 to c:3306: nothing listens there'])
  })

  test('an earlier one is gone back to when it has been well for a while, without haste', async () => {
    const { hosts, looks, at, said, turns } = ground(unwell, well(), well())
    const term = await hosts.pick()
    said()
    looks[0] = well()
    await turns(20)
    looks[0] = silent
    await turns(1)
    looks[0] = well()
    await turns(30)
    assert.equal(await at(), 'b:3306')
    assert.deepEqual(said(), ['a:3306 back', `a:3306 away: ${silent.why}`, 'a:3306 back'])
    await turns(1)
    assert.equal(await at(), 'a:3306')
    assert.ok(hosts.hasLeft(term))
    assert.equal(term.lost?.aborted, false)
    assert.deepEqual(said(), ['b:3306 to a:3306: it is well again'])
  })

  test('one that dies without a word is found by the watch, unless it is heard', async () => {
    const { hosts, looks, at, turns, pass } = ground(well(), well(), well())
    const term = await hosts.pick()
    looks[0] = silent
    pass(900)
    hosts.heard(term)
    pass(-500)
    await turns(1)
    assert.equal(await at(), 'a:3306')
    await turns(1)
    assert.equal(await at(), 'b:3306')
    assert.ok(term.lost?.aborted)
  })

  test('one that takes no further connection keeps those it has', async () => {
    const { hosts, looks, at, turns } = ground(well(), well(), well())
    const term = await hosts.pick()
    looks[0] = crowded
    await turns(3)
    assert.equal(await hosts.pick(), term)
    hosts.doubt(term)
    assert.equal(await at(), 'b:3306')
  })

  test('where none is well each is named with what is wrong, and nothing of the address', async () => {
    const { hosts, looks, at, looked, pass, said } = ground(unwell, reading, silent)
    const words =
      'none of its hosts can be used. a:3306: nothing listens there. ' +
      'b:3306: it is read-only. c:3306: it does not answer in time.'
    await assert.rejects(at(), { code: 'LANE_NO_HOST', message: words })
    await assert.rejects(at(), { message: words })
    assert.equal(looked(), 3, 'whoever asks again at once is told without a look')
    looks[2] = well()
    pass(100)
    assert.equal(await at(), 'c:3306')
    said()
    looks[2] = unwell
    hosts.doubt(await hosts.pick())
    await assert.rejects(at(), { code: 'LANE_NO_HOST' })
    looks[2] = well()
    pass(100)
    assert.equal(await at(), 'c:3306')
    assert.deepEqual(said(), [])
  })
})

describe('of hosts that are not of one cluster', () => {
  test('a start with two that take writes is refused', async () => {
    const { at } = ground(well('one'), reading, well('two'))
    await assert.rejects(at(), {
      message: /^a:3306 and c:3306 all take writes, and are not of one/,
    })
  })

  test('the one that was told to write is gone to when the other does not any more', async () => {
    const { hosts, looks, at, turns } = ground(well('one'), reading, reading)
    const term = await hosts.pick()
    // A planned change: first one stops writing, then the other begins.
    looks[0] = reading
    hosts.doubt(term)
    await assert.rejects(at(), { code: 'LANE_NO_HOST' })
    looks[1] = well('two')
    await turns(1)
    assert.equal(await at(), 'b:3306')
    // It may lack what was written since, however long it is well.
    looks[0] = well('one')
    await turns(100)
    assert.equal(await at(), 'b:3306')
  })

  test('one that has taken writes beside the one in use is never gone to by itself', async () => {
    const { hosts, looks, at, said, turns, pass } = ground(well('one'), reading, unwell)
    const term = await hosts.pick()
    said()
    looks[1] = well('two')
    await turns(2)
    const why = 'b:3306 away: it takes writes too, beside a:3306, and is of no cluster with it'
    assert.deepEqual(said(), ['b:3306 back', why])
    looks[0] = unwell
    hosts.doubt(term)
    await assert.rejects(at(), { message: /b:3306: it takes writes too, beside a:3306/ })
    looks[0] = well('one')
    looks[1] = reading
    pass(100)
    assert.equal(await at(), 'a:3306')
    await turns(1)
    looks[0] = unwell
    looks[1] = well('two')
    hosts.doubt(term)
    assert.equal(await at(), 'b:3306')
  })
})

test('one host is never looked at', async () => {
  const hosts = hostsOf('mysql://relay:x@127.0.0.1:1/relay', {
    look: () => assert.fail('it was looked at'),
  })
  const term = await hosts.pick()
  hosts.doubt(term)
  assert.equal(await hosts.pick(), term)
  assert.equal(hosts.hasLeft(term), false)
})
