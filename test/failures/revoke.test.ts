import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { present } from '../present.ts'
import { countText } from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { contentOf, eventsOf, type Chunk } from '../raw-client.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { childEnvironment } from '../../dev/command/environment.ts'
import { spawnOwned } from '../../dev/servers/processes.ts'
import { startRedis, type Redis } from '../../dev/servers/redis.ts'
import { readCalls } from '../calls.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer, newKey } from '../customer.ts'
import { callIdOf, servedFor } from './expect-billed.ts'
import { priceOf } from './models.ts'
import { begin } from './begin.ts'
import { call, type Heard } from './client.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, temporaryFolder, type Site } from './site.ts'

const model = 'whole-both'
const clients = 16
/** What the issue promises: an endless stream ends so soon. */
const endMsMax = 5_000

const opened = new Opened()
const agent = new Agent({ keepAlive: true })
let site: Site
let redis: Redis
let relays: RelayChild[]

before(async () => {
  const dir = temporaryFolder(opened)
  redis = await startRedis({ dir })
  opened.closeWith(() => redis.stop())
  site = await openSite(opened, { redisUrl: redis.url, pace: { firstByteMs: 1, eventMs: 5 } })
  opened.closeWith(() => agent.destroy())
  relays = await Promise.all([site.startRelay(), site.startRelay()])
})
after(() => opened.close())

/** Runs `key revoke` in a process of its own; answers what it said and when it had returned. */
async function revoke(keyId: number) {
  const command = ['--import', 'tsx', 'app/cli/main.ts', 'key', 'revoke', String(keyId), '--json']
  const env = childEnvironment({ DATABASE_URL: site.books.url, REDIS_URL: redis.url })
  const child = spawnOwned(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const said = text(present(child.stdout))
  const exit = await child.exited
  const returnedAt = Date.now()
  assert.deepEqual(exit, { code: 0, signal: null })
  return { returnedAt, ...(JSON.parse(await said) as { changed: boolean; announced: boolean }) }
}

const openEndless = (relay: RelayChild, secret: string) =>
  begin(relay.url, { secret, model, say: '[[endless]]', agent })

/** Calls without a break until each client has been refused three times. */
async function load(secret: string, note: (heard: Heard) => void): Promise<void> {
  const client = async (_: unknown, i: number) => {
    for (let refused = 0, n = i; refused < 3; n++) {
      const { url } = present(relays[n % relays.length])
      const given = { secret, model, say: '[[repeat:3]]', isStreamed: n % 3 === 0 }
      const heard = await call(url, { ...given, agent })
      note(heard)
      if (heard.status === 401) refused++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
}

/** The stream said why it ended, and cost what had been delivered of it. */
async function expectRevoked(heard: Heard) {
  const events = eventsOf(heard.text).map((data) => JSON.parse(data) as Chunk & { error?: object })
  const { error } = events.pop() ?? {}
  assert.equal((error as { code?: string } | undefined)?.code, 'invalid_api_key')
  assert.ok(!heard.isComplete && !heard.text.includes('[DONE]'))
  const [row] = await readCalls(site.books.sql, 'id = ?', [callIdOf(heard)])
  assert.ok(row, `call ${heard.id} is in the books`)
  const { promptTokens } = servedFor(row, site.upstream)
  const delivered = countText(contentOf(events))
  const cost = priceOf(model, promptTokens, delivered)
  assert.ok(delivered > 0)
  assert.deepEqual(
    [row.outcome, row.output, row.cost, row.charges, row.charged],
    ['revoked', delivered, cost, 1, cost],
  )
}

async function revokeUnderLoad() {
  const { books, upstream } = site
  const { accountId, ...key } = await newCustomer(books.pool, { balanceNanos: 100e9 })
  const other = openEndless(present(relays[0]), (await newKey(books.pool, accountId)).secret)
  const endless = relays.map((relay) => openEndless(relay, key.secret))
  await Promise.all([other, ...endless].map(({ begun }) => begun))
  const ends = new Map<number, number>()
  let answered = 0
  const loaded = load(key.secret, ({ status, isComplete }) => {
    ends.set(status, (ends.get(status) ?? 0) + 1)
    if (isComplete) answered++
  })
  await eventually('fifty answers', () => answered >= 50)
  const { returnedAt, changed, announced } = await revoke(key.keyId)
  assert.ok(changed)
  const cut = await Promise.all(endless.map(({ ended }) => ended))
  await loaded
  const late = upstream.served().filter(({ at }) => at > returnedAt)
  assert.equal(late.length, 0, 'no call started after the command had returned')
  assert.deepEqual([...ends.keys()].sort(), [200, 401])
  // From the moment the revocation took effect, which is before the command returned.
  const [row] = await books.sql<{ revokedAt: Date }>(
    'select revoked_at as revokedAt from api_keys where id = ?',
    [key.keyId],
  )
  const tookMs = cut.map(({ at }) => at - present(row).revokedAt.getTime())
  for (const ms of tookMs) assert.ok(ms <= endMsMax, `a stream ended after ${ms} ms`)
  const heardBefore = other.bytes()
  await eventually('the other stream goes on', () => other.bytes() > heardBefore)
  assert.equal((await other.leave()).status, 200)
  await whenNothingIsHeld(books.sql)
  for (const heard of cut) await expectRevoked(heard)
  await expectCleanBooks(books.pool)
  return { announced, figures: `${answered} answered before, streams ended after ${tookMs} ms` }
}

describe('a key revoked by the command line while two relays are busy with it', () => {
  test('starts no call once the command has returned, and its streams end', async (t) => {
    const { announced, figures } = await revokeUnderLoad()
    assert.ok(announced)
    t.diagnostic(figures)
  })

  test('does so too while Redis is frozen', async (t) => {
    redis.pause()
    const { announced, figures } = await revokeUnderLoad().finally(() => redis.resume())
    assert.ok(!announced)
    t.diagnostic(figures)
  })

  test('does so too while Redis is dead', async (t) => {
    await redis.kill9()
    const { announced, figures } = await revokeUnderLoad()
    assert.ok(!announced)
    t.diagnostic(figures)
  })
})
