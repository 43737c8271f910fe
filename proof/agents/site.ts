import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  startDemoUpstream,
  type DemoUpstream,
} from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { startMariadb } from '../../dev/servers/mariadb.ts'
import { startRedis } from '../../dev/servers/redis.ts'
import { callsOf, type CallRow } from '../../test/calls.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { Opened } from '../../test/failures/opened.ts'
import { startTestRelay, type TestRelay } from '../../test/relay.ts'
import { openSql } from '../../test/sql.ts'

/** A whole relay before the demo upstream, for agents that are programs of others. */
export type Site = {
  dir: string
  relay: TestRelay
  upstream: DemoUpstream
  customerWith(balanceNanos: number): Promise<Customer>
  /** The calls of a customer, once nothing of them is open any more and the books are right. */
  booked(customer: Customer): Promise<CallRow[]>
  /** The statuses of all answers of the relay so far. */
  statuses(): number[]
  close(): Promise<void>
}

const statusIn = (line: string) => (JSON.parse(line) as { status?: number }).status ?? 0

export async function openSite(): Promise<Site> {
  const opened = new Opened()
  const dir = mkdtempSync(join(tmpdir(), 'relay-agents-'))
  opened.closeWith(() => rmSync(dir, { recursive: true, force: true }))
  try {
    const mariadb = await startMariadb({ dir: join(dir, 'mariadb') })
    opened.closeWith(() => mariadb.stop())
    await mariadb.createDatabase('relay')
    const redis = await startRedis({ dir: join(dir, 'redis') })
    opened.closeWith(() => redis.stop())
    const upstream = await startDemoUpstream()
    opened.closeWith(() => upstream.close())
    const url = mariadb.url('relay')
    const relay = await startTestRelay({ databaseUrl: url, redisUrl: redis.url, upstream })
    opened.closeWith(() => relay.stop())
    const { sql, end } = openSql(url)
    opened.closeWith(end)
    const { db } = relay.services
    return {
      dir,
      relay,
      upstream,
      customerWith: (balanceNanos) => newCustomer(db, { balanceNanos }),
      async booked(customer) {
        await whenNothingIsHeld(sql)
        await expectCleanBooks(db)
        return callsOf(sql, customer)
      },
      statuses: () => relay.logged.filter((it) => it.includes('"event":"answered"')).map(statusIn),
      close: () => opened.close(),
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}
