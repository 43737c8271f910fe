import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'

import { testDatabase } from '../../test/database.ts'
import { openSql } from '../../test/sql.ts'
import { migrate } from './migrate.ts'
import { readMigrations } from './migration-files.ts'

const scratch = mkdtempSync(join(tmpdir(), 'relay-migrations-'))
const ends: (() => Promise<unknown>)[] = []
after(async () => {
  for (const end of ends.reverse()) await end()
  rmSync(scratch, { recursive: true })
})

async function emptyDatabase() {
  const database = await testDatabase()
  ends.push(() => database.drop())
  const { sql, end } = openSql(database.url)
  ends.push(end)
  const tables = async () => (await sql('show tables')).flatMap((row) => Object.values(row))
  return { url: database.url, sql, tables }
}

let folders = 0
/** A folder of migrations of its own, with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = join(scratch, String(folders++))
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
const makeA = { '0001_a.sql': 'create table a (id int)' }
const both = { ...makeA, '0002_b.sql': 'alter table a add column b int' }

describe('migrating', () => {
  test('brings an empty database up to date, and then has nothing to do', async () => {
    const { url, tables } = await emptyDatabase()
    const names = readdirSync('sql/migrations').sort()
    assert.deepEqual(await migrate(url), names)
    assert.ok((await tables()).includes('accounts'))
    assert.deepEqual(await migrate(url), [])
  })

  test('runs each migration once, however many processes start together', async () => {
    const { url } = await emptyDatabase()
    const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(url)))
    assert.deepEqual(ran.flat().sort(), readdirSync('sql/migrations').sort())
  })

  test('two databases of one server do not wait for each other', async () => {
    const [one, two] = [await emptyDatabase(), await emptyDatabase()]
    // A migration that waits for the other database's to be done.
    const waits = { '0001_waits.sql': `do get_lock('${new URL(two.url).pathname}', 60)` }
    await two.sql(`do get_lock('${new URL(two.url).pathname}', 60)`)
    const waiting = migrate(one.url, { folder: folderOf(waits) })
    assert.deepEqual(await migrate(two.url, { folder: folderOf(makeA) }), ['0001_a.sql'])
    await two.sql(`do release_lock('${new URL(two.url).pathname}')`)
    assert.deepEqual(await waiting, ['0001_waits.sql'])
  })

  test('adds what is new to what has run', async () => {
    const { url } = await emptyDatabase()
    await migrate(url, { folder: folderOf(makeA) })
    assert.deepEqual(await migrate(url, { folder: folderOf(both) }), ['0002_b.sql'])
  })

  test('goes on where a crash came between a statement and the note that it had run', async () => {
    const { url, sql } = await emptyDatabase()
    const folder = folderOf(both)
    await migrate(url, { folder })
    await sql('update migrations set finished_at = null where id = 2')
    assert.deepEqual(await migrate(url, { folder }), ['0002_b.sql'])
    await sql('update migrations set finished_at = null')
    assert.deepEqual(await migrate(url, { folder }), ['0001_a.sql', '0002_b.sql'])
    assert.deepEqual(await migrate(url, { folder }), [])
  })

  test('goes on where a crash came before the statement', async () => {
    const { url, sql, tables } = await emptyDatabase()
    const folder = folderOf(makeA)
    await migrate(url, { folder })
    await sql('update migrations set finished_at = null')
    await sql('drop table a')
    assert.deepEqual(await migrate(url, { folder }), ['0001_a.sql'])
    assert.ok((await tables()).includes('a'))
  })

  test('stops at a statement that fails, and takes it up again once it is mended', async () => {
    const { url } = await emptyDatabase()
    const wrong = { ...makeA, '0002_b.sql': 'alter table nowhere add column b int' }
    await assert.rejects(migrate(url, { folder: folderOf(wrong) }), { errno: 1146 })
    await assert.rejects(migrate(url, { folder: folderOf(wrong) }), { errno: 1146 })
    assert.deepEqual(await migrate(url, { folder: folderOf(both) }), ['0002_b.sql'])
  })

  test('makes room for a key again where an older relay has written since it was made', async () => {
    const { url, sql } = await emptyDatabase()
    const real = (name: string) => readFileSync(join('sql/migrations', name), 'utf8')
    const made = {
      '0001_redemptions.sql': real('0072_code_redemptions.sql'),
      '0002_room.sql': real('0084_code_redemptions_once_a_person.sql'),
    }
    const insert = `insert into code_redemptions (code_id, account_id, user_id, value_nanos, entry_seq,
                                                  redeemed_at) values (1, ?, 7, 5, 1, '2026-01-01')`
    await migrate(url, { folder: folderOf(made) })
    for (const account of [1, 2]) await sql(insert, [account])
    const key = { '0003_key.sql': real('0085_code_redemptions_person.sql') }
    assert.deepEqual(await migrate(url, { folder: folderOf({ ...made, ...key }) }), [
      '0003_key.sql',
    ])
    const people = await sql('select user_id as id from code_redemptions order by account_id')
    assert.deepEqual(
      people.map(({ id }) => id),
      [7, null],
    )
    await assert.rejects(sql(insert, [3]), { errno: 1062 })
  })

  test('stops where a key finds one thing twice that nothing makes room for', async () => {
    const { url, sql } = await emptyDatabase()
    await migrate(url, { folder: folderOf(makeA) })
    await sql('insert into a (id) values (1), (1)')
    const keyed = { ...makeA, '0002_key.sql': 'alter table a add unique key a_id (id)' }
    await assert.rejects(migrate(url, { folder: folderOf(keyed) }), { errno: 1062 })
  })

  test('takes a table it did not make for a failure, not for its own work', async () => {
    const { url, sql } = await emptyDatabase()
    await sql('create table a (other int)')
    for (let tries = 0; tries < 2; tries++)
      await assert.rejects(migrate(url, { folder: folderOf(makeA) }), { errno: 1050 })
  })

  test('refuses a migration that was changed after it had run', async () => {
    const { url } = await emptyDatabase()
    await migrate(url, { folder: folderOf(makeA) })
    const changed = { '0001_a.sql': 'create table a (id bigint)' }
    await assert.rejects(
      migrate(url, { folder: folderOf(changed) }),
      /0001_a\.sql was changed after it ran/,
    )
  })

  test('takes the word about old relays for no change of what ran', async () => {
    const { url } = await emptyDatabase()
    await migrate(url, { folder: folderOf(makeA) })
    const marked = { '0001_a.sql': `-- old relays: may run\n${makeA['0001_a.sql']}` }
    assert.deepEqual(await migrate(url, { folder: folderOf(marked) }), [])
  })

  test('refuses what a newer version has done, or begun, unless told', async () => {
    const { url, sql } = await emptyDatabase()
    await migrate(url, { folder: folderOf(both) })
    const folder = folderOf(makeA)
    const why = /newer version \(0002_b\.sql\).*ALLOW_NEWER_SCHEMA=1/
    await assert.rejects(migrate(url, { folder }), why)
    await sql('update migrations set finished_at = null where id = 2')
    await assert.rejects(migrate(url, { folder }), why)
    assert.deepEqual(await migrate(url, { folder, allowNewer: true }), [])
  })

  test('does not run under relays what these must be stopped for, and runs the rest', async () => {
    const { url, tables } = await emptyDatabase()
    const stopping = {
      ...makeA,
      '0002_b.sql': '-- old relays: must be stopped; why\ncreate table b (id int)',
    }
    const countRelays = () => Promise.resolve(2)
    assert.deepEqual(await migrate(url, { folder: folderOf(makeA), countRelays }), ['0001_a.sql'])
    const folder = folderOf(stopping)
    await assert.rejects(migrate(url, { folder, countRelays }), /0002_b\.sql.*2 of them were heard/)
    assert.ok(!(await tables()).includes('b'))
    const none = () => Promise.resolve(0)
    assert.deepEqual(await migrate(url, { folder, countRelays: none }), ['0002_b.sql'])
    assert.deepEqual(await migrate(url, { folder, countRelays }), [])
  })

  test('lets go of its turn when it fails', async () => {
    const { url } = await emptyDatabase()
    const wrong = { '0001_a.sql': 'create nonsense' }
    await assert.rejects(migrate(url, { folder: folderOf(wrong) }), { errno: 1064 })
    assert.deepEqual(await migrate(url, { folder: folderOf(makeA) }), ['0001_a.sql'])
  })
})

test('migrations are numbered without a gap, a double or a strange name', () => {
  for (const names of [
    ['0002_a.sql'],
    ['0001_a.sql', '0003_b.sql'],
    ['0001_a.sql', '0001_b.sql'],
    ['0001_A.sql'],
    ['1_a.sql'],
  ]) {
    const files = Object.fromEntries(names.map((name) => [name, 'select 1']))
    assert.throws(() => readMigrations(folderOf(files)), /is not number/)
  }
})
