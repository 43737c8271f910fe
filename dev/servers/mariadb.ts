import { realpathSync } from 'node:fs'
import { join } from 'node:path'

import { createConnection, type Connection } from 'mysql2/promise'

import type { Announce } from '../command/announce.ts'
import { ensureDataFolder, rootArguments } from './mariadb-folder.ts'
import { keptSecret, makePrivateFolder, writePrivateFile } from './private-files.ts'
import { startPrivateServer, type PrivateServer } from './private-server.ts'
import { findProgram } from './programs.ts'

const user = 'relay'
const socketFile = 'mariadb.sock'
/** What the relay's statements need, its migrations and its partitions. */
const relayRights = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX'
/** Linux's own limit for a socket's path. */
const socketBytesMax = 107

export type Mariadb = PrivateServer & {
  /** mysql://relay:…@127.0.0.1:PORT/DATABASE, or without a database name. */
  url(database?: string): string
  /**
   * The same server for programs on this machine: by its unix socket, which costs both sides half
   * of what TCP does. By TCP where the folder's path is longer than a socket's may be.
   */
  localUrl(database?: string): string
  /** Makes the database unless it exists. */
  createDatabase(name: string): Promise<void>
  dropDatabase(name: string): Promise<void>
}

/**
 * Starts a private MariaDB whose files all lie under `dir`, reachable over loopback with a random
 * password kept there. Data survives `kill -9`; what a crash leaves behind does not stop the next
 * start. `options` are further arguments of mariadbd; they cannot weaken durability.
 */
export async function startMariadb(settings: {
  dir: string
  log?: Announce
  options?: readonly string[]
  /** The one database that the account can use. Without, as for tests, it can make any. */
  database?: string
}): Promise<Mariadb> {
  makePrivateFolder(settings.dir)
  const dir = realpathSync(settings.dir)
  const folder = join(dir, 'data')
  const password = keptSecret(join(dir, 'password'))
  const initFile = join(dir, 'init.sql')
  writePrivateFile(initFile, accountSql(password, settings.database))
  const temporary = join(dir, 'tmp')
  makePrivateFolder(temporary)
  await ensureDataFolder(folder, temporary)

  const urlOf = (port: number, database = '') =>
    `mysql://${user}:${password}@127.0.0.1:${port}/${database}`
  const server = await startPrivateServer({
    name: 'MariaDB',
    program: 'mariadbd',
    folder,
    logFile: join(dir, 'mariadb.log'),
    command: (port) => ({
      file: findProgram('mariadbd') ?? 'mariadbd',
      args: serverArguments({ folder, temporary, port, initFile, options: settings.options ?? [] }),
    }),
    answers: (port) => answers(urlOf(port)),
  })
  settings.log?.(`MariaDB on 127.0.0.1:${server.port}, process ${server.pid}`)
  const url = (database?: string) => urlOf(server.port, database)
  const socket = join(folder, socketFile)
  const execute = (sql: string) => withConnection(url(), (connection) => connection.query(sql))
  return Object.assign(server, {
    url,
    localUrl(database = '') {
      if (Buffer.byteLength(socket) > socketBytesMax) return url(database)
      const query = new URLSearchParams({ socketPath: socket }).toString()
      return `mysql://${user}:${password}@localhost/${database}?${query}`
    },
    async createDatabase(name: string) {
      await execute(createSql(name))
    },
    async dropDatabase(name: string) {
      await execute(`DROP DATABASE IF EXISTS ${checked(name)}`)
    },
  })
}

/** What every engine that we start knows by the same name. */
export const usualArguments = [
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--local-infile=0',
  '--max-connections=200',
  '--performance-schema=OFF',
  '--innodb-buffer-pool-size=256M',
  '--character-set-server=utf8mb4',
  '--default-time-zone=+00:00',
  '--sql-mode=STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,' +
    'NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION',
]

/** What every private server is told, a node of a cluster too. */
export function serverArguments(settings: {
  folder: string
  temporary: string
  port: number
  initFile?: string
  options: readonly string[]
}): string[] {
  return [
    '--no-defaults',
    ...rootArguments,
    `--datadir=${settings.folder}`,
    `--tmpdir=${settings.temporary}`,
    ...(settings.initFile === undefined ? [] : [`--init-file=${settings.initFile}`]),
    // A relative path lies in the data folder, and so escapes the 107 bytes of a socket's path.
    `--socket=${socketFile}`,
    '--pid-file=mariadb.pid',
    `--port=${settings.port}`,
    ...usualArguments,
    ...settings.options,
    // The last word wins: no option above makes an acknowledged charge losable.
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-doublewrite=ON',
    '--sync-binlog=1',
  ]
}

/**
 * Run by the server at each start, before it listens. The account exists over loopback TCP and the
 * unix socket, with its password; root has none and is let in by the kernel's word over the socket
 * alone.
 */
function accountSql(password: string, database: string | undefined): string {
  const lines = ['127.0.0.1', 'localhost'].flatMap((host) => [
    `CREATE USER IF NOT EXISTS ${user}@'${host}';`,
    `ALTER USER ${user}@'${host}' IDENTIFIED BY '${password}';`,
    // An account of an earlier version had all rights.
    `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${user}@'${host}';`,
    database === undefined
      ? `GRANT ALL PRIVILEGES ON *.* TO ${user}@'${host}' WITH GRANT OPTION;`
      : `GRANT ${relayRights} ON ${checked(database)}.* TO ${user}@'${host}';`,
  ])
  return [...(database === undefined ? [] : [createSql(database)]), ...lines, ''].join('\n')
}

const createSql = (name: string) =>
  `CREATE DATABASE IF NOT EXISTS ${checked(name)} CHARACTER SET utf8mb4;`

async function answers(url: string): Promise<boolean> {
  try {
    await withConnection(url, (connection) => connection.query('SELECT 1'))
    return true
  } catch {
    return false
  }
}

async function withConnection<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 })
  try {
    return await work(connection)
  } finally {
    connection.destroy()
  }
}

/** A name cannot be a bound parameter, so only names that need no quoting are let through. */
function checked(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,63}$/i.test(name)) throw new RangeError(`Bad database name: ${name}`)
  return name
}
