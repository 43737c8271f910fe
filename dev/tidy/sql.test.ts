import assert from 'node:assert/strict'
import { test } from 'node:test'

import { foreignStatements, foreignWrites } from './sql-doors.ts'
import { readTree, type SourceFile } from './source-tree.ts'

const isTest = ({ path }: SourceFile) => /\.(test|spec)\.tsx?$/.test(path)
const isGenerated = ({ path }: SourceFile) => path.endsWith('.gen.ts')
const code = readTree('app', ['.ts', '.tsx']).filter((file) => !isTest(file) && !isGenerated(file))
// A migration makes and changes tables before there is any room.
const statements = readTree('sql', ['.sql']).filter((it) => !it.path.startsWith('sql/migrations/'))

const file = (path: string, text: string): SourceFile => ({ path, text, lines: text.split('\n') })

test('a statement is run by its own room', () => {
  assert.ok(statements.length > 50 && code.length > 100, 'the trees are where they were')
  assert.deepEqual(foreignStatements(code, statements), [])
})

test('only statements of the ledger write its tables', () => {
  assert.deepEqual(foreignWrites([...statements, ...code]), [])
})

test('a statement run by another room is found, in folders and in any quotes', () => {
  const own = [file('sql/keys/read.sql', ''), file('sql/ledger/verify/counts.sql', '')]
  const run = (path: string, text: string) => foreignStatements([file(path, text)], own)
  assert.deepEqual(run('app/keys/keys.ts', `run(db, 'keys/read', {})`), [])
  assert.deepEqual(run('app/keys/deep/er.ts', `run(db, 'keys/read', {})`), [])
  assert.deepEqual(run('app/ledger/verify.ts', `const it = 'ledger/verify/counts'`), [])
  for (const text of [`'keys/read'`, `"keys/read"`, '`keys/read`', `Row<'keys/read'>`])
    assert.deepEqual(run('app/api/balance.ts', text), ['app/api/balance.ts names keys/read'])
  assert.deepEqual(run('app/services.ts', `'ledger/verify/counts'`), [
    'app/services.ts names ledger/verify/counts',
  ])
})

const planted = [
  'insert into entries (account_id) values (1)',
  'insert ignore into entries values :entries',
  'INSERT INTO\n  `entries`\nselect * from calls',
  'insert entries set seq = 1',
  'insert into relay.usage_quarters values :quarters',
  'insert into account_quarters select * from usage_quarters on duplicate key update calls = 0',
  'replace into calls values :calls',
  'update holds set plan_nanos = 0',
  'update low_priority holds h join api_keys k on k.id = h.key_id set h.plan_nanos = 0',
  'delete from calls where id = :id',
  'delete h from holds h where h.call_id = :id',
  'delete from given using :gone given join holds on holds.call_id = given.callId',
  `delete holds\n  from :gone given straight_join holds force index (primary) on 1 = 1`,
  `load data infile 'x' into table usage_quarters`,
  'truncate table account_quarters',
  'truncate calls',
  'update accounts set balance_nanos = balance_nanos + 1 where id = :id',
  'update accounts a join users u on u.account_id = a.id set u.name = :name, a.entry_seq = 7',
  'update accounts set status = :status, plan_held_nanos = 0',
  'insert into accounts (name, balance_nanos) values (:name, :nanos)',
  'insert into accounts values (1, 2, 3)',
  'insert into accounts (name) values (:name) on duplicate key update plan_nanos = 0',
  'delete from accounts where id = :id',
  'with old as (select 1) delete from entries where seq = 1',
]
const harmless = [
  'select * from entries for update',
  'select id from calls where id in (select call_id from holds)',
  'insert into accounts (name) values (:name)',
  'update accounts set status = :status where id = :id and balance_nanos = 0',
  'update api_keys set spent_nanos = 0 where account_id in (select account_id from calls)',
  'insert into dropped_calls (account_id, calls) select account_id, count(*) from calls',
  'delete from relays where not exists (select 1 from holds where holds.relay_id = relays.id)',
  '-- insert into entries: the ledger does that\nselect 1',
  'insert into entries_of_a_diary values (1)',
]

test('a write of the ledger’s tables is found wherever it is planted', () => {
  for (const text of planted) {
    for (const path of ['sql/usage/planted.sql', 'sql/accounts/planted.sql'])
      assert.equal(foreignWrites([file(path, text)]).length, 1, text)
    const code = `export const text = ${'`'}${text.replaceAll('`', '')}${'`'}\n`
    assert.equal(foreignWrites([file('app/usage/planted.ts', code)]).length, 1, code)
    assert.deepEqual(foreignWrites([file('sql/ledger/deep/own.sql', text)]), [])
  }
})

test('whatever reads them, or writes others, is not', () => {
  for (const text of harmless)
    assert.deepEqual(foreignWrites([file('sql/usage/planted.sql', text)]), [], text)
})

test('a table of the ledger is written from TypeScript by nobody, the ledger included', () => {
  const text = 'await db.query(`insert into entries (account_id) values (${id})`)'
  assert.deepEqual(foreignWrites([file('app/ledger/entries.ts', text)]), [
    'app/ledger/entries.ts writes entries',
  ])
  const alter = 'await db.query(`alter table calls drop partition p202601`)'
  assert.deepEqual(foreignWrites([file('app/usage/partitions.ts', alter)]), [])
})
