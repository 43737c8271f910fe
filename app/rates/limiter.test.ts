import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Redis as Connection } from 'ioredis'
import { eventually } from '../../dev/command/eventually.ts'
import { startRedis, type Redis } from '../../dev/servers/redis.ts'
import { openRedis, type OpenedRedis } from '../../test/failures/opened-redis.ts'
import { limits } from '../config/limits.ts'
import { Limiter } from './limiter.ts'
import { Pass, type Entered } from './pass.ts'
import { ruleOf, type Figures, type Held } from './rule.ts'

const folder = mkdtempSync(join(tmpdir(), 'limits '))
let redis: Redis
let control: Connection
before(async () => {
  redis = await startRedis({ dir: folder })
  control = new Connection(redis.url, { lazyConnect: false })
  control.on('error', () => undefined)
})
after(async () => {
  control.disconnect()
  opened.splice(0).forEach((it) => it.redis.close())
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})

const opened: OpenedRedis[] = []
let names = 0

/** A busy machine is no Redis that is away. */
const patientMs = 30_000

/** Relays of one installation, each with a limiter of its own that knows of all. */
async function relays(count: number, waitMs = patientMs) {
  const namespace = `limits-${++names}`
  const all = Array.from({ length: count }, () => {
    const own = openRedis(redis.url, namespace)
    opened.push(own)
    const asked = { count: 0 }
    const counted = {
      script: (...given: Parameters<typeof own.redis.script>) => {
        asked.count++
        return own.redis.script(...given)
      },
    }
    const limiter = new Limiter({ redis: counted, log: { counted: () => undefined }, waitMs })
    limiter.noteRelays(count)
    return { limiter, asked, redis: own.redis }
  })
  for (const it of all) await eventually('Redis answers', () => it.redis.ping())
  return all
}
type Relays = Awaited<ReturnType<typeof relays>>

const held = (id: string, figures: Partial<Figures>, knownMs = 0): Held => {
  const all = { requests: null, tokens: null, calls: null, burstSeconds: null, ...figures }
  return { id, rule: ruleOf(all, { scope: 'account' })!, knownMs }
}

let ids = 0
const enter = ({ limiter }: Relays[number], of: Held[], tokens = 0) =>
  limiter.enter({ id: `call-${++ids}`, held: of, tokens })
const passes = (all: Entered[]) => all.filter((it) => it instanceof Pass)
const pass = (it: Entered | undefined): Pass => {
  assert.ok(it instanceof Pass, 'it is let in')
  return it
}
/** So many at once at each relay in turn. */
const flood = (all: Relays, count: number, of: Held[], tokens = 0) =>
  Promise.all(Array.from({ length: count }, (_, i) => enter(all[i % all.length]!, of, tokens)))

/** Lets a flood come, and answers what was let in with the most that could have been. */
async function measured(all: Relays, count: number, of: Held[], tokens = 0) {
  const startMs = performance.now()
  const entered = await flood(all, count, of, tokens)
  return { entered, seconds: (performance.now() - startMs) / 1_000 }
}

test('two relays let in what the limit and its burst allow together, and no more', async () => {
  const all = await relays(2)
  const of = [held('a', { requests: 600, burstSeconds: 10 }), held('b', { requests: 6_000 })]
  const { entered, seconds } = await measured(all, 400, of)
  const count = passes(entered).length
  assert.ok(count >= 100 && count <= 100 + Math.ceil(seconds * 10), `${count} in ${seconds} s`)
  const refused = entered.find((it) => !(it instanceof Pass))
  assert.ok(refused && !(refused instanceof Pass))
  assert.deepEqual([refused.kind, refused.rule.requests?.limit], ['requests', 600])
  assert.ok(refused.waitMs > 0 && refused.waitMs <= 100, `${refused.waitMs} ms`)
  // What has refused one is not asked again before it may let in another.
  const before = all[0]!.asked.count
  const again = await enter(all[0]!, of)
  if (!(again instanceof Pass)) assert.equal(all[0]!.asked.count, before)
})

test('tokens are taken as they are reckoned, and set right when a call ends', async () => {
  const all = await relays(2)
  const of = [held('t', { tokens: 10_000 })]
  const first = passes(await flood(all, 20, of, 1_000))
  assert.equal(first.length, 10)
  for (const it of first) pass(it).end(250)
  // What they did not use is there again at the other relay too; of one that used more, more is gone.
  const more = await eventually('what was given back', async () => {
    const some = passes(await flood(all, 20, of, 1_000))
    return some.length > 0 && some
  })
  assert.ok(more.length <= 7, `${more.length} more`)
  pass(more[0]).end(9_000)
  for (const it of more.slice(1)) pass(it).end(1_000)
  await eventually('it to be used up', async () => {
    const it = await enter(all[1]!, of, 1_000)
    if (it instanceof Pass) it.end(1_000)
    return !(it instanceof Pass) && it.figures.tokens?.remaining === 0
  })
  // One that is larger than all of it waits for all of it, and is never refused for good.
  const large = pass(await enter(all[0]!, [held('large', { tokens: 500 })], 4_000))
  assert.equal(large.charges[0]?.tokens, 500)
  large.end(4_000)
})

