import createConnectionPool, { sql, type Connection } from '@databases/mysql'
import { limits } from '../config/limits.ts'
import { faultOf } from '../errors/faults.ts'
import { asksForCluster, isCluster, isRead, seeingAll } from './engine.ts'
import type { DatabaseAddress } from './hosts.ts'
import { inTime } from './in-time.ts'
import { movingPool } from './moving-pool.ts'
import type { Db } from './run.ts'
import type { Bound } from './statement.ts'

const { answerMsMax, compareMsMax, idleMsMax, triesMax } = limits.db

export type Pool = Db & {
  /** Runs one transaction; see `transact`. */
  transact<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Reads many statements from one moment of the database, for those who compare. */
  snapshot<T>(work: (db: Db) => Promise<T>): Promise<T>
  close(): Promise<void>
}
/**
 * What a transaction returns to have itself rolled back, and why: a value, because throwing costs
 * the connection.
 */
export type RolledBack<Reason extends string = string> = { rolledBack: Reason }
export const rollBack = <Reason extends string>(reason: Reason): RolledBack<Reason> => ({
  rolledBack: reason,
})
export const isRolledBack = (result: unknown): result is RolledBack =>
  typeof result === 'object' && result !== null && 'rolledBack' in result

const toQuery = ({ text, values }: Bound, all: boolean) => {
  const texts = (all && isRead(text) ? seeingAll(text) : text).split('?')
  // A question mark of the statement's own text would be counted here as a parameter.
  if (texts.length !== values.length + 1) throw new Error('a statement file may not contain "?"')
  const parts = texts.flatMap((part, i) => {
    const raw = sql.__dangerous__rawValue(part)
    return i < values.length ? [raw, sql.value(values[i])] : [raw]
  })
  return sql.join(parts, '')
}

const sender = (
  connection: Pick<Connection, 'query'>,
  { msMax = answerMsMax, all = false } = {},
): Db => ({
  send: (bound) => inTime(msMax, connection.query(toQuery(bound, all))),
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const deadlock = 1213

/** Does again what was rolled back and `mayBeAgain`, some times. */
async function again<T>(mayBeAgain: (error: unknown) => boolean, work: () => Promise<T>) {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      // A failed statement costs the connection, and with it the server rolls back.
      if (!mayBeAgain(error) || tries >= triesMax) throw error
      await sleep(10 + Math.random() * 90 * tries)
    }
  }
}

const isAgain = (error: unknown) => faultOf(error) === 'again'
/** By itself a statement is done or not; this one was not, and others are not in its way for long. */
const isDeadlock = (error: unknown) => (error as { errno?: number }).errno === deadlock

// One statement each: @databases/mysql would wrap a list in a transaction of its own.
const settings = [
  sql`set session transaction isolation level read committed`,
  // As in a lane: a stopped process gives its locks back. On MySQL, whose limit is one for the
  // connection, only after the pool itself has closed what is idle, so that nobody is handed one
  // that was just cut, and soon enough that an account is served again within 20 s. Each server
  // reads a comment where the other's limit stands.
  sql`set session innodb_lock_wait_timeout = 5, net_read_timeout = 10 /*M!100301 , session idle_transaction_timeout = 10 */ /*!80000 , session wait_timeout = 15 */`,
]
const begin = 'start transaction'

const lookSettings = [
  sql`set session transaction isolation level repeatable read`,
  // A statement of its own, because TiDB takes no two words about a transaction in one.
  sql`set transaction read only`,
]
const look = 'start transaction with consistent snapshot'

const start = (text: string, isNode: boolean) =>
  sql.__dangerous__rawValue(isNode ? seeingAll(text) : text)

function poolTo(url: string, size: number, onError: (error: Error) => void) {
  const address = new URL(url)
  address.searchParams.set('supportBigNumbers', 'true')
  address.searchParams.set('connectTimeout', '2000')
  return createConnectionPool({
    connectionString: address.href,
    poolSize: size,
    queueTimeoutMilliseconds: 2_000,
    acquireLockTimeoutMilliseconds: 2_000,
    idleTimeoutMilliseconds: idleMsMax,
    bigIntMode: 'number',
    tinyIntMode: 'number',
    dateMode: 'string',
    dateTimeMode: 'date-object',
    timeStampMode: 'date-object',
    timeZone: 'utc',
    onError,
  })
}

/**
 * The pool for everything but the money lanes. Times are UTC in both directions, whole numbers
 * arrive as numbers (per-account money fits, sums are cast to text). On a cluster all that is asked
 * here sees what was committed anywhere before.
 */
export function createPool(
  address: DatabaseAddress,
  { size = 8, onError = (_: Error) => {} } = {},
): Pool {
  const pool = movingPool(address, (url) => poolTo(url, size, onError))
  let onCluster: boolean | undefined
  /** Asked once, and again after a connection was lost: what comes back may be another server. */
  const isOnCluster = async (connection: Pick<Connection, 'query'>) => {
    if (onCluster !== undefined) return onCluster
    const asked = connection.query(sql.__dangerous__rawValue(asksForCluster))
    return (onCluster = isCluster(await inTime(answerMsMax, asked)))
  }
  const task = <T>(
    work: (connection: Connection, isNode: boolean) => Promise<T>,
    mayRepeat?: boolean,
  ) =>
    pool
      .task(async (connection) => work(connection, await isOnCluster(connection)), mayRepeat)
      .catch((error: unknown) => {
        if (faultOf(error) === 'lost') onCluster = undefined
        throw error
      })
  const once = <T>(work: (db: Db) => Promise<T>) =>
    task(async (connection, isNode) => {
      for (const statement of settings) await connection.query(statement)
      await connection.query(start(begin, isNode))
      const result = await work(sender(connection))
      await connection.query(isRolledBack(result) ? sql`rollback` : sql`commit`)
      return result
    })
  return {
    // In a task, because only what throws there costs the connection.
    send: (bound) =>
      again(isDeadlock, () =>
        task(
          (connection, isNode) => sender(connection, { all: isNode }).send(bound),
          isRead(bound.text),
        ),
      ),
    snapshot: (work) =>
      task(async (connection, isNode) => {
        for (const statement of lookSettings) await connection.query(statement)
        await connection.query(start(look, isNode))
        const result = await work(sender(connection, { msMax: compareMsMax }))
        await connection.query(sql`commit`)
        return result
      }),
    transact: (work) => again(isAgain, () => once(work)),
    close: () => pool.dispose(),
  }
}
