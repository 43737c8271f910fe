import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../test/present.ts'
import { runSql } from '../test/sql.ts'
import { childEnvironment } from '../dev/command/environment.ts'
import { startMariadb, type Mariadb } from '../dev/servers/mariadb.ts'
import type { Ground } from './ground.ts'
import { isRight, lastLine, linesOf, type Section } from './proof.ts'
import type { Said } from './relays.ts'
import { underLoad, type Site } from './site.ts'
import type { Doing } from './timeline.ts'

type Books = { calls: number; entries: number; nanos: string; keyIsDead: number }

/** The key that is revoked: the second, which the browser has made. */
const keyId = 2

/** What the books hold, to be compared with what comes back of them. */
async function sumUp(url: string): Promise<Books> {
  const [row] = await runSql<Books>(
    url,
    `select (select count(*) from calls) as calls, (select count(*) from entries) as entries,
            (select cast(sum(balance_nanos) as char) from accounts) as nanos,
            (select revoked_at is not null from api_keys where id = ?) as keyIsDead`,
    [keyId],
  )
  return { ...present(row) }
}

/** How MariaDB's own programs reach a server. */
function writeClientFile(path: string, mariadb: Mariadb): string {
  const { hostname, port, username, password } = new URL(mariadb.url())
  const lines = ['[client]', `host=${hostname}`, `port=${port}`, `user=${username}`]
  writeFileSync(path, [...lines, `password=${password}`, ''].join('\n'), { mode: 0o600 })
  return path
}

/** `deploy/backup.sh` as an operator runs it. */
function backupScript(settings: Record<string, string>) {
  return (...args: string[]): Said => {
    const { status, stdout, stderr } = spawnSync('sh', [resolve('deploy/backup.sh'), ...args], {
      env: childEnvironment(settings),
      encoding: 'utf8',
    })
    return { status, text: stdout + stderr }
  }
}

/** Restores into an empty server of its own; answers the books there and what `verify` says. */
async function restoreElsewhere(ground: Ground, name: string, folder: string, args: string[]) {
  // Under a name that the log does not know.
  const database = `relay_${name}`
  const mariadb = await startMariadb({ dir: join(ground.dir, name) })
  ground.opened.closeWith(() => mariadb.stop())
  const said = backupScript({
    BACKUPS: join(ground.dir, 'backups'),
    BACKUP_CNF: writeClientFile(join(ground.dir, `${name}.cnf`), mariadb),
    DATABASE: database,
    RELAY_DIR: folder,
    DATABASE_URL: mariadb.url(database),
  })('restore', ...args)
  return { said, books: await sumUp(mariadb.url(database)) }
}

const wordsOf = ({ calls, entries, nanos, keyIsDead }: Books) =>
  `${calls} calls, ${entries} entries, ${nanos} nano-dollars, the key ${keyIsDead ? 'revoked' : 'alive'}`

/** A dump under load, a moment, a key that is revoked after it, and both ways back. */
export async function backUpAndRestore(site: Site, folder: string): Promise<Section> {
  const { ground, relays } = site
  const backups = join(ground.dir, 'backups')
  mkdirSync(backups)
  const cnf = writeClientFile(join(ground.dir, 'backup.cnf'), ground.mariadb)
  const backup = backupScript({ BACKUPS: backups, BACKUP_CNF: cnf, DATABASE: 'relay' })
  let moment = ''
  const said: Said[] = []
  const doings: Doing[] = [
    {
      what: 'dump',
      atMs: 3_000,
      mayRefuse: false,
      work: async () => {
        said.push(backup('dump'))
        return Promise.resolve('`backup.sh dump`')
      },
    },
    {
      what: 'a key revoked',
      atMs: 9_000,
      mayRefuse: false,
      work: async () => {
        moment = new Date().toISOString().slice(0, 19).replace('T', ' ')
        // The binary log knows whole seconds.
        await sleep(2_000)
        said.push(await relays.cli(folder, 'key', 'revoke', String(keyId)))
        return 'two seconds after the moment'
      },
    },
  ]
  const run = await underLoad(site, { doings, seconds: 15, folder })
  said.push(backup('binlog'))
  const lived = await sumUp(ground.books.url)
  const whole = await restoreElsewhere(ground, 'restored', folder, [])
  const earlier = await restoreElsewhere(ground, 'earlier', folder, ['--until', moment])
  const failed = [...said, whole.said, earlier.said].filter(({ status }) => status !== 0)
  const isWhole = JSON.stringify(whole.books) === JSON.stringify(lived)
  const isEarlier = earlier.books.keyIsDead === 0 && earlier.books.calls < lived.calls
  return {
    title: 'A backup under load, and the way back',
    isRight: isRight(run) && isWhole && isEarlier && failed.length === 0,
    lines: [
      ...linesOf(run),
      '',
      `- the books then: ${wordsOf(lived)}`,
      `- restored to the end: ${wordsOf(whole.books)}; ${lastLine(whole.said)}`,
      `- restored to the moment: ${wordsOf(earlier.books)}; ${lastLine(earlier.said)}`,
      ...failed.map(({ text }) => `- failed: ${text}`),
    ],
  }
}
