import { runSql } from './sql.ts'

/** Which server a test runs on, where servers say the same thing by other words. */
export type Engine = { name: 'MariaDB' | 'MySQL'; version: string; isMariadb: boolean }

export async function engineOf(url: string): Promise<Engine> {
  const [row] = await runSql<{ version: string }>(url, 'select version() as version')
  const version = row?.version ?? ''
  const isMariadb = /mariadb/i.test(version)
  return { name: isMariadb ? 'MariaDB' : 'MySQL', version, isMariadb }
}

/** A check of the schema that a row does not pass. */
export const checkFailed = ({ isMariadb }: Engine): number => (isMariadb ? 4025 : 3819)
/** A row that is locked, where nobody waits for locks. */
export const lockedRow = ({ isMariadb }: Engine): number => (isMariadb ? 1205 : 3572)

/**
 * The limit that gives a stopped process's locks back: MariaDB has one for transactions, MySQL one for
 * connections, in a transaction or not.
 */
export const idleLimit = ({ isMariadb }: Engine): string =>
  isMariadb ? 'idle_transaction_timeout' : 'wait_timeout'
