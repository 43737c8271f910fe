import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSql, readTree, ships, sourceFile, type SourceFile } from './source-tree.ts'

const isMigration = ({ path }: SourceFile) => path.startsWith('sql/migrations/')
const textOf = ({ text }: SourceFile) => text.replace(/--.*$/gm, '')

/** Tables that migrations have made and not dropped, and that no statement names. */
function deadTables(sql: SourceFile[], speaking: SourceFile[]): string[] {
  const made = new Set<string>()
  const forms = /^(create|drop)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?(\w+)/gim
  for (const migration of sql.filter(isMigration))
    for (const [, verb = '', table = ''] of textOf(migration).matchAll(forms))
      if (verb.toLowerCase() === 'create') made.add(table)
      else made.delete(table)
  const used = [...sql.filter((file) => !isMigration(file)), ...speaking].map(textOf).join('\n')
  return [...made].filter((table) => !new RegExp(`\\b${table}\\b`).test(used))
}

/**
 * What the release before still reads and writes: it may be gone back to. Each is dropped by the
 * release after this one (docs/operate.md, section 5), and its line here with it.
 */
const leaving = ['account_days', 'usage_days']

test('every table is in use, or leaves with the next release', () => {
  const speaking = readTree('app/db', ['.ts']).filter(ships)
  const own = speaking.filter(({ path }) => !path.endsWith('.gen.ts'))
  assert.deepEqual(deadTables(readSql(), own).sort(), leaving)
})

test('a table that nobody uses is seen, and one that is dropped is not', () => {
  const migration = (name: string, text: string) => sourceFile(`sql/migrations/${name}.sql`, text)
  const made = migration('0001_a', 'create table if not exists a (id int)\n')
  assert.deepEqual(deadTables([made], []), ['a'])
  const read = sourceFile('sql/a/read.sql', '-- returns one\nselect id from a')
  assert.deepEqual(deadTables([made, read], []), [])
  assert.deepEqual(deadTables([made, sourceFile('sql/a/read.sql', '-- from a\nselect 1')], []), [
    'a',
  ])
  assert.deepEqual(deadTables([made, migration('0002_b', 'drop table if exists a')], []), [])
})
