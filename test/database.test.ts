import assert from 'node:assert/strict'
import { test } from 'node:test'

import { testDatabase } from './database.ts'
import { runSql } from './sql.ts'

test('a test database is new, empty and gone after drop', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()])
  assert.notEqual(one.name, two.name)
  assert.deepEqual(await runSql(one.url, 'SHOW TABLES'), [])
  await Promise.all([one.drop(), two.drop()])
  await assert.rejects(runSql(one.url, 'SELECT 1'), { code: 'ER_BAD_DB_ERROR' })
})
