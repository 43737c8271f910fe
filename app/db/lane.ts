import mysql from 'mysql2'
import type { Bound } from './statement.ts'

/**
 * One connection that sends a list of statements in one round trip and answers with one result each.
 * @databases/mysql sends a list one by one, each waiting for the last (docs/decisions/0002), which is
 * six more waits a call; so the money lanes talk to its driver, mysql2, themselves.
 */
export type Lane = {
  /** Rejects with the driver's error; a lost connection has been thrown away and is made anew. */
  send(batch: Bound[]): Promise<unknown[]>
  close(): Promise<void>
}

export class LaneTimeout extends Error {
  readonly code = 'LANE_TIMEOUT'
}

const session = [
  `set session transaction isolation level read committed`,
  `set session time_zone = '+00:00'`,
  `set session innodb_lock_wait_timeout = 5`,
  `set session sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
].join(';')

function connect(url: string): Promise<mysql.Connection> {
  const connection = mysql.createConnection({
    uri: url,
    multipleStatements: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    timezone: 'Z',
    dateStrings: ['DATE'],
    connectTimeout: 2_000,
    enableKeepAlive: true,
  })
  return new Promise((resolve, reject) => {
    connection.on('error', reject)
    connection.query(session, (error) => (error ? reject(error) : resolve(connection)))
  })
}

const isFatal = (error: NodeJS.ErrnoException & { fatal?: boolean }) =>
  error.fatal === true || error.code === 'LANE_TIMEOUT' || (error.errno ?? -1) <= 0

/** Opens lazily, so that a database that is away at the start is just one more fault. */
export function createLane(url: string, { answerMsMax = 8_000 } = {}): Lane {
  let current: Promise<mysql.Connection> | undefined
  const drop = (connection: mysql.Connection) => {
    current = undefined
    connection.destroy()
  }
  const open = () => {
    current ??= connect(url).then((connection) => {
      connection.on('error', () => drop(connection))
      return connection
    })
    current.catch(() => (current = undefined))
    return current
  }
  return {
    async send(batch) {
      const connection = await open()
      const sql = batch.map((bound) => bound.text).join(';')
      const values = batch.flatMap((bound) => bound.values)
      return new Promise((resolve, reject) => {
        const fail = (error: Error) => {
          clearTimeout(timer)
          if (isFatal(error)) drop(connection)
          reject(error)
        }
        const timer = setTimeout(() => fail(new LaneTimeout('no answer')), answerMsMax)
        connection.query({ sql, values }, (error, results) => {
          if (error) return fail(error)
          clearTimeout(timer)
          resolve(batch.length === 1 ? [results] : (results as unknown[]))
        })
      })
    },
    async close() {
      const connection = await current?.catch(() => undefined)
      current = undefined
      connection?.destroy()
    },
  }
}
