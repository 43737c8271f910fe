import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { present } from '../present.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { expectBilledOnce } from './expect-billed.ts'
import { priceOf } from './models.ts'
import { call } from './client.ts'
import { Opened } from './opened.ts'
import { randomFrom } from '../random.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, type Site } from './site.ts'

const seeds = 20
const callers = 200
const affordable = 50
const model = 'whole-output'

const opened = new Opened()
const agent = new Agent({ keepAlive: true })
let site: Site
let relays: RelayChild[]

before(async () => {
  site = await openSite(opened)
  opened.closeWith(() => agent.destroy())
  // On a machine whose disk is busy with something else, all 200 must get their turn.
  const patient = { reserveWaitMsMax: 60_000 }
  relays = await Promise.all([site.startRelay(patient), site.startRelay(patient)])
})
after(() => opened.close())

/** Looks at what is available again and again until `over`; answers the least and how often. */
async function watchAvailable({ accountId }: Customer, over: Promise<unknown>) {
  let isOver = false
  void over.finally(() => (isOver = true))
  let least = Infinity
  let looks = 0
  while (!isOver) {
    const [row] = await site.books.sql<{ available: number }>(
      `select plan_nanos - plan_held_nanos + balance_nanos - balance_held_nanos as available
         from accounts where id = ?`,
      [accountId],
    )
    assert.ok(row)
    least = Math.min(least, row.available)
    looks++
  }
  return { least, looks }
}

/** All callers at once, spread over the relays; each call's hold is exactly what it will cost. */
async function sendCrowd(seed: number, servers: RelayChild[]) {
  const random = randomFrom(seed)
  const tokens = random.whole(1, 40)
  const total = affordable * priceOf(model, 0, tokens)
  // Also where neither pool holds a whole number of calls.
  const planNanos = random.chance(0.3) ? 0 : random.whole(0, total)
  // Not enough for one more.
  const spare = random.whole(0, priceOf(model, 0, tokens) - 1)
  const customer = await newCustomer(site.books.pool, {
    planNanos,
    balanceNanos: total - planNanos + spare,
  })
  const before = site.upstream.served().length
  const crowd = Promise.all(
    Array.from({ length: callers }, (_, i) => {
      const { url } = present(servers[i % servers.length])
      const say = `[[repeat:${tokens}]]`
      const isStreamed = random.chance(0.5)
      return call(url, { ...customer, model, say, isStreamed, tokensMax: tokens, agent })
    }),
  )
  const { least, looks } = await watchAvailable(customer, crowd)
  const heard = await crowd
  const forwarded = site.upstream.served().length - before
  return { customer, heard, forwarded, least, looks, spare }
}

async function expectExactlyTheAffordable(seed: number, servers: RelayChild[]): Promise<number> {
  const { customer, heard, forwarded, least, looks, spare } = await sendCrowd(seed, servers)
  const ends = new Map<string, number>()
  for (const { isComplete, status, broken } of heard) {
    const end = isComplete ? 'answered' : (broken ?? String(status))
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  assert.deepEqual(
    { forwarded, ...Object.fromEntries(ends) },
    { forwarded: affordable, answered: affordable, 402: callers - affordable },
    `seed ${seed}: ${servers.map((relay) => relay.logged()).join('')}`,
  )
  assert.ok(least >= 0, `available was never below zero, seed ${seed}: ${least}`)
  await whenNothingIsHeld(site.books.sql)
  const [row] = await site.books.sql(
    'select plan_nanos + balance_nanos as left_over from accounts where id = ?',
    [customer.accountId],
  )
  assert.deepEqual(row, { left_over: spare }, `seed ${seed}`)
  await expectBilledOnce(site.books.sql, heard, site.upstream)
  return looks
}

describe('two hundred calls at once with money for fifty', () => {
  for (const count of [1, 2]) {
    const through = count === 1 ? 'one relay' : 'two relays on one database'
    test(`are fifty answers and 150 refusals through ${through}, ${seeds} times`, async (t) => {
      let looks = 0
      for (let seed = 0; seed < seeds; seed++) {
        looks += await expectExactlyTheAffordable(seed + 1_000 * count, relays.slice(0, count))
      }
      await expectCleanBooks(site.books.pool)
      t.diagnostic(`${seeds * callers} calls, ${looks} looks at what was available`)
      assert.ok(looks > seeds)
    })
  }
})
