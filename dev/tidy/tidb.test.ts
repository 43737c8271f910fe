import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readSql, readTree, ships, sourceFile } from './source-tree.ts'
import { outsideOfTidb, statementsIn } from './tidb.ts'

/** The rooms whose code says statements itself: where a connection is made, and where partitions are. */
const speaking = ['app/db', 'app/usage'].flatMap((folder) => readTree(folder, ['.ts']))
const spoken = speaking
  .filter(ships)
  .filter(({ path }) => !path.endsWith('.gen.ts'))
  .flatMap(statementsIn)

/**
 * What is outside all the same, and what that means on TiDB (docs/decisions/0044). A migration that has
 * run is never changed, so those stay.
 */
const known = new Map([
  ['sql/migrations/0001_accounts.sql', 'CHECK is kept, and asked for nothing'],
  ['sql/migrations/0005_api_keys.sql', 'CHECK is kept, and asked for nothing'],
  ...[
    '0032_models_in_any_script',
    '0033_prices_in_any_script',
    '0034_holds_in_any_script',
    '0035_calls_in_any_script',
    '0036_usage_days_in_any_script',
  ].map((name) => [`sql/migrations/${name}.sql`, 'no column goes from ascii to utf8mb4'] as const),
  // Sent to nodes of Galera alone.
  ['app/db/lane.ts', 'savepoints are from 6.2 on, and in no transaction before'],
  // For those who compare, which no call does.
  ['app/db/pool.ts', 'READ ONLY is refused unless tidb_enable_noop_functions is on'],
])

test('every statement, and every migration, is of what TiDB documents, but for what is known', () => {
  const all = [...readSql(), ...spoken]
  assert.ok(all.length > 200 && spoken.length > 10, 'the texts are where they were')
  const found = new Set(all.flatMap(outsideOfTidb))
  const expected = [...known].map(([path, why]) => `${path}: ${why}`)
  assert.deepEqual([...found].sort(), expected.sort())
})

const planted = [
  'select id from accounts where id = 1 for update skip locked',
  'select id from accounts for share',
  'select a.id from accounts a join holds h on h.account_id = a.id for update',
  'start transaction with consistent snapshot, read only',
  'insert into accounts (name) values (1) returning id',
  'select id from a intersect select id from b',
  'select @last := id from accounts',
  'create trigger t before insert on calls for each row set new.id = 1',
  'alter table holds add constraint f foreign key (account_id) references accounts (id)',
  'alter table holds add constraint c check (plan_nanos >= 0)',
  'create table t (id binary(16) default (uuid_to_bin(uuid())))',
  'create table t (a int, b int generated always as (a + 1) stored)',
  'create fulltext index i on models (name)',
  'create table t as select * from calls',
  'alter table calls drop primary key',
  'alter table t modify name varchar(9) character set utf8mb4',
  'create table t (id int) partition by hash (id) partitions 4',
  'alter table calls exchange partition p0 with table t',
  'select json_table(terms) from prices',
  'select @@wsrep_on as cluster',
  'select /*!80000 skip locked */ id from accounts for update skip locked',
]
const harmless = [
  '-- returns many\n-- for update skip locked is not for us\nselect 1',
  `select 'returning', concat('a', id) from accounts for update nowait`,
  'set session a = 1 /*M!100301 , session json_x(1) = 10 */',
  'alter table calls add column a int null, add column b int null, algorithm = instant',
  'alter table calls reorganize partition pmax into (partition p1 values less than (maxvalue))',
]

test('what is outside is found wherever it is planted, and what is within is not', () => {
  for (const text of planted) {
    assert.ok(outsideOfTidb(sourceFile('sql/a.sql', text)).length > 0, text)
    const code = sourceFile('app/db/a.ts', `const a = sql\`${text}\`\nconst b = '${text}'\n`)
    assert.ok(statementsIn(code).length === 2, text)
  }
  for (const text of harmless)
    assert.deepEqual(outsideOfTidb(sourceFile('sql/a.sql', text)), [], text)
})
