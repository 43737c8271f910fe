import { randomBytes } from 'node:crypto'

import { migrate } from '../app/db/db.server.ts'
import { testServers } from '../dev/command/environment.ts'
import { present } from './present.ts'
import { openSql, runSql } from './sql.ts'

type TestDatabase = {
  /** mysql://…/t_RANDOM */
  url: string
  name: string
  drop(): Promise<void>
}

/** A fresh, empty database for one test file; it has no tables yet. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = testDatabaseServer()
  const name = `t_${randomBytes(8).toString('hex')}`
  await runSql(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
  return {
    name,
    url: `${server}${name}`,
    drop: async () => void (await runSql(server, `DROP DATABASE IF EXISTS ${name}`)),
  }
}

/**
 * A fresh database with today's tables, as migrations leave them: copies of those that `npm test`
 * has migrated once, because half a hundred migrations for each test file take minutes in all.
 */
export async function migratedDatabase(): Promise<TestDatabase> {
  const database = await testDatabase()
  const { databaseTemplate } = testServers()
  if (databaseTemplate === undefined) await migrate(database.url)
  else await copyTables(databaseTemplate, database.url)
  return database
}

/** Only what migrating has noted of itself is copied with its rows: nothing else has any. */
async function copyTables(template: string, url: string): Promise<void> {
  const { sql, end } = openSql(url)
  try {
    for (const row of await sql('show tables from ??', [template])) {
      // "create table … like" would forget from where a table counts its rows.
      const name = `${template}.${String(Object.values(row)[0])}`
      const [made] = await sql<{ 'Create Table': string }>('show create table ??', [name])
      await sql(present(made)['Create Table'])
    }
    for (const noted of ['migrations', 'turns'])
      await sql('insert into ?? select * from ??', [noted, `${template}.${noted}`])
  } finally {
    await end()
  }
}

/** Which server a test runs on, where servers say the same thing by other words. */
type Engine = { name: 'MariaDB' | 'MySQL'; version: string; isMariadb: boolean }

export async function engineOf(url: string): Promise<Engine> {
  const [row] = await runSql<{ version: string }>(url, 'select version() as version')
  const version = row?.version ?? ''
  const isMariadb = /mariadb/i.test(version)
  return { name: isMariadb ? 'MariaDB' : 'MySQL', version, isMariadb }
}

/** A check of the schema that a row does not pass. */
export const checkFailed = ({ isMariadb }: Engine): number => (isMariadb ? 4025 : 3819)
/**
 * The limit that gives a stopped process's locks back: MariaDB has one for transactions, MySQL one for
 * connections, in a transaction or not.
 */
export const idleLimit = ({ isMariadb }: Engine): string =>
  isMariadb ? 'idle_transaction_timeout' : 'wait_timeout'

/** The test server's URL without a database name, ending in a slash. */
export function testDatabaseServer(): string {
  const url = testServers().databaseUrl
  if (url === undefined) throw new Error(missing('TEST_DATABASE_URL'))
  return url.endsWith('/') ? url : `${url}/`
}

/** The Redis all test files share: keys need a prefix of the test's own. */
export function testRedisUrl(): string {
  const url = testServers().redisUrl
  if (url === undefined) throw new Error(missing('TEST_REDIS_URL'))
  return url
}

function missing(name: string): string {
  return `${name} is not set. Run this file with: npm test -- <part of its path>`
}
