import { readFileSync } from 'node:fs'
import { eventually } from '../../dev/command/eventually.ts'
import type { Books } from '../books.ts'

const established = '01'

/** Ports of this machine from which a living process holds a connection to `port`. */
function portsConnectedTo(port: number): Set<number> {
  const portOf = (address = '') => parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
  const lines = ['/proc/net/tcp', '/proc/net/tcp6']
    .map((file) => readFileSync(file, 'latin1'))
    .flatMap((text) => text.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
  const open = lines.filter(([, , to, state]) => state === established && portOf(to) === port)
  return new Set(open.map(([, from]) => portOf(from)))
}

/**
 * A database server goes on with what a killed client had sent. Resolves when it has done all of
 * that: every connection it still has to these books belongs to somebody who lives.
 */
export async function whenTheDeadAreGone({ url, sql }: Books): Promise<void> {
  const { port, pathname } = new URL(url)
  await eventually('the connections of the dead have ended', async () => {
    const open = await sql<{ host: string }>(
      'select host from information_schema.processlist where db = ?',
      [pathname.slice(1)],
    )
    const living = portsConnectedTo(Number(port))
    return open.every(({ host }) => living.has(Number(host.split(':').at(-1))))
  })
}
