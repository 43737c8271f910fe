import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Opened } from '../../test/failures/opened.ts'
import { openSql } from '../../test/sql.ts'
import { startDemoUpstream } from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { startMariadb } from '../../dev/servers/mariadb.ts'
import { ensurePrograms, mariadbPrograms } from '../../dev/servers/packages.ts'
import { startRedis } from '../../dev/servers/redis.ts'
import { environmentOf, runCli, startRelay, type Relay, type Said } from '../relays.ts'
import { Balancer } from './load.ts'
import type { Version } from './versions.ts'

/** Stores, an upstream that remembers, and relays of two versions behind one balancer. */
export type Stage = Awaited<ReturnType<typeof openStage>>

/** A relay that was asked to join: it serves, or has said why it does not. */
type Joined = { relay: Relay } | { refusal: string }

const databaseName = 'relay'

/** Starts the stores, on an empty database; `opened` ends them and every relay. */
export async function openStage(opened: Opened, say: (line: string) => void) {
  await ensurePrograms([...mariadbPrograms, 'redis-server'], say)
  const dir = mkdtempSync(join(tmpdir(), 'relay-upgrades-'))
  chmodSync(dir, 0o755)
  opened.closeWith(() => rmSync(dir, { recursive: true, force: true }))
  const mariadb = await startMariadb({ dir: join(dir, 'mariadb') })
  opened.closeWith(() => mariadb.stop())
  await mariadb.createDatabase(databaseName)
  const redis = await startRedis({ dir: join(dir, 'redis') })
  opened.closeWith(() => redis.stop())
  const upstream = await startDemoUpstream({ pace: { firstByteMs: 20, eventMs: 2 } })
  opened.closeWith(() => upstream.close())
  const { sql, end } = openSql(mariadb.url(databaseName))
  opened.closeWith(end)
  const ground = { dir, redis, upstream, providers: { env: {} } }
  const secret = randomBytes(32).toString('base64url')
  const url = mariadb.url(databaseName)
  const site = { ground, databaseUrls: [url, url] as const, appUrl: 'https://relay.example' }
  const told = environmentOf(site, secret)
  const balancer = new Balancer()
  return {
    dir,
    upstream,
    books: { sql },
    balancer,
    /** Starts a relay of a version; calls go to it from when it is ready. */
    async join({ folder }: Version, env: Record<string, string> = {}): Promise<Joined> {
      try {
        const relay = await startRelay({ dir }, { ...told, ...env }, folder)
        opened.closeWith(() => relay.stop())
        balancer.add(relay.port)
        return { relay }
      } catch (error) {
        return { refusal: (error as Error).message }
      }
    },
    /** Ends it as an operator does: no new calls, then SIGTERM, which waits for those under way. */
    async leave(relay: Relay): Promise<void> {
      balancer.takeOut(relay.port)
      await relay.stop()
    },
    cli: ({ folder }: Version, ...args: string[]): Promise<Said> => runCli(told, folder, args),
  }
}
