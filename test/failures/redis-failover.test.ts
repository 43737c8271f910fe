import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { ensurePrograms } from '../../dev/servers/packages.ts'
import { eventually } from '../../dev/command/eventually.ts'
import {
  startClusterGroup,
  startSentinelGroup,
  type RedisGroup,
} from '../../dev/servers/redis-groups.ts'
import { capturedCli } from '../captured-cli.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { begin } from './begin.ts'
import { call, type Heard } from './client.ts'
import { expectBilledOnce } from './expect-billed.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, temporaryFolder, type Site } from './site.ts'

const model = 'whole-both'
const clients = 8
/** What is promised with any Redis, or none. */
const endMsMax = 5_000

for (const [name, start] of [
  ['Sentinel', startSentinelGroup],
  ['Cluster', startClusterGroup],
] as const) {
  describe(`a failover of ${name} under load`, () => {
    const opened = new Opened()
    const agent = new Agent({ keepAlive: true })
    let group: RedisGroup
    let site: Site
    let relay: RelayChild

    before(async () => {
      await ensurePrograms(['redis-server'], () => undefined)
      group = await start({ dir: temporaryFolder(opened) })
      opened.closeWith(() => group.stop())
      opened.closeWith(() => agent.destroy())
      site = await openSite(opened, {
        redisUrl: group.url,
        pace: { firstByteMs: 1, eventMs: 5 },
      })
      relay = await site.startRelay()
    })
    after(() => opened.close())

    /** Calls until `until` is over; answers what was heard. */
    async function keepCalling(by: Customer, until: Promise<unknown>): Promise<Heard[]> {
      let isOver = false
      const end = () => (isOver = true)
      void until.then(end, end)
      const heard: Heard[] = []
      const client = async () => {
        while (!isOver) {
          const given = { ...by, say: '[[repeat:3]]', isStreamed: heard.length % 2 === 0 }
          heard.push(await call(relay.url, { ...given, model, agent }))
        }
      }
      await Promise.all(Array.from({ length: clients }, client))
      return heard
    }

    /** Revokes a key whose stream has no end; answers what the command line said of the news. */
    async function revoke({ keyId, secret }: Customer) {
      const stream = begin(relay.url, { secret, model, say: '[[endless]]', agent })
      await stream.begun
      const cli = capturedCli({ DATABASE_URL: site.books.url, REDIS_URL: group.url })
      const { exitCode, out } = await cli('key', 'revoke', String(keyId), '--json')
      assert.equal(exitCode, 0)
      const revokedAt = Date.now()
      const { at, text } = await stream.ended
      assert.match(text, /invalid_api_key/)
      assert.ok(at - revokedAt <= endMsMax, `a stream ended after ${at - revokedAt} ms`)
      return (JSON.parse(out) as { announced: boolean }).announced
    }

    async function failOver(pairs: Customer[]) {
      const first = await group.primary()
      await first.kill9()
      // In the middle of it, whether or not anybody hears of it.
      await revoke(pairs[0]!)
      await eventually('another primary', async () => (await group.primary()) !== first)
      await first.restart()
      await eventually('a relay that hears', async () => {
        const answer = await fetch(new URL('/readyz', relay.url))
        return ((await answer.json()) as { redis: string }).redis === 'ok'
      })
      assert.ok(await revoke(pairs[1]!))
    }

    test('fails no call, and keys that are revoked within it and after it end their streams', async () => {
      const { books, upstream } = site
      const customer = () => newCustomer(books.pool, { balanceNanos: 100e9 })
      const by = await customer()
      const done = failOver([await customer(), await customer()])
      const heard = await keepCalling(by, done)
      await done
      for (const { isComplete, status, text } of heard) assert.ok(isComplete, `${status} ${text}`)
      await whenNothingIsHeld(books.sql)
      await expectBilledOnce(books.sql, heard, upstream)
      await expectCleanBooks(books.pool)
    })
  })
}
