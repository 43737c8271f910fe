import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import { limits } from '../config/limits.ts'
import { faultOf } from '../errors/faults.ts'
import { hostUrl, type DatabaseAddress } from './hosts.ts'

const { idleSecondsMax, leaseSeconds, lookEveryMs, renewEveryMs, waitMsMax } = limits.db.turn

const turnsTable = `create table if not exists turns (
  name varchar(40) character set ascii collate ascii_bin not null primary key,
  holder binary(16) not null,
  held_until datetime(3) not null
) engine = innodb`

const noTable = 1146
/** For each second of a turn: short statements, one after the other, do not each renew it. */
const keptMsPerSecond = 30

/** Somebody else has the turn now: this process was stopped, or could not reach the database. */
export class TurnLost extends Error {}

/** What only one process at a time may do to a database, on the connection that it may do it on. */
export type Turn = {
  db: mysql.Connection
  /**
   * Said right before each statement that no other process may run at once. Throws `TurnLost` where
   * the turn is another's. Who is stopped after it finds the connection cut, well before another may
   * take the turn: a table is never dropped by who slept while others filled it.
   */
  keep(): Promise<void>
}

/** The bounds of `limits.db.turn`, for which tests have no time. */
export type TurnOptions = {
  leaseSeconds?: number
  idleSecondsMax?: number
  renewEveryMs?: number
  waitMsMax?: number
}

/** A connection for statements that are no calls': it may wait, and its times are UTC. */
export async function openSession(address: DatabaseAddress): Promise<mysql.Connection> {
  const uri = await hostUrl(address)
  const db = await mysql.createConnection({ uri, timezone: 'Z', connectTimeout: 5_000 })
  // What ends it is told to whoever sends the next statement.
  db.on('error', () => undefined)
  try {
    await db.query(`set session time_zone = '+00:00'`)
    return db
  } catch (error) {
    db.destroy()
    throw error
  }
}

// One that does not say goodbye in time is cut.
export const closeSession = (db: mysql.Connection) => db.end().catch(() => db.destroy())

/** Both before there is a turn that would have to be given back. */
async function openTwo(address: DatabaseAddress): Promise<[mysql.Connection, mysql.Connection]> {
  const db = await openSession(address)
  try {
    return [db, await openSession(address)]
  } catch (error) {
    await closeSession(db)
    throw error
  }
}

async function changed(db: mysql.Connection, text: string, values: unknown[]): Promise<boolean> {
  const [{ affectedRows }] = await db.query<mysql.ResultSetHeader>(text, values)
  return affectedRows === 1
}

const untilThen = 'current_timestamp(3) + interval ? second'

/**
 * Takes the turn where it is free or has run out, by the database's clock. That holds on all servers
 * of a cluster: one row is changed, and of two who change it at once the second is refused.
 */
async function take(
  db: mysql.Connection,
  name: string,
  holder: Buffer,
  seconds: number,
): Promise<boolean> {
  try {
    return (
      (await changed(
        db,
        `update turns set holder = ?, held_until = ${untilThen}
          where name = ? and held_until <= current_timestamp(3)`,
        [holder, seconds, name],
      )) ||
      (await changed(
        db,
        `insert ignore into turns (name, holder, held_until) values (?, ?, ${untilThen})`,
        [name, holder, seconds],
      ))
    )
  } catch (error) {
    if ((error as { errno?: number }).errno === noTable) {
      await db.query(turnsTable)
      return take(db, name, holder, seconds)
    }
    // Two are at it at once.
    if (faultOf(error) !== 'again') throw error
    return false
  }
}

const renew = (db: mysql.Connection, name: string, holder: Buffer, seconds: number) =>
  changed(
    db,
    `update turns set held_until = ${untilThen}
      where name = ? and holder = ? and held_until > current_timestamp(3)`,
    [seconds, name, holder],
  )

async function wait(db: mysql.Connection, name: string, holder: Buffer, options: TurnOptions) {
  const endMs = performance.now() + (options.waitMsMax ?? waitMsMax)
  while (!(await take(db, name, holder, options.leaseSeconds ?? leaseSeconds))) {
    if (performance.now() > endMs)
      throw new Error(`another process has had its turn at "${name}" for two minutes`)
    await sleep(lookEveryMs)
  }
}

/**
 * Runs `work` while no other process, at whatever server of a cluster, runs work of this name on
 * this database. A row says whose turn it is, and until when: who dies is followed by the next when
 * that time is over. GET_LOCK would be known to one server alone (docs/decisions/0042).
 */
export async function inTurn<T>(
  address: DatabaseAddress,
  name: string,
  work: (turn: Turn) => Promise<T>,
  options: TurnOptions = {},
): Promise<T> {
  const holder = randomBytes(16)
  const seconds = options.leaseSeconds ?? leaseSeconds
  const [db, beside] = await openTwo(address)
  try {
    // A holder that is stopped is cut off before its turn runs out.
    await db.query(`set session wait_timeout = ${options.idleSecondsMax ?? idleSecondsMax}`)
    await wait(db, name, holder, options)
    // A statement may take longer than the turn: this says meanwhile that its process lives.
    const timer = setInterval(() => {
      // Where it fails the turn runs out, and `keep` tells.
      renew(beside, name, holder, seconds).catch(() => undefined)
      // Whoever sends the next statement is told.
      db.query('select 1').catch(() => undefined)
    }, options.renewEveryMs ?? renewEveryMs)
    let keptMs = performance.now()
    try {
      return await work({
        db,
        async keep() {
          // A moment ago is as good as now: the turn is so much longer.
          const nowMs = performance.now()
          if (nowMs - keptMs < seconds * keptMsPerSecond) return
          const isOurs = await renew(db, name, holder, seconds).catch((error: unknown) => {
            if (faultOf(error) !== 'lost') throw error
            return false
          })
          if (!isOurs)
            throw new TurnLost(
              `the turn at "${name}" was lost: this process was stopped for a while, or did not ` +
                'reach the database; what it had yet to do is left to the next one',
            )
          keptMs = nowMs
        },
      })
    } finally {
      clearInterval(timer)
      const free =
        'update turns set held_until = current_timestamp(3) where name = ? and holder = ?'
      // Where it fails, the next one waits until the time is over.
      await beside.query(free, [name, holder]).catch(() => undefined)
    }
  } finally {
    await Promise.all([db, beside].map(closeSession))
  }
}
