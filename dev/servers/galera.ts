import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

import { createConnection } from 'mysql2/promise'

import type { Announce } from '../command/announce.ts'
import { childEnvironment, programFolders } from '../command/environment.ts'
import { eventually } from '../command/eventually.ts'
import { serverArguments, startMariadb } from './mariadb.ts'
import { ensurePrograms, galeraPrograms } from './packages.ts'
import { choosePortsToKeep } from './ports.ts'
import { makePrivateFolder, writePrivateFile } from './private-files.ts'
import { startPrivateServer, stopLeftovers, type PrivateServer } from './private-server.ts'
import { findLibrary, findProgram } from './programs.ts'

const run = promisify(execFile)

/** What a node says of itself. */
type NodeStatus = {
  /** It takes statements. */
  isReady: boolean
  /** It has what the others have, and is of the majority. */
  isSynced: boolean
  /** As many nodes as it hears of, itself among them. */
  nodes: number
}

export type GaleraNode = Pick<PrivateServer, 'pid' | 'kill9'> & {
  readonly port: number
  url(database?: string): string
  /** Starts it again after `kill9`; resolves when it has what the others have. */
  rejoin(): Promise<void>
  /** SIGSTOP: it says nothing, and its connections stand. */
  freeze(): void
  wake(): void
  /** Undefined when it does not answer. */
  status(): Promise<NodeStatus | undefined>
}

export type Galera = {
  nodes: [GaleraNode, GaleraNode, GaleraNode]
  createDatabase(name: string): Promise<void>
  /** Resolves when every node is there, hears the others, and has all, and has for so long. */
  untilWhole(steadyMs?: number): Promise<void>
  /** Ends all at once. What was in them is of no more use. */
  stop(): Promise<void>
}

type Place = { dir: string; at: number; sql: number; group: number; transfer: number }

/**
 * After this silence of a node the others go on without it, and commit nothing meanwhile: longer
 * than a busy machine lets one wait, shorter than a test likes to.
 */
const silence = 'evs.suspect_timeout=PT3S;evs.inactive_timeout=PT5S'
/** Transactions that a node may miss and be sent when it is back: minutes of them. */
const kept = 'gcache.size=256M'

/**
 * Starts three nodes of a MariaDB Galera cluster under `dir`, each of which takes writes: loopback,
 * one account and password for all, no data but what a fresh server has. What an earlier cluster
 * left there, processes and data, goes. `options` are further arguments of each mariadbd.
 *
 * All three begin as copies of one folder with one state, so that none has to be sent another's.
 */
export async function startGalera(settings: {
  dir: string
  say?: Announce
  options?: readonly string[]
}): Promise<Galera> {
  const { say = () => undefined, options = [] } = settings
  await ensurePrograms(galeraPrograms, say)
  makePrivateFolder(settings.dir)
  const dir = realpathSync(settings.dir)
  const template = await startMariadb({ dir: join(dir, 'template') })
  await template.stop()
  const places = await preparePlaces(dir, template.url())
  const address = `gcomm://${places.map(({ group }) => `127.0.0.1:${group}`).join(',')}`
  const nodes = await startInTurn(places, { address, url: template.url(), options })
  const cluster: Galera = {
    nodes,
    createDatabase: async (name) =>
      void (await ask(nodes[0].url(), `create database ${name} character set utf8mb4`)),
    untilWhole: async (steadyMs = 0) => {
      let since: number | undefined
      await eventually('every node of the cluster has all', async () => {
        const seen = await Promise.all(nodes.map(({ status }) => status()))
        const isWhole = seen.every(
          (one) => one?.isReady && one.isSynced && one.nodes === nodes.length,
        )
        since = isWhole ? (since ?? performance.now()) : undefined
        return since !== undefined && performance.now() - since >= steadyMs
      })
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.kill9()))),
  }
  await cluster.untilWhole()
  return cluster
}

