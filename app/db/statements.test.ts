import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refreshSqlTypes } from '../../dev/refresh-sql-types.ts'
import { testDatabase } from '../../test/database.ts'
import { migrate } from './migrate.ts'

test('every statement prepares against the live schema, and its types are the written ones', async () => {
  const database = await testDatabase()
  try {
    await migrate(database.url)
    const fits = await refreshSqlTypes(database.url, true)
    assert.ok(fits, 'run `npm run sql:types` and commit app/db/statements.gen.ts')
  } finally {
    await database.drop()
  }
})
