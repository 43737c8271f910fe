import mysql from 'mysql2'
import type { DatabaseHost } from '../config/database-address.ts'
import { limits } from '../config/limits.ts'
import { unfitness } from './check.ts'
import { whyNot } from './trouble.ts'

/** What one look at a host has found. */
export type Look =
  | {
      isWell: true
      /** Whose data it has: the same for all nodes of one cluster, and for one server by two ways. */
      store: string
    }
  | {
      isWell: false
      /** In words, which hold nothing of the address. */
      why: string
      /**
       * `silent`: it has not answered. `crowded`: it takes no further connection; those that it has
       * may be well. `reading`: it says itself that it writes for nobody.
       */
      is: 'silent' | 'crowded' | 'reading' | 'unwell'
    }

type Settings = Map<string, string>

const variables =
  `'read_only', 'super_read_only', 'innodb_read_only', 'tidb_restricted_read_only', ` +
  `'offline_mode', 'innodb_flush_log_at_trx_commit', 'log_bin', 'sync_binlog', 'sql_mode', ` +
  `'wsrep_on', 'version', 'server_uuid', 'server_uid', 'server_id', 'hostname', 'port'`

/** Nodes that are not ready answer these, and nothing else; what a server does not know is absent. */
const question = [
  `show global variables where variable_name in (${variables})`,
  `show global status where variable_name in ('wsrep_ready', 'wsrep_cluster_state_uuid')`,
].join(';')

const crowds = new Set([1040, 1203, 1226])
const isOn = (value: string | undefined) => value !== undefined && !/^(OFF|0|)$/i.test(value)
const readers = ['super_read_only', 'read_only', 'innodb_read_only', 'tidb_restricted_read_only']

/** What tells one store from another. A cluster has a name of its own, and so many servers. */
function storeOf(settings: Settings): string {
  if (isOn(settings.get('wsrep_on'))) return settings.get('wsrep_cluster_state_uuid') ?? ''
  // Its servers have no data of their own.
  if (/TiDB/i.test(settings.get('version') ?? '')) return 'TiDB'
  const own = ['server_uuid', 'server_uid', 'server_id', 'hostname', 'port']
  return own.map((name) => settings.get(name) ?? '').join(' ')
}

/** What to make of the answers of a host to the question above. */
export function judgeHost(settings: Settings, allowUnsafe: boolean): Look {
  const unwell = (why: string): Look => ({ isWell: false, is: 'unwell', why })
  if (isOn(settings.get('wsrep_on')) && settings.get('wsrep_ready') !== 'ON')
    return unwell('it is a node that its cluster has not ready (wsrep_ready is not ON)')
  if (isOn(settings.get('offline_mode'))) return unwell('it is offline (offline_mode)')
  const reader = readers.find((name) => isOn(settings.get(name)))
  if (reader) return { isWell: false, is: 'reading', why: `it is read-only (${reader})` }
  const why = unfitness(
    {
      flushLog: Number(settings.get('innodb_flush_log_at_trx_commit') ?? 1),
      binlog: isOn(settings.get('log_bin')) ? 1 : 0,
      syncBinlog: Number(settings.get('sync_binlog') ?? 1),
      sqlMode: settings.get('sql_mode') ?? '',
    },
    allowUnsafe,
  )
  return why === undefined ? { isWell: true, store: storeOf(settings) } : unwell(why)
}

type Pair = { Variable_name: string; Value: string }
const settingsIn = (answers: Pair[][]): Settings =>
  new Map(answers.flat().map((pair) => [pair.Variable_name.toLowerCase(), pair.Value]))

/** Anybody may be at an address, and answer a question otherwise than a database does. */
function lookIn(answers: unknown, allowUnsafe: boolean): Look {
  try {
    return judgeHost(settingsIn(answers as Pair[][]), allowUnsafe)
  } catch {
    return { isWell: false, is: 'unwell', why: 'it answers as no database does' }
  }
}

function unwellBy(error: unknown): Look {
  const { errno = 0 } = error as { errno?: number }
  const why = whyNot(error) ?? 'it fails'
  return { isWell: false, is: crowds.has(errno) ? 'crowded' : 'unwell', why }
}

const silent: Look = { isWell: false, is: 'silent', why: 'it does not answer in time' }

/** Looks once whether a host can be worked with, on a connection of its own. Never rejects. */
export function lookAt({ url }: DatabaseHost, allowUnsafe: boolean): Promise<Look> {
  const { lookMsMax } = limits.db.hosts
  return new Promise((resolve) => {
    const connection = mysql.createConnection({
      uri: url,
      multipleStatements: true,
      connectTimeout: 2 * lookMsMax,
    })
    let timer: NodeJS.Timeout
    const end = (look: Look) => {
      clearTimeout(timer)
      // A good-bye, without which the server's log has a line for each look.
      if (look.isWell) connection.end(() => undefined)
      else connection.destroy()
      resolve(look)
    }
    const wait = () => {
      const startedAt = performance.now()
      timer = setTimeout(() => {
        // Who was held up or stopped meanwhile has not let it answer.
        if (performance.now() - startedAt > 1.5 * lookMsMax) wait()
        else end(silent)
      }, lookMsMax)
    }
    wait()
    connection.on('error', (error) => end(unwellBy(error)))
    connection.query(question, (error, answers) =>
      end(error ? unwellBy(error) : lookIn(answers, allowUnsafe)),
    )
  })
}
