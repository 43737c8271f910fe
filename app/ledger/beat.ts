import { hostname } from 'node:os'
import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'

/** This relay, as the list of those that live has it. */
export const ownRow = (relayId: Buffer) => ({
  id: relayId,
  host: hostname().slice(0, 200),
  pid: process.pid,
})

/** Says that this relay lives, and whether it has done so without a break. */
export const beat = (
  pool: Pool,
  relayId: Buffer,
  breakSeconds: number = limits.ledger.breakSeconds,
) => run(pool, 'ledger/beat', { ...ownRow(relayId), breakSeconds })

/**
 * Takes this relay off the list at the end of a drain; with open holds left the sweep still sees
 * it.
 */
export const retire = (pool: Pool, relayId: Buffer) =>
  run(pool, 'ledger/retire-relay', { id: relayId })

/** The relays that live on this database, the oldest first. */
export const listRelays = (db: Db) =>
  run(db, 'ledger/list-relays', { seconds: limits.ledger.heartbeatSecondsMax })

const noTable = 1146

/** How many relays live on this database; also on one that has yet to be migrated. */
export async function countRelays(db: Db): Promise<number> {
  try {
    const { relays } = await run(db, 'ledger/count-relays', {
      seconds: limits.ledger.heartbeatSecondsMax,
    })
    // A count is never null, which a prepared statement does not know.
    return relays!
  } catch (error) {
    if ((error as { errno?: number }).errno === noTable) return 0
    throw error
  }
}
