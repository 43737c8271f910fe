import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import mysql from 'mysql2/promise'

const ledgerOfMigrations = `create table if not exists migrations (
  id int not null primary key,
  name varchar(100) character set ascii collate ascii_bin not null,
  digest binary(32) not null,
  started_at datetime(3) not null default current_timestamp(3),
  finished_at datetime(3) null
) engine = innodb`

type Migration = { id: number; name: string; text: string; digest: Buffer }

/** The numbered files in order. Throws when a number is missing, doubled or out of form. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name, index) => {
    const id = Number(/^(\d{4})_[a-z_]+\.sql$/.exec(name)?.[1])
    if (id !== index + 1) throw new Error(`sql/migrations/${name} is not number ${index + 1}`)
    const text = readFileSync(join(folder, name), 'utf8')
    return { id, name, text, digest: createHash('sha256').update(text).digest() }
  })
}

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

/**
 * Brings the schema up to date: one DDL statement a file, under GET_LOCK so that replicas that
 * start together take turns, resumable after a crash anywhere. Answers the names it ran.
 */
export async function migrate(url: string, folder = 'sql/migrations'): Promise<string[]> {
  const db = await mysql.createConnection({ uri: url, timezone: 'Z', connectTimeout: 5_000 })
  try {
    await db.query(`set session time_zone = '+00:00'`)
    const [locked] = await db.query<mysql.RowDataPacket[]>(
      `select get_lock(concat('relay-migrate:', left(sha2(database(), 256), 32)), 120) as held`,
    )
    if (locked[0]?.held !== 1) throw new Error('another process has been migrating for two minutes')
    await db.query(ledgerOfMigrations)
    const ran: string[] = []
    for (const migration of readMigrations(folder)) {
      if (await apply(db, migration)) ran.push(migration.name)
    }
    return ran
  } finally {
    // Ends the lock with the connection.
    await db.end().catch(() => db.destroy())
  }
}
