import { execFile } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { createConnection } from 'mysql2/promise'

import type { ForeignPrograms } from './debian-archive.ts'
import { usualArguments } from './mariadb.ts'
import { keptSecret, makePrivateFolder, writePrivateFile } from './private-files.ts'
import { startPrivateServer, type PrivateServer } from './private-server.ts'

const run = promisify(execFile)
const user = 'relay'

type Engine = {
  name: string
  /** Of which suite of Debian, and which package has it. */
  package: string
  suite: string
  program: string
  /** Below the folder of the programs. */
  messages: string
  plugins: string
  /** What only this one is told. */
  options: readonly string[]
  makeData(programs: ForeignPrograms, args: string[], folder: string): Promise<void>
}

/** Engines beside the MariaDB of this machine, as Debian has them. */
export const engines = {
  mysql: {
    name: 'MySQL',
    package: 'mysql-server-core',
    suite: 'sid',
    program: 'usr/sbin/mysqld',
    messages: 'usr/share/mysql',
    plugins: 'usr/lib/mysql/plugin',
    options: ['--mysqlx=OFF', '--secure-file-priv=NULL'],
    makeData: async (programs, args) => {
      const { file, args: all } = programs.command('usr/sbin/mysqld', args)
      await run(file, [...all, '--initialize-insecure'])
    },
  },
  mariadb: {
    name: 'MariaDB',
    package: 'mariadb-server-core',
    suite: 'trixie',
    program: 'usr/sbin/mariadbd',
    messages: 'usr/share/mariadb',
    plugins: 'usr/lib/mysql/plugin',
    options: [],
    makeData: bootstrapMariadb,
  },
} as const satisfies Record<string, Engine>

export type EngineName = keyof typeof engines

type EngineServer = PrivateServer & {
  /** mysql://relay:…@127.0.0.1:PORT/, whose user may make databases. */
  readonly url: string
}

/**
 * Starts a private server of another engine, or of another version, than this machine has: its
 * files lie under `dir`, it is reachable over loopback alone, and as durable as ours.
 */
export async function startEngine(settings: {
  engine: EngineName
  programs: ForeignPrograms
  dir: string
}): Promise<EngineServer> {
  const engine: Engine = engines[settings.engine]
  const { programs } = settings
  makePrivateFolder(settings.dir)
  const dir = realpathSync(settings.dir)
  const folder = join(dir, 'data')
  const password = keptSecret(join(dir, 'password'))
  const initFile = join(dir, 'init.sql')
  writePrivateFile(initFile, accountSql(password))
  const temporary = join(dir, 'tmp')
  makePrivateFolder(temporary)
  const common = commonArguments(engine, programs, temporary)
  if (!existsSync(folder)) {
    const half = `${folder}.unfinished`
    rmSync(half, { recursive: true, force: true })
    await engine.makeData(programs, [...common, `--datadir=${half}`], half)
    renameSync(half, folder)
  }
  const urlOf = (port: number) => `mysql://${user}:${password}@127.0.0.1:${port}/`
  const server = await startPrivateServer({
    name: engine.name,
    program: programs.loaderName,
    folder,
    logFile: join(dir, 'server.log'),
    command: (port) =>
      programs.command(engine.program, [
        ...common,
        ...engine.options,
        ...listeningArguments,
        `--datadir=${folder}`,
        `--init-file=${initFile}`,
        `--port=${port}`,
      ]),
    answers: (port) => answers(urlOf(port)),
  })
  return Object.assign(server, { url: urlOf(server.port) })
}

function commonArguments(engine: Engine, programs: ForeignPrograms, temporary: string): string[] {
  const at = (path: string) => join(programs.folder, path)
  return [
    '--no-defaults',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    `--basedir=${at('usr')}`,
    `--lc-messages-dir=${at(engine.messages)}`,
    `--character-sets-dir=${at(join(engine.messages, 'charsets'))}`,
    `--plugin-dir=${at(engine.plugins)}`,
    `--tmpdir=${temporary}`,
  ]
}

/** As our own MariaDB is told, and nothing that the servers do not both have by that name. */
const listeningArguments = [
  '--socket=server.sock',
  '--pid-file=server.pid',
  ...usualArguments,
  '--innodb-flush-log-at-trx-commit=1',
  '--sync-binlog=1',
]

const accountSql = (password: string) =>
  [
    `CREATE USER IF NOT EXISTS ${user}@'127.0.0.1';`,
    `ALTER USER ${user}@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${user}@'127.0.0.1' WITH GRANT OPTION;`,
    '',
  ].join('\n')

/** As mariadb-install-db does it, which runs its programs with this machine's own libraries. */
async function bootstrapMariadb(
  programs: ForeignPrograms,
  args: string[],
  folder: string,
): Promise<void> {
  makePrivateFolder(folder)
  const files = ['system_tables', 'performance_tables', 'system_tables_data', 'sys_schema']
  const texts = files.map((name) =>
    readFileSync(join(programs.folder, `usr/share/mariadb/mariadb_${name}.sql`), 'utf8'),
  )
  const begin = 'create database mysql;\nuse mysql;\nset @auth_root_socket = null;\n'
  const { file, args: all } = programs.command('usr/sbin/mariadbd', args)
  const bootstrapped = run(file, [...all, '--bootstrap'])
  bootstrapped.child.stdin?.end([begin, ...texts].join('\n'))
  await bootstrapped
}

async function answers(url: string): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 5_000 })
    connection.destroy()
    return true
  } catch {
    return false
  }
}
