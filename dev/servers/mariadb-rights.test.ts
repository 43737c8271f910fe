import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { capturedCli } from '../../test/captured-cli.ts'
import { newCustomer } from '../../test/customer.ts'
import { testRedisUrl } from '../../test/database.ts'
import { ask } from '../../test/raw-client.ts'
import { startTestRelay } from '../../test/relay.ts'
import { runSql } from '../../test/sql.ts'
import { startDemoUpstream } from '../fakes/upstream/demo-upstream.server.ts'
import { startMariadb, type Mariadb } from './mariadb.ts'

const dir = mkdtempSync(join(tmpdir(), 'rights-'))
let mariadb: Mariadb
before(async () => {
  // The account of an earlier version had all rights.
  const earlier = await startMariadb({ dir })
  await earlier.createDatabase('others')
  await earlier.stop()
  mariadb = await startMariadb({ dir, database: 'relay' })
})
after(async () => {
  await mariadb.stop()
  rmSync(dir, { recursive: true })
})

test('the relay’s account has the rights to its own database, and no others', async () => {
  const url = mariadb.url('relay')
  const grants = await runSql(url, 'SHOW GRANTS')
  assert.deepEqual(
    grants.map((row) => String(Object.values(row)[0]).replace(/ IDENTIFIED BY .*/, '')),
    [
      'GRANT USAGE ON *.* TO `relay`@`127.0.0.1`',
      'GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER ON `relay`.* ' +
        'TO `relay`@`127.0.0.1`',
    ],
  )
  const denied = [
    'CREATE DATABASE another',
    'CREATE TABLE others.mine (id INT)',
    'SELECT * FROM mysql.user',
    `SELECT 1 INTO OUTFILE '${join(dir, 'never')}'`,
    'SET GLOBAL innodb_flush_log_at_trx_commit = 0',
    'GRANT SELECT ON relay.* TO root@localhost',
  ]
  for (const statement of denied) await assert.rejects(runSql(url, statement), statement)
})

test('these rights are enough for migrations, calls, and the command line', async (t) => {
  const upstream = await startDemoUpstream({ pace: 'fast' })
  const databaseUrl = mariadb.localUrl('relay')
  const relay = await startTestRelay({ databaseUrl, redisUrl: testRedisUrl(), upstream })
  t.after(async () => {
    await relay.stop()
    await upstream.close()
  })
  const { secret } = await newCustomer(relay.services.db, { balanceNanos: 1e9 })
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }
  const answer = await ask({ ...upstream, url: relay.url, apiKey: secret }, { body })
  assert.equal(answer.status, 200)
  const cli = capturedCli({ DATABASE_URL: databaseUrl, REDIS_URL: testRedisUrl() })
  for (const line of ['seed-calls 200 --days 200', 'retain --months 3', 'verify']) {
    const { exitCode, out, err } = await cli(...line.split(' '))
    assert.equal(exitCode, 0, `${line}: ${out}${err}`)
  }
})
