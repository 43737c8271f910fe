import mysql from 'mysql2/promise'
import { UnfitDatabase } from './check.ts'
import { readMigrations, type Migration } from './migration-files.ts'
import { refuseUnknown } from './newer-schema.ts'

const ledgerOfMigrations = `create table if not exists migrations (
  id int not null primary key,
  name varchar(100) character set ascii collate ascii_bin not null,
  digest binary(32) not null,
  started_at datetime(3) not null default current_timestamp(3),
  finished_at datetime(3) null
) engine = innodb`

// Table, column and index that already exist: the statement ran, and only our note of it was lost.
const alreadyThere = new Set([1050, 1060, 1061])

async function apply(db: mysql.Connection, { id, name, text, digest }: Migration) {
  const [found] = await db.query<mysql.RowDataPacket[]>(
    'select digest, finished_at from migrations where id = ?',
    [id],
  )
  const noted = found[0]
  if (noted?.finished_at) {
    if (!digest.equals(noted.digest)) throw new Error(`migration ${name} was changed after it ran`)
    return false
  }
  if (!noted)
    await db.query('insert into migrations (id, name, digest) values (?, ?, ?)', [id, name, digest])
  try {
    await db.query(text)
  } catch (error) {
    // DDL commits by itself, so a crash can fall between it and the note below. A failure is no crash:
    // without its note, a table of somebody else's is not taken for ours the next time either.
    if (!noted) {
      // What is thrown is why the migration failed; a note that stays is one of a crash.
      await db.query('delete from migrations where id = ?', [id]).catch(() => undefined)
      throw error
    }
    if (!alreadyThere.has((error as { errno: number }).errno)) throw error
  }
  await db.query(
    'update migrations set finished_at = current_timestamp(3), digest = ? where id = ?',
    [digest, id],
  )
  return true
}

type Noted = { id: number; name: string; finished: number }

const readNoted = async (db: mysql.Connection) =>
  (
    await db.query<mysql.RowDataPacket[]>(
      'select id, name, finished_at is not null as finished from migrations order by id',
    )
  )[0] as Noted[]

type MigrateOptions = {
  folder?: string
  /** Goes on where a newer version has migrated already. */
  allowNewer?: boolean
  /** How many relays are heard; asked only where one that must be stopped would do harm. */
  countRelays?: () => Promise<number>
}

async function refuseOldRelays(due: Migration[], countRelays: () => Promise<number>) {
  const stopping = due.find(({ stopsOldRelays }) => stopsOldRelays)
  const relays = stopping ? await countRelays() : 0
  if (!stopping || relays === 0) return
  throw new UnfitDatabase(
    `Before this version may migrate the database (${stopping.name}), older relays must be ` +
      `stopped, and ${relays} of them ${relays === 1 ? 'was' : 'were'} heard within the last ` +
      'minute: stop them and start again, or set ALLOW_OLD_RELAYS=1 and run repair totals later.',
  )
}

/**
 * Brings the schema up to date: one DDL statement a file, under GET_LOCK so that replicas that
 * start together take turns, resumable after a crash anywhere. Answers the names it ran. Throws
 * `UnfitDatabase` on a schema that this version does not know, or where it would migrate under
 * relays that must be stopped first.
 */
export async function migrate(
  url: string,
  { folder, allowNewer = false, countRelays }: MigrateOptions = {},
): Promise<string[]> {
  const migrations = readMigrations(folder)
  const db = await mysql.createConnection({ uri: url, timezone: 'Z', connectTimeout: 5_000 })
  try {
    await db.query(`set session time_zone = '+00:00'`)
    const [locked] = await db.query<mysql.RowDataPacket[]>(
      `select get_lock(concat('relay-migrate:', left(sha2(database(), 256), 32)), 120) as held`,
    )
    if (locked[0]?.held !== 1) throw new Error('another process has been migrating for two minutes')
    await db.query(ledgerOfMigrations)
    const noted = await readNoted(db)
    if (!allowNewer) refuseUnknown(noted, migrations)
    const finished = new Set(noted.filter((row) => row.finished === 1).map(({ id }) => id))
    const due = migrations.filter(({ id }) => !finished.has(id))
    if (countRelays) await refuseOldRelays(due, countRelays)
    const ran: string[] = []
    for (const migration of migrations) {
      if (await apply(db, migration)) ran.push(migration.name)
    }
    return ran
  } finally {
    // Ends the lock with the connection.
    await db.end().catch(() => db.destroy())
  }
}
