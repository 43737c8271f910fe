import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../config/limits.ts'
import { openRedis } from '../../test/failures/opened-redis.ts'
import { startTcpProxy, type TcpProxy } from '../../test/failures/tcp-proxy.ts'
import { testRedisUrl } from '../../test/database.ts'
import { BoundedLimiter } from './bounded-limiter.ts'
import { createGuesses, type GuessKind, type Guesses } from './guesses.server.ts'

let proxy: TcpProxy
let url: string
before(async () => {
  proxy = await startTcpProxy({ targetPort: Number(new URL(testRedisUrl()).port) })
  url = proxy.through(testRedisUrl())
})
after(() => proxy.close())

/** Two relays of one installation. */
function twoRelays() {
  const one = openRedis(url, `guesses-${Math.random()}`)
  const other = openRedis(url, one.namespace)
  return {
    one: createGuesses(one.redis),
    other: createGuesses(other.redis),
    close: () => [one, other].forEach(({ redis }) => redis.close()),
  }
}

/** How many of so many tries at once are let in. */
async function letIn(guesses: Guesses[], kind: GuessKind, address: string, tries: number) {
  const all = Array.from({ length: tries }, (_, i) =>
    (guesses[i % guesses.length] as Guesses).take(kind, { address }),
  )
  return (await Promise.all(all)).filter((taken) => 'giveBack' in taken).length
}

const { anAddress, anAccount } = limits.addresses.guesses.redeem

test('all relays together let an address try so often, and no network of IPv6 more', async (t) => {
  const { one, other, close } = twoRelays()
  t.after(close)
  assert.equal(await letIn([one, other], 'redeem', '192.0.2.7', anAddress + 20), anAddress)
  assert.equal(await letIn([one], 'redeem', '192.0.2.8', 1), 1)
  assert.equal(await letIn([one], 'invitation', '192.0.2.7', 1), 1, 'of each kind apart')
  const [first, second] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9']
  assert.equal(await letIn([one], 'redeem', first, anAddress), anAddress)
  assert.equal(await letIn([other], 'redeem', second, 1), 0)
  assert.equal(await letIn([other], 'redeem', '2001:db8:1:3::1', 1), 1)
})

test('an account tries less often than an address, and what was right is given back', async (t) => {
  const { one, other, close } = twoRelays()
  t.after(close)
  for (let tries = 0; tries < anAccount; tries++) {
    const taken = await one.take('redeem', { accountId: 7 })
    assert.ok('giveBack' in taken)
    if (tries < 3) await taken.giveBack()
  }
  for (let tries = 0; tries < 3; tries++)
    assert.ok('giveBack' in (await other.take('redeem', { accountId: 7 })))
  const refused = await other.take('redeem', { accountId: 7 })
  const { seconds } = limits.addresses.guesses.redeem
  assert.ok('waitMs' in refused && refused.waitMs > 0 && refused.waitMs <= seconds * 1_000)
  assert.ok('giveBack' in (await other.take('redeem', { accountId: 8 })))
})

test('while Redis is away each relay counts by itself, and nobody waits for long', async (t) => {
  const { one, other, close } = twoRelays()
  t.after(close)
  assert.equal(await letIn([one], 'redeem', '192.0.2.7', 1), 1)
  proxy.refuse(true)
  proxy.dropAll()
  assert.equal(await letIn([one], 'redeem', '192.0.2.7', anAddress + 5), anAddress)
  assert.equal(await letIn([other], 'redeem', '192.0.2.7', anAddress + 5), anAddress)
  proxy.refuse(false)
})

test('counts of this process are of a bounded number, however many addresses come', async () => {
  const limiter = new BoundedLimiter({ points: 1_000, duration: 60 })
  const { ownCountsMax } = limits.addresses
  const names = Array.from({ length: ownCountsMax + 500 }, (_, i) => `from:${i}`)
  await Promise.all(names.map((name) => limiter.consume(name)))
  const { storage } = limiter.dump()
  assert.ok(storage.length < ownCountsMax && storage.length > ownCountsMax / 2)
})