test('a limit that is raised holds at once at every relay, whatever was owed by the one before', async () => {
  const all = await relays(2)
  const [one, other] = all as [Relays[0], Relays[0]]
  const low = [held('r', { requests: 60, tokens: 1_000 }, 1)]
  pass(await enter(one, low, 1_000)).end(100_000)
  await eventually('the debt to be known', async () => {
    const it = await enter(one, low, 1)
    return !(it instanceof Pass) && it.waitMs > 60_000
  })
  // This one has heard of neither: it goes by what the other has told, and by what it knows now.
  const startMs = performance.now()
  const high = [held('r', { requests: 6_000, tokens: 200_000 }, 2)]
  pass(await enter(other, high, 1_000)).end(1_000)
  // One that has yet to hear of it goes by what it knows, and changes nothing for the others.
  const late = await enter(one, low, 1)
  if (late instanceof Pass) late.end(1)
  const last = pass(await enter(one, high, 1_000))
  last.end(1_000)
  const left = last.figures.tokens?.remaining ?? -1
  const due = Math.ceil((performance.now() - startMs) * (200_000 / 60_000))
  assert.ok(left >= 97_000 && left <= 98_000 + due, `${left} left of what both have taken`)
})

test('a limit that is lowered holds at once, and makes nobody wait for more than all of it', async () => {
  const all = await relays(2)
  const high = [held('l', { requests: 6_000 }, 1)]
  assert.equal(passes(await flood(all, 600, high)).length, 600)
  const low = [held('l', { requests: 6 }, 2)]
  const entered = await flood(all, 20, low)
  assert.equal(passes(entered).length, 0)
  // What is said is whole milliseconds, rounded up.
  for (const it of entered)
    if (!(it instanceof Pass)) assert.ok(it.waitMs <= 10_001, `${it.waitMs} ms`)
})

test('calls at once are never more than the limit, and free as they end or their relay is gone', async () => {
  const all = await relays(2)
  const of = [held('c', { calls: 5 }), held('d', { calls: 50 })]
  // All relays have told what they have: from then on either may have all of it.
  await eventually('both to be trusted', async () => {
    const some = passes(await flood([all[0]!], 8, of))
    assert.ok(some.length <= 5)
    for (const it of some) pass(it).end(0)
    return some.length === 5
  })
  const some = passes(await flood(all, 30, of))
  assert.equal(some.length, 5)
  pass(some[0]).end(0)
  assert.equal(passes(await flood(all, 10, of)).length, 1)
  const key = (await control.keys(`limits-${names}:leases:c`))[0]!
  const scores = await control.zrange(key, 0, -1, 'WITHSCORES')
  const [seconds] = await control.time()
  assert.equal(scores.length, 10)
  for (const [i, score] of scores.entries())
    if (i % 2)
      assert.ok(Number(score) / 1_000 <= Number(seconds) + 1 + limits.rates.leaseMs / 1_000)
  // Nobody renews those of a relay that is gone, and what is past is none.
  for (const id of await control.zrange(key, 0, -1)) await control.zadd(key, 1, id)
  assert.equal(passes(await flood([all[0]!], 3, of)).length >= 1, true)
  all[0]!.limiter.renew()
  await eventually('those under way to be renewed', async () => (await control.zcard(key)) >= 5)
})

test('with Redis away each relay keeps to its part, waits once, and goes on smoothly when it is back', async () => {
  const all = await relays(2, limits.rates.waitMsMax)
  const of = [held('g', { requests: 60 })]
  const before = passes(await flood(all, 20, of)).length
  assert.equal(before, 20)
  redis.pause()
  const startMs = performance.now()
  let count = before + passes(await flood(all, 4, of)).length
  const asked = all.map((it) => it.asked.count)
  count += passes(await flood(all, 100, of)).length
  assert.deepEqual(
    all.map((it) => it.asked.count),
    asked,
    'nobody asks again',
  )
  const most = () => 60 + Math.ceil((performance.now() - startMs) / 1_000) + 1
  // Each has half of what was left, as it was told of that last.
  assert.ok(count >= 58 && count <= most() * 1.1, `${count} let in`)
  redis.resume()
  await eventually('Redis to be trusted again', async () => {
    for (const { limiter } of all) await limiter.look()
    const known = all.map((it) => it.asked.count)
    count += passes(await flood(all, 2, of)).length
    return all.every((it, i) => it.asked.count > known[i]! || count >= most())
  })
  count += passes(await flood(all, 50, of)).length
  assert.ok(count <= most() * 1.1, `${count} let in, of ${most()}`)
})

test('what Redis has lost, relays tell it again', async () => {
  const all = await relays(2)
  const of = [held('f', { requests: 60, calls: 40 })]
  const startMs = performance.now()
  const first = passes(await flood(all, 40, of))
  // At the beginning each has its part of what may be at once.
  assert.equal(first.length, 40)
  await control.flushall()
  const second = passes(await flood(all, 40, of))
  const due = Math.ceil((performance.now() - startMs) / 1_000)
  assert.ok(second.length <= 20 + due, `${second.length} more`)
  assert.ok(second.length === 0, 'calls under way count on')
  for (const it of [...first, ...second]) pass(it).end(0)
  await redis.kill9()
  const here = passes(await flood(all, 60, of))
  assert.ok(here.length >= 18 && here.length <= 22 + due, `${here.length} without it`)
  await redis.restart()
  await eventually('Redis to be back', async () => {
    for (const { limiter } of all) await limiter.look()
    const known = all[0]!.asked.count
    await flood(all, 2, of)
    return all[0]!.asked.count > known
  })
  const last = passes(await flood(all, 60, of)).length
  const later = Math.ceil((performance.now() - startMs) / 1_000)
  assert.ok(last <= later + 4, `${last} when it was back, after ${later} s`)
})
