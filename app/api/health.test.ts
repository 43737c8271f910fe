import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Services } from '../services.ts'
import { createHealth } from './health.ts'

/** Health over a ledger that counts how often it is asked, on a clock that stands still. */
function counted() {
  const count = { looks: 0, nowMs: 0, isAway: false, isOff: false }
  const waiting: (() => void)[] = []
  const services = {
    draining: () => false,
    clockIsOff: () => count.isOff,
    redis: { ping: () => Promise.resolve(true), hears: () => true },
    ledger: {
      async readiness() {
        count.looks++
        await new Promise<void>((resolve) => waiting.push(resolve))
        return count.isAway ? 'database takes no writes' : 'ready'
      },
    },
  } as unknown as Services
  const answer = createHealth(services, () => count.nowMs)
  const statusOf = async () => (await answer('/readyz'))?.status
  return { count, answer, statusOf, arrive: () => waiting.splice(0).forEach((go) => go()) }
}

test('a thousand who ask at once have one look at the database between them', async () => {
  const { count, statusOf, arrive } = counted()
  const all = Array.from({ length: 1_000 }, statusOf)
  arrive()
  assert.deepEqual([...new Set(await Promise.all(all))], [200])
  assert.equal(count.looks, 1)
})

test('a look is good for a second, and one that takes longer is waited for', async () => {
  const { count, statusOf, arrive } = counted()
  const first = statusOf()
  count.nowMs = 5_000
  const second = statusOf()
  arrive()
  assert.deepEqual(await Promise.all([first, second]), [200, 200])
  assert.equal(count.looks, 1)
  count.isAway = true
  const third = statusOf()
  arrive()
  assert.equal(await third, 503)
  count.nowMs = 5_999
  assert.equal(await statusOf(), 503)
  assert.equal(count.looks, 2)
})

test('while the clock is off it is not ready, and nothing is looked at', async () => {
  const { count, answer } = counted()
  count.isOff = true
  const told = await answer('/readyz')
  assert.deepEqual([told?.status, told?.source], [503, '{"status":"clock is off"}'])
  assert.equal(count.looks, 0)
})

test('/healthz looks at nothing, and other addresses are not its own', async () => {
  const { count, answer } = counted()
  assert.equal((await answer('/healthz'))?.status, 200)
  assert.equal(await answer('/health'), undefined)
  assert.equal(count.looks, 0)
})
