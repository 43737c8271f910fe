import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createConnection } from 'mysql2/promise'

import { testDatabase } from './database.ts'

test('a test database is new, empty and gone after drop', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()])
  assert.notEqual(one.name, two.name)
  const connection = await createConnection({ uri: one.url })
  const [tables] = await connection.query('SHOW TABLES')
  assert.deepEqual(tables, [])
  await connection.end()
  await Promise.all([one.drop(), two.drop()])
  await assert.rejects(createConnection({ uri: one.url }), { code: 'ER_BAD_DB_ERROR' })
})
