import { join } from 'node:path'
import { type Announce } from '../../dev/command/announce.ts'
import { readSettings, testServers } from '../../dev/command/environment.ts'
import { fetchPrograms } from '../../dev/servers/debian-archive.ts'
import { engines, startEngine, type EngineName } from '../../dev/servers/engines.ts'
import { startMariadb } from '../../dev/servers/mariadb.ts'
import { ensurePrograms, mariadbPrograms } from '../../dev/servers/packages.ts'
import { runSql } from '../../test/sql.ts'

/** A server to try, and its end where it was started here. */
export type Server = { title: string; url: string; stop(): Promise<void> }

type Source = { name: string; open(): Promise<Pick<Server, 'url' | 'stop'>> }

/** What of Debian's archive was fetched stays, for the next time. */
const fetchedInto = (name: string) => join(readSettings().dataDir, 'engines', name)

const given = (url: string): Source => ({
  name: 'given',
  // Nobody's to stop.
  open: () => Promise.resolve({ url, stop: () => Promise.resolve() }),
})

const own = (dir: string, say: Announce): Source => ({
  name: 'own',
  async open() {
    await ensurePrograms(mariadbPrograms, say)
    const mariadb = await startMariadb({ dir: join(dir, 'own') })
    return { url: mariadb.url(), stop: () => mariadb.stop() }
  },
})

const fetched = (engine: EngineName, dir: string, say: Announce): Source => ({
  name: engine,
  async open() {
    const { package: wanted, suite } = engines[engine]
    const folder = fetchedInto(`${engine}-${suite}`)
    const programs = await fetchPrograms({ package: wanted, suite, folder }, say)
    return startEngine({ engine, programs, dir: join(dir, engine) })
  },
})

/**
 * Servers that TEST_DATABASE_URL names, apart by a space; without it, this machine's own MariaDB and
 * those of Debian's archive. `words` choose among them.
 */
export function sourcesFor(words: string[], dir: string, say: Announce): Source[] {
  const named = (testServers().databaseUrl ?? '').split(/\s+/).filter((url) => url !== '')
  if (named.length > 0) return named.map(given)
  const all = [
    own(dir, say),
    ...(Object.keys(engines) as EngineName[]).map((engine) => fetched(engine, dir, say)),
  ]
  return all.filter(({ name }) => words.length === 0 || words.includes(name))
}

/** Opens it, and asks it what it is. */
export async function openServer({ open }: Source): Promise<Server> {
  const opened = await open()
  const url = opened.url.endsWith('/') ? opened.url : `${opened.url}/`
  const [row] = await runSql<{ version: string; comment: string }>(
    url,
    'select version() as version, @@version_comment as comment',
  )
  const { version = '', comment = '' } = row ?? {}
  const name = /mariadb/i.test(version) ? 'MariaDB' : comment.split(/[ (]/)[0] || 'MySQL'
  return {
    title: `${name} ${version.split('-')[0]}`,
    url,
    stop: () => opened.stop(),
  }
}
