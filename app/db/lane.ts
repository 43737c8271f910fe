import mysql from 'mysql2'
import { limits } from '../config/limits.ts'
import { faultOf } from '../errors/faults.ts'
import { asksForCluster, isCluster, seeingAll } from './engine.ts'
import { hostsOf, type DatabaseAddress, type Hosts, type Term } from './hosts.ts'
import type { Written } from './write.ts'

/**
 * One connection that sends a list of statements in one round trip and answers with one result
 * each. @databases/mysql sends a list one by one, each waiting for the last (docs/decisions/0002),
 * which is six more waits a call; so the money lanes talk to its driver, mysql2, themselves.
 */
export type Lane = {
  /**
   * Rejects with the driver's error; a lost connection has been thrown away and is made anew,
   * unless the batch `continues` a transaction: that must never go on outside of it. A transaction
   * that begins with `all`, or as the first of a connection, sees what was committed on any server
   * of a cluster.
   */
  send(batch: Written[], how?: { continues?: boolean; all?: boolean }): Promise<unknown[]>
  /** Whether a transaction without `all` may not see yet what another server has committed. */
  mayLag?(): boolean
  close(): Promise<void>
}

/** No answer, no connection, or none any more: what had been sent may or may not have been done. */
class LaneLost extends Error {
  readonly code = 'LANE_LOST'
}

