import type mysql from 'mysql2/promise'
import { limits } from '../config/limits.ts'
import { UnfitDatabase } from './check.ts'
import { doubleKey } from '../errors/faults.ts'
import type { DatabaseAddress } from './hosts.ts'
import { readMigrations, type Migration } from './migration-files.ts'
import { refuseUnknown } from './newer-schema.ts'
import { closeSession, inTurn, openSession, TurnLost, type Turn, type TurnOptions } from './turn.ts'

const ledgerOfMigrations = `create table if not exists migrations (
  id int not null primary key,
  name varchar(100) character set ascii collate ascii_bin not null,
  digest binary(32) not null,
  started_at datetime(3) not null default current_timestamp(3),
  finished_at datetime(3) null
) engine = innodb`

// Table, column and index that already exist: the statement ran, and only our note of it was lost.
const alreadyThere = new Set([1050, 1060, 1061])

type Noted = { id: number; name: string; digest: Buffer; finished: number }
type Notes = Map<number, Noted>

const noTable = 1146

/** What has been done to this database, or begun; nothing where nobody has been here yet. */
async function readNotes(db: mysql.Connection): Promise<Notes> {
  try {
    const [rows] = await db.query<mysql.RowDataPacket[]>(
      'select id, name, digest, finished_at is not null as finished from migrations order by id',
    )
    return new Map((rows as Noted[]).map((row) => [row.id, row]))
  } catch (error) {
    if ((error as { errno: number }).errno !== noTable) throw error
    return new Map()
  }
}

/** Those that are not done. Throws where one was changed after it ran. */
const dueOf = (migrations: Migration[], notes: Notes) =>
  migrations.filter(({ id, name, digest }) => {
    const noted = notes.get(id)
    if (noted?.finished !== 1) return true
    if (!digest.equals(noted.digest)) throw new Error(`migration ${name} was changed after it ran`)
    return false
  })

const isUpdate = ({ text }: Migration) => /^(?:--.*\n|\s)*update\b/i.test(text)

/**
 * Runs a statement. Where a unique key that it adds finds one thing twice, an older relay has
 * written it since the migration before made room for the key: that one, which is an update and
 * harmless to repeat, is run again, and then this.
 */
async function runWithRoom(
  turn: Turn,
  migration: Migration,
  before: Migration | undefined,
  triesLeft: number = limits.db.roomTriesMax,
): Promise<void> {
  try {
    await turn.db.query(migration.text)
  } catch (error) {
    const isTwice = (error as { errno: number }).errno === doubleKey
    if (!isTwice || !before || !isUpdate(before) || triesLeft <= 1) throw error
    await turn.keep()
    await turn.db.query(before.text)
    return runWithRoom(turn, migration, before, triesLeft - 1)
  }
}

type Due = { migration: Migration; before: Migration | undefined; isNoted: boolean }

async function apply(turn: Turn, { migration, before, isNoted }: Due) {
  const { db, keep } = turn
  const { id, name, digest } = migration
  if (!isNoted)
    await db.query('insert ignore into migrations (id, name, digest) values (?, ?, ?)', [
      id,
      name,
      digest,
    ])
  await keep()
  try {
    await runWithRoom(turn, migration, before)
  } catch (error) {
    // DDL commits by itself, so a crash can fall between it and the note below. A failure is no crash:
    // without its note, a table of somebody else's is not taken for ours the next time either.
    if (!isNoted) {
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
}

type MigrateOptions = {
  folder?: string
  /** Goes on where a newer version has migrated already. */
  allowNewer?: boolean
  /** How many relays are heard; asked only where one that must be stopped would do harm. */
  countRelays?: () => Promise<number>
  /** Tests have no time for its usual bounds. */
  turn?: TurnOptions
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
 * Brings the schema up to date: one DDL statement a file, by one process at a time (`inTurn`),
 * resumable after a crash anywhere. Answers the names it ran. Throws `UnfitDatabase` on a schema
 * that this version does not know, or where it would migrate under relays that must be stopped
 * first.
 */
export async function migrate(
  address: DatabaseAddress,
  options: MigrateOptions = {},
): Promise<string[]> {
  const migrations = readMigrations(options.folder)
  const look = async (db: mysql.Connection) => {
    const notes = await readNotes(db)
    if (!options.allowNewer) refuseUnknown([...notes.values()], migrations)
    return { notes, due: dueOf(migrations, notes) }
  }
  const db = await openSession(address)
  const { due } = await look(db).finally(() => closeSession(db))
  // Most starts find nothing to do, and wait for nobody.
  if (due.length === 0) return []
  const ran: string[] = []
  const work = async (turn: Turn) => {
    await turn.db.query(ledgerOfMigrations)
    // Whoever had the turn before may have done it all.
    const { notes, due } = await look(turn.db)
    if (options.countRelays) await refuseOldRelays(due, options.countRelays)
    for (const migration of due) {
      const before = migrations[migrations.indexOf(migration) - 1]
      await apply(turn, { migration, before, isNoted: notes.has(migration.id) })
      ran.push(migration.name)
    }
  }
  while ((await tryInTurn(address, work, options.turn)) === 'lost');
  return ran
}

/** `lost` where another has gone on with it meanwhile. */
async function tryInTurn(
  address: DatabaseAddress,
  work: (turn: Turn) => Promise<void>,
  turn?: TurnOptions,
) {
  try {
    await inTurn(address, 'migrate', work, turn)
    return 'done'
  } catch (error) {
    if (error instanceof TurnLost) return 'lost'
    throw error
  }
}
