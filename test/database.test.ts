import assert from 'node:assert/strict'
import { test } from 'node:test'

import { migrate } from '../app/db/db.server.ts'
import { migratedDatabase, testDatabase } from './database.ts'
import { runSql } from './sql.ts'

test('a test database is new, empty and gone after drop', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()])
  assert.notEqual(one.name, two.name)
  assert.deepEqual(await runSql(one.url, 'SHOW TABLES'), [])
  await Promise.all([one.drop(), two.drop()])
  await assert.rejects(runSql(one.url, 'SELECT 1'), { code: 'ER_BAD_DB_ERROR' })
})

/** How each table is made, and how many rows it has. */
async function tablesOf(url: string): Promise<Record<string, unknown>> {
  const tables = (await runSql(url, 'show tables')).map((row) => String(Object.values(row)[0]))
  const entries = tables.map(async (table) => {
    const [made] = await runSql(url, 'show create table ??', [table])
    const [counted] = await runSql(url, 'select count(*) as total from ??', [table])
    return [table, { ...made, ...counted }]
  })
  return Object.fromEntries(await Promise.all(entries))
}

test('a migrated one is what migrations make of an empty one, and they find nothing to do', async () => {
  const [copied, migrated] = await Promise.all([migratedDatabase(), testDatabase()])
  await migrate(migrated.url)
  const [ours, theirs] = await Promise.all([tablesOf(copied.url), tablesOf(migrated.url)])
  assert.deepEqual(Object.keys(ours), Object.keys(theirs))
  for (const table of Object.keys(ours)) assert.deepEqual(ours[table], theirs[table])
  assert.deepEqual(await migrate(copied.url), [])
  await Promise.all([copied.drop(), migrated.drop()])
})
