import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  startDemoUpstream,
  type DemoUpstream,
  type Pace,
} from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { startMariadb, type Mariadb } from '../../dev/servers/mariadb.ts'
import type { RelayProcessOptions } from './relay-process.ts'
import { migratedDatabase, testDatabase, testRedisUrl } from '../database.ts'
import { openBooks, type Books } from '../books.ts'
import { putOnSale } from './models.ts'
import type { Opened } from './opened.ts'
import { endRelayChildren, startRelayChild, type RelayChild } from './relay-child.ts'

/** Books, an upstream that remembers, and relays in processes of their own between the two. */
export type Site = {
  books: Books
  upstream: DemoUpstream
  startRelay(more?: Partial<RelayProcessOptions>): Promise<RelayChild>
}

type SiteSettings = {
  /** A database of its own; one of the test server's unless given. */
  databaseUrl?: string
  redisUrl?: string
  pace?: Pace | 'fast'
}

/** Sets the site; `opened` clears it away. */
export async function openSite(opened: Opened, settings: SiteSettings = {}): Promise<Site> {
  const books = await openBooks(settings.databaseUrl ?? (await freshDatabase(opened)))
  opened.closeWith(() => books.close())
  await putOnSale(books.pool)
  const upstream = await startDemoUpstream({ pace: settings.pace ?? 'fast' })
  opened.closeWith(() => upstream.close())
  opened.closeWith(endRelayChildren)
  const redisUrl = settings.redisUrl ?? testRedisUrl()
  return {
    books,
    upstream,
    startRelay: (more) => startRelayChild({ databaseUrl: books.url, redisUrl, upstream, ...more }),
  }
}

async function freshDatabase(opened: Opened): Promise<string> {
  const database = await migratedDatabase()
  opened.closeWith(() => database.drop())
  return database.url
}

/** For relays that make its tables themselves. */
export async function emptyDatabase(opened: Opened): Promise<string> {
  const database = await testDatabase()
  opened.closeWith(() => database.drop())
  return database.url
}

/** A database server that a test may stop, and an empty database on it. */
export async function startOwnMariadb(opened: Opened): Promise<{ mariadb: Mariadb; url: string }> {
  const mariadb = await startMariadb({ dir: join(temporaryFolder(opened), 'mariadb') })
  opened.closeWith(() => mariadb.stop())
  await mariadb.createDatabase('books')
  return { mariadb, url: mariadb.url('books') }
}

/** A folder for a server that a test may kill. */
export function temporaryFolder(opened: Opened): string {
  const path = mkdtempSync(join(tmpdir(), 'relay-whole-'))
  opened.closeWith(() => rmSync(path, { recursive: true, force: true }))
  return path
}