/** One after the other: two that come at once take longer to agree, or never do. */
async function startInTurn(
  places: Place[],
  settings: Omit<NodeSettings, 'place'>,
): Promise<Galera['nodes']> {
  const nodes: GaleraNode[] = []
  try {
    for (const place of places) nodes.push(await startNode({ place, ...settings }))
  } catch (error) {
    await Promise.all(nodes.map((node) => node.kill9()))
    throw error
  }
  return nodes as Galera['nodes']
}

/** Three data folders, the same to the byte, and ports for what listens on them. */
async function preparePlaces(dir: string, url: string): Promise<Place[]> {
  const ports = await choosePortsToKeep(9)
  const state = savedState(randomUUID())
  writeTransfer(dir, url)
  return Promise.all(
    [1, 2, 3].map(async (at) => {
      const place = join(dir, `n${at}`)
      const data = join(place, 'data')
      await stopLeftovers(data, 'mariadbd')
      rmSync(place, { recursive: true, force: true })
      makePrivateFolder(join(place, 'tmp'))
      // Most of a fresh log is nothing at all.
      await run('cp', ['-a', '--sparse=always', join(dir, 'template', 'data'), data])
      writeFileSync(join(data, 'grastate.dat'), state, { mode: 0o600 })
      const [sql = 0, group = 0, transfer = 0] = ports.slice(3 * (at - 1))
      return { dir, at, sql, group, transfer }
    }),
  )
}

const savedState = (cluster: string) =>
  `# GALERA saved state\nversion: 2.1\nuuid:    ${cluster}\nseqno:   0\n` + 'safe_to_bootstrap: 1\n'

/**
 * What a node runs to bring another up to date, unless there is MariaDB's own, whose package brings
 * a system service. A node that has missed no more than the others keep needs only to be told that
 * it is to wait for it, by the name of what it will have then; one that has missed more is sent
 * nothing.
 */
function writeTransfer(dir: string, url: string): void {
  const { username, password } = new URL(url)
  const account = join(dir, 'client.cnf')
  writePrivateFile(account, `[client]\nuser=${username}\npassword=${password}\nprotocol=tcp\n`)
  makePrivateFolder(join(dir, 'bin'))
  const script = join(dir, 'bin', 'wsrep_sst_mysqldump')
  const lines = [
    '#!/bin/sh',
    'while [ $# -gt 0 ]; do',
    '  case $1 in',
    '    --host) host=$2; shift ;;',
    '    --port) port=$2; shift ;;',
    '    --gtid) gtid=$2; shift ;;',
    '    --bypass) bypass=yes ;;',
    '  esac',
    '  shift',
    'done',
    '[ "$bypass" = yes ] || exit 95',
    `exec mariadb --defaults-file='${account}' --host="$host" --port="$port" \\`,
    `  -e "set global wsrep_start_position='$gtid'"`,
    '',
  ]
  writePrivateFile(script, lines.join('\n'))
  chmodSync(script, 0o700)
}

type NodeSettings = {
  place: Place
  address: string
  /** Of the account, with whatever port. */
  url: string
  options: readonly string[]
}