const session = [
  `set session transaction isolation level read committed`,
  `set session time_zone = '+00:00'`,
  // A process that was stopped between two lists would keep its accounts locked for as long. MySQL
  // and TiDB have no such limit for a transaction, only one for the connection, idle or not: a lane
  // that had nothing to do is cut too, and made anew for the next list. Each reads a comment where
  // the other's limit stands. A process that is stopped while it sends a list leaves a server that
  // waits for the rest of it, for which it has a limit of its own.
  // All who share a batch wait with it: who does not get a lock in a second is set aside.
  `set session innodb_lock_wait_timeout = 1, net_read_timeout = 10` +
    ` /*M!100301 , session idle_transaction_timeout = 10 */` +
    ` /*!80000 , session wait_timeout = 10 */`,
  `set session sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  asksForCluster,
].join(';')

/**
 * On Galera a list is not all or nothing: where an applier aborts the transaction within it, the
 * server rolls back, and goes on with the rest outside of any transaction. So there is none outside
 * (`autocommit = 0`), and COMMIT is not reached unless the savepoint that was made first is still
 * there: else its release fails with 1305, and the rollback that follows undoes the rest. Measured
 * with two writing nodes: each half alone leaves something behind (docs/decisions/0021).
 */
const begins = 'start transaction'
const guarded = new Map([
  [begins, `${begins};savepoint whole`],
  ['commit', 'release savepoint whole;commit'],
])

type Line = {
  connection: mysql.Connection
  isCluster: boolean
  term: Term
  /** A transaction has seen all there was: what this lane did itself, by whatever server, is here. */
  hasSeenAll: boolean
}

async function connect(hosts: Hosts): Promise<Line> {
  const term = await hosts.pick()
  const connection = mysql.createConnection({
    uri: term.host.url,
    multipleStatements: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    timezone: 'Z',
    dateStrings: ['DATE'],
    // The values are in the text already; nothing in it is a mark.
    queryFormat: (sql) => sql,
    connectTimeout: 2_000,
    enableKeepAlive: true,
  })
  return new Promise((resolve, reject) => {
    // The driver's own limit ends with the handshake.
    const timer = setTimeout(() => fail(new Error('no answer')), limits.db.connectMsMax)
    const fail = (cause: Error) => {
      clearTimeout(timer)
      connection.destroy()
      hosts.doubt(term)
      // Whatever the reason, even a wrong password: nothing has been sent, and it may pass.
      reject(new LaneLost('cannot connect', { cause }))
    }
    const done = (isNode: boolean) => {
      clearTimeout(timer)
      resolve({ connection, isCluster: isNode, hasSeenAll: !isNode, term })
    }
    connection.on('error', fail)
    connection.query(session, (error, results) => {
      if (error) return fail(error)
      // Anybody may be at an address, and answer a list otherwise than a database does.
      if (!Array.isArray(results)) return fail(new Error('no database'))
      if (!isCluster(results.at(-1))) return done(false)
      connection.query('set session autocommit = 0', (refused) =>
        refused ? fail(refused) : done(true),
      )
    })
  })
}

/** A list as one text, and how to find the answers to its statements among those of the server. */
function textOf(batch: Written[], { isCluster }: Line, all: boolean) {
  let sent = 0
  const lastOf: number[] = []
  const texts = batch.map(({ sql }) => {
    const guard = isCluster ? guarded.get(sql) : undefined
    sent += guard ? 2 : 1
    lastOf.push(sent - 1)
    return guard && all && sql === begins ? seeingAll(guard) : (guard ?? sql)
  })
  const answersOf = (results: unknown): unknown[] =>
    // The driver makes no list of a single answer.
    sent === 1 ? [results] : lastOf.map((at) => (results as unknown[])[at])
  return { sql: texts.join(';'), answersOf }
}

/**
 * Opens lazily, so that a database that is away at the start is just one more fault. Goes to
 * another host, or back, between two lists that do not continue each other.
 */
export function createLane(address: DatabaseAddress, { answerMsMax = 8_000 } = {}): Lane {
  const hosts = hostsOf(address)
  let current: Promise<Line> | undefined
  let mayLag = false
  const open = () => {
    const opening = connect(hosts)
    const forget = () => {
      // A dead connection may speak up again when the next one already carries a transaction.
      if (current === opening) current = undefined
    }
    // Whoever it was opened for waits for it too, and is told.
    opening.then(({ connection }) => connection.on('error', forget).on('end', forget), forget)
    return (current = opening)
  }
  /** The connection to go on with, or to begin on: then one to the host that is worked with. */
  const lineFor = async (continues: boolean) => {
    const opening = current ?? open()
    const line = await opening
    if (continues || !hosts.hasLeft(line.term)) return { line, opening }
    if (current === opening) current = undefined
    if (line.term.lost?.aborted) line.connection.destroy()
    else line.connection.end(() => undefined)
    const next = current ?? open()
    return { line: await next, opening: next }
  }
  return {
    mayLag: () => mayLag,
    async send(batch, { continues = false, all = false } = {}) {
      if (continues && !current) throw new LaneLost('the transaction is gone')
      const { line, opening } = await lineFor(continues)
      const { connection, term } = line
      if (term.lost?.aborted) throw new LaneLost('its host was given up')
      mayLag = line.isCluster
      const { sql, answersOf } = textOf(batch, line, all || !line.hasSeenAll)
      return new Promise((resolve, reject) => {
        const fail = (error: Error) => {
          over()
          // Also where the server said so itself: `start transaction` would commit what is half-
          // done.
          if (faultOf(error) === 'lost') {
            if (current === opening) current = undefined
            connection.destroy()
            hosts.doubt(term)
          }
          reject(error)
        }
        const timer = setTimeout(() => fail(new LaneLost('no answer')), answerMsMax)
        const giveUp = () => fail(new LaneLost('its host was given up'))
        term.lost?.addEventListener('abort', giveUp)
        const over = () => {
          clearTimeout(timer)
          term.lost?.removeEventListener('abort', giveUp)
        }
        connection.query(sql, (error, results) => {
          if (error) return fail(error)
          over()
          hosts.heard(term)
          line.hasSeenAll ||= batch[0]?.sql === begins
          resolve(answersOf(results))
        })
      })
    },
    async close() {
      // Whoever opened it has been told; there is nothing to close.
      const line = await current?.catch(() => undefined)
      current = undefined
      line?.connection.destroy()
    },
  }
}
