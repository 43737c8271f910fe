import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../../dev/command/announce.ts'
import { eventually } from '../../dev/command/eventually.ts'
import type { GaleraNode } from '../../dev/servers/galera.ts'
import { freePort, spawnOwned } from '../../dev/servers/processes.ts'
import { findProgram } from '../../dev/servers/programs.ts'
import { runSql } from '../../test/sql.ts'

const stopMsMax = 10_000

/** The file that ships, with this machine's ports; every change has to find its place. */
function configuration(port: number, nodes: readonly GaleraNode[]): string {
  const changes: [string, string][] = [
    ['log /dev/log local0', 'log stdout format raw local0'],
    ['bind 127.0.0.1:3307', `bind 127.0.0.1:${port}`],
    ...nodes.map((node, i): [string, string] => [`10.0.0.${i + 1}:3306`, `127.0.0.1:${node.port}`]),
  ]
  return changes.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`haproxy-database.cfg has no ${from}`)
      return text.replaceAll(from, to)
    },
    readFileSync('deploy/haproxy-database.cfg', 'utf8'),
  )
}

/** Debian's HAProxy before the nodes of a cluster, by the file that ships. */
export async function startDatabaseProxy(dir: string, nodes: readonly GaleraNode[]) {
  const program = findProgram('haproxy')
  if (program === undefined) throw new CannotContinue('This needs haproxy: apt-get install haproxy')
  const [first] = nodes
  const user = `relay_check@'127.0.0.1' identified via mysql_native_password using ''`
  await runSql(first?.url() ?? '', `create or replace user ${user}`)
  const port = await freePort()
  const file = join(dir, 'haproxy-database.cfg')
  writeFileSync(file, configuration(port, nodes))
  const log = openSync(join(dir, 'haproxy.log'), 'w')
  const child = spawnOwned(program, ['-db', '-f', file], { stdio: ['ignore', log, log] })
  closeSync(log)
  const urlOf = (database = '') => {
    const url = new URL(first?.url(database) ?? '')
    url.port = String(port)
    return url.href
  }
  const answers = () => runSql(urlOf(), 'select 1').then(Boolean, () => false)
  await eventually('HAProxy passes on to a node', answers)
  return { urlOf, stop: () => child.stop(stopMsMax) }
}