async function startNode({ place, address, url, options }: NodeSettings): Promise<GaleraNode> {
  const { dir, at, sql } = place
  const folder = join(dir, `n${at}`, 'data')
  const urlOf = (database = '') => {
    const own = new URL(url)
    own.port = String(sql)
    own.pathname = `/${database}`
    return own.href
  }
  // The cluster begins with one of them, once; from then on it is joined.
  let begins = at === 1
  /** How far it had come, where it was killed. */
  let position: string | undefined
  const argumentsOf = () => nodeArguments({ place, address, begins, position, options })
  const status = () => statusOf(urlOf())
  const server = await startPrivateServer({
    name: `Node ${at} of the cluster`,
    program: 'mariadbd',
    folder,
    logFile: join(dir, `n${at}`, 'mariadb.log'),
    port: sql,
    command: () => ({
      file: findProgram('mariadbd') ?? 'mariadbd',
      args: argumentsOf(),
      env: childEnvironment({ PATH: [join(dir, 'bin'), ...programFolders()].join(delimiter) }),
    }),
    answers: async () => {
      const seen = await status()
      return seen !== undefined && seen.isReady && seen.isSynced
    },
  })
  begins = false
  // MariaDB's own script has to be told, and not where every user of this machine can read it.
  const { username, password } = new URL(url)
  const tellAccount = () => ask(urlOf(), `set global wsrep_sst_auth = '${username}:${password}'`)
  await tellAccount()
  return {
    port: sql,
    get pid() {
      return server.pid
    },
    url: urlOf,
    kill9: server.kill9,
    async rejoin() {
      position = await positionIn(argumentsOf(), folder)
      await server.restart()
      await tellAccount()
    },
    freeze: server.pause,
    wake: server.resume,
    status,
  }
}

type NodeStart = Omit<NodeSettings, 'url'> & { begins: boolean; position: string | undefined }

function nodeArguments({ place, address, begins, position, options }: NodeStart): string[] {
  const { dir, at, sql, group, transfer } = place
  return serverArguments({
    folder: join(dir, `n${at}`, 'data'),
    temporary: join(dir, `n${at}`, 'tmp'),
    port: sql,
    options: [
      '--binlog-format=ROW',
      '--innodb-autoinc-lock-mode=2',
      '--wsrep-on=ON',
      `--wsrep-provider=${findLibrary('libgalera_smm.so')}`,
      '--wsrep-cluster-name=private',
      `--wsrep-cluster-address=${address}`,
      ...(begins ? ['--wsrep-new-cluster'] : []),
      ...(position === undefined ? [] : [`--wsrep-start-position=${position}`]),
      `--wsrep-node-name=n${at}`,
      `--wsrep-node-address=127.0.0.1:${group}`,
      `--wsrep-node-incoming-address=127.0.0.1:${sql}`,
      '--wsrep-sst-method=mysqldump',
      `--wsrep-sst-receive-address=127.0.0.1:${sql}`,
      '--wsrep-slave-threads=2',
      `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${group};` +
        `ist.recv_addr=127.0.0.1:${transfer};${kept};${silence}`,
      ...options,
    ],
  })
}

/** How far a node that was killed had come, by its own tables: it is sent what it missed since. */
async function positionIn(args: string[], folder: string): Promise<string> {
  const program = findProgram('mariadbd') ?? 'mariadbd'
  const { stderr } = await run(program, [...args, '--wsrep-recover'], { cwd: folder })
  const [, position] = /Recovered position: (\S+)/.exec(stderr) ?? []
  if (position === undefined) throw new Error(`No position is in ${folder}:\n${stderr}`)
  return position
}

/** Asked of the node itself, whatever it has yet to hear from the others. */
async function statusOf(url: string): Promise<NodeStatus | undefined> {
  try {
    const rows = await ask<{ Variable_name: string; Value: string }>(
      url,
      `show global status where variable_name in
        ('wsrep_ready', 'wsrep_local_state_comment', 'wsrep_cluster_size')`,
    )
    const said = new Map(rows.map((row) => [row.Variable_name, row.Value]))
    return {
      isReady: said.get('wsrep_ready') === 'ON',
      isSynced: said.get('wsrep_local_state_comment') === 'Synced',
      nodes: Number(said.get('wsrep_cluster_size')),
    }
  } catch {
    // It is down, frozen, or on its way up.
    return undefined
  }
}

async function ask<Row>(url: string, sql: string): Promise<Row[]> {
  const connection = await createConnection({ uri: url, connectTimeout: 2_000 })
  try {
    const [rows] = await connection.query({ sql, timeout: 2_000 })
    return rows as Row[]
  } finally {
    connection.destroy()
  }
}
