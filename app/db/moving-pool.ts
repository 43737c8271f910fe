import type { Connection, ConnectionPool } from '@databases/mysql'
import { faultOf } from '../errors/faults.ts'
import { hostsOf, type DatabaseAddress, type Term } from './hosts.ts'

/** The host was given up for another one while its answer was awaited. */
class HostLost extends Error {
  readonly code = 'LANE_HOST_LOST'
}

/** Rejects as soon as the host is given up; the work itself goes on where nobody waits for it. */
function unlessLost<T>({ lost }: Term, work: Promise<T>): Promise<T> {
  if (!lost) return work
  return new Promise((resolve, reject) => {
    const end = () => reject(new HostLost('the host was given up'))
    lost.addEventListener('abort', end)
    if (lost.aborted) end()
    void work.then(resolve, reject).finally(() => lost.removeEventListener('abort', end))
  })
}

/** The pool's own queue was full, which says nothing of the host. */
const isQueue = (error: unknown) =>
  String((error as { code?: unknown }).code).startsWith('CONNECTION_POOL:')

/**
 * Connections to the host of an address that is worked with. Where that changes, those to the one
 * before are let go as they come back, and whatever begins has new ones.
 */
export function movingPool(address: DatabaseAddress, poolTo: (url: string) => ConnectionPool) {
  const hosts = hostsOf(address)
  let current: { term: Term; pool: ConnectionPool } | undefined
  const leaving = new Set<Promise<void>>()
  const leave = (pool: ConnectionPool) => {
    const gone = pool.dispose().finally(() => leaving.delete(gone))
    leaving.add(gone)
  }
  async function open() {
    let term = await hosts.pick()
    // It may have changed since it was picked.
    while (hosts.hasLeft(term)) term = await hosts.pick()
    if (current?.term === term) return current
    if (current) leave(current.pool)
    return (current = { term, pool: poolTo(term.host.url) })
  }
  return {
    /** What `mayRepeat` is done once more where its host is lost and there may be another. */
    async task<T>(work: (connection: Connection) => Promise<T>, mayRepeat = false): Promise<T> {
      const { term, pool } = await open()
      try {
        return await pool.task((connection) => unlessLost(term, work(connection)))
      } catch (error) {
        if (faultOf(error) !== 'lost' || isQueue(error)) throw error
        hosts.doubt(term)
        if (!mayRepeat || !hosts.shared) throw error
        return this.task(work)
      }
    },
    async dispose() {
      await Promise.all([current?.pool.dispose(), ...leaving])
    },
  }
}
