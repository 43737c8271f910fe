import { join } from 'node:path'
import { seedCatalog } from '../../app/catalog/catalog.server.ts'
import { limits } from '../../app/config/limits.ts'
import { createLane, migrate } from '../../app/db/db.server.ts'
import { createLedger, type Ledger } from '../../app/ledger/ledger.server.ts'
import { newCallId } from '../../app/values/call-id.ts'
import { startMariadb } from '../../dev/servers/mariadb.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { withPool } from '../../test/pool.ts'
import { present } from '../../test/present.ts'
import { openSql } from '../../test/sql.ts'
import { seedCallers } from '../callers.ts'
import type { Ground } from '../ground.ts'
import { buyersOf, type Buyer } from '../pairs.ts'

/** What a server has counted since it started. */
export type Counted = { commits: number; logBytes: number; flushes: number }

/** A database server that holds some of the accounts. */
export type Shard = { url: string; pid: number; counted(): Promise<Counted> }

const counters = {
  commits: 'Com_commit',
  logBytes: 'Innodb_os_log_written',
  flushes: 'Innodb_data_fsyncs',
}

/** Starts a server with all tables, prices and so many accounts; its books are proved at the end. */
async function startShard(ground: Ground, name: string, accounts: number): Promise<Shard> {
  const mariadb = await startMariadb({ dir: join(ground.dir, name) })
  ground.keep(mariadb)
  const database = `shard_${newCallId(Date.now()).toString('hex')}`
  await mariadb.createDatabase(database)
  const url = mariadb.localUrl(database)
  await migrate(url)
  await withPool(url, seedCatalog)
  await seedCallers(url, accounts)
  const { sql, end } = openSql(url)
  ground.keep({
    async stop() {
      await end()
      await withPool(url, expectCleanBooks)
      await mariadb.dropDatabase(database)
    },
  })
  return {
    url,
    pid: mariadb.pid,
    async counted() {
      const rows = await sql<{ Variable_name: string; Value: string }>('show global status')
      const of = (name: string) =>
        Number(present(rows.find((row) => row.Variable_name === name)).Value)
      const found = Object.entries(counters).map(([key, name]) => [key, of(name)] as const)
      return Object.fromEntries(found) as Counted
    },
  }
}

/**
 * Servers that know the same accounts by the same ids; each account is used on one of them. Answers
 * whoever pays, too.
 */
export async function startShards(ground: Ground, servers: number, accounts: number) {
  const shards: Shard[] = []
  for (let i = 0; i < servers; i++) shards.push(await startShard(ground, `shard-${i}`, accounts))
  const buyers: Buyer[] = await buyersOf(present(shards[0]).url)
  return { shards, buyers }
}

/**
 * The ledger as it is, with a lane for each address: its lanes share no account, so that a shard is
 * a lane whose database is another. The same address twice is two lanes on one server.
 */
export function ledgerOver(ground: Ground, urls: string[]): Ledger {
  let lanes = 0
  const ledger = createLedger(present(urls[0]), {
    relayId: newCallId(Date.now()),
    limits: { ...limits.ledger, lanes: urls.length },
    laneOf: () => createLane(present(urls[lanes++])),
  })
  ground.keep({ stop: () => ledger.close() })
  return ledger
}
