import { randomBytes } from 'node:crypto'

import { testServers } from '../dev/command/environment.ts'
import { runSql } from './sql.ts'

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
