import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBooks, type Books } from '../test/books.ts'
import { Opened } from '../test/failures/opened.ts'
import {
  startFakeProviders,
  type FakeProviders,
} from '../dev/fakes/providers/fake-providers.server.ts'
import { startDemoUpstream, type DemoUpstream } from '../dev/fakes/upstream/demo-upstream.server.ts'
import { startMariadb, type Mariadb } from '../dev/servers/mariadb.ts'
import { ensurePrograms, mariadbPrograms } from '../dev/servers/packages.ts'
import { startRedis, type Redis } from '../dev/servers/redis.ts'

/** What two relays run on: stores, an upstream that remembers, and whom people sign in with. */
export type Ground = {
  /** A folder that the relays' user can read too. */
  dir: string
  opened: Opened
  mariadb: Mariadb
  redis: Redis
  books: Books
  upstream: DemoUpstream
  providers: FakeProviders
  /** The small disk that holds the database, where one could be mounted. */
  disk: string | undefined
  /** The folder of the binary log, on another disk than the database. */
  binlogs: string
}

const databaseName = 'relay'
/** The log of InnoDB takes 96 MiB; what is left is filled soon. */
const diskSize = '320m'

/** A disk of its own for the database, which can run full. Only root can mount one. */
function mountDisk(opened: Opened, folder: string): string | undefined {
  mkdirSync(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskSize}`, 'tmpfs', folder])
  if (status !== 0) return undefined
  opened.closeWith(() => spawnSync('umount', [folder], { stdio: 'inherit' }))
  return folder
}

/**
 * All tables are in one file, so that what one of them takes is not there for the others. Where no
 * disk can run full, that file does: it grows only so far.
 */
const serverOptions = (binlogs: string, disk: string | undefined) => [
  `--log-bin=${join(binlogs, 'binlog')}`,
  '--server-id=1',
  '--binlog-format=ROW',
  '--innodb-file-per-table=0',
  '--innodb-autoextend-increment=8',
  `--innodb-data-file-path=ibdata1:12M:autoextend${disk === undefined ? ':max:64M' : ''}`,
]

const pieces = [1_000_000, 10_000, 1_000, 100]

/** Leaves the database no place for anything more; answers what gives it back. */
export async function fillDatabase({ disk, books }: Ground): Promise<() => Promise<void>> {
  const filler = disk === undefined ? undefined : join(disk, 'filler')
  await books.sql('create table if not exists filler (piece longblob)')
  if (disk !== undefined && filler !== undefined) {
    const { bavail, bsize } = statfsSync(disk)
    spawnSync('fallocate', ['-l', String(bavail * bsize), filler])
  }
  for (const bytes of pieces) {
    // By ever smaller pieces, until none fits any more.
    const add = () => books.sql('insert into filler values (repeat(0x00, ?))', [bytes])
    while (await add().then(Boolean, isFull));
  }
  // A table that is small yet takes single pages, which a large one leaves alone.
  const small: string[] = []
  const addSmall = () => {
    small.push(`filler_${small.length}`)
    return books.sql(`create table ${small.at(-1)} (piece int)`)
  }
  while (await addSmall().then(Boolean, isFull));
  return async () => {
    if (filler !== undefined) rmSync(filler)
    await books.sql(`drop table if exists filler, ${small.join(', ')}`)
  }
}

/** The table is full, or a file beside it could not be written. */
const fullErrors = [1114, 1021, 1026, 3]

function isFull(error: unknown): false {
  if (fullErrors.includes((error as { errno?: number }).errno ?? 0)) return false
  throw error
}

/** Starts all of it, each on a free port of loopback; `opened` ends it. */
export async function openGround(say: (line: string) => void): Promise<Ground> {
  await ensurePrograms([...mariadbPrograms, 'redis-server', 'chromium'], say)
  const opened = new Opened()
  const dir = mkdtempSync(join(tmpdir(), 'relay-production-'))
  chmodSync(dir, 0o755)
  opened.closeWith(() => rmSync(dir, { recursive: true, force: true }))
  try {
    const disk = mountDisk(opened, join(dir, 'disk'))
    const binlogs = join(dir, 'binlogs')
    mkdirSync(binlogs)
    const mariadb = await startMariadb({
      dir: join(disk ?? dir, 'mariadb'),
      options: serverOptions(binlogs, disk),
    })
    opened.closeWith(() => mariadb.stop())
    await mariadb.createDatabase(databaseName)
    const redis = await startRedis({ dir: join(dir, 'redis') })
    opened.closeWith(() => redis.stop())
    const upstream = await startDemoUpstream({ pace: { firstByteMs: 60, eventMs: 4 } })
    opened.closeWith(() => upstream.close())
    const providers = await startFakeProviders()
    opened.closeWith(() => providers.close())
    const books = openBooks(mariadb.url(databaseName))
    opened.closeWith(() => books.then((it) => it.close()))
    const stores = { mariadb, redis, books: await books }
    return { dir, opened, disk, binlogs, upstream, providers, ...stores }
  } catch (error) {
    await opened.close()
    throw error
  }
}
