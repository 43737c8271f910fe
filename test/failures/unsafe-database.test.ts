import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { newCustomer } from '../customer.ts'
import { call } from './client.ts'
import { Opened } from './opened.ts'
import { openSite, startOwnMariadb, type Site } from './site.ts'

const opened = new Opened()
let site: Site

before(async () => {
  const { url } = await startOwnMariadb(opened)
  site = await openSite(opened, { databaseUrl: url })
})
after(() => opened.close())

const setGlobal = (text: string) => site.books.sql(`set global ${text}`)
beforeEach(async () => {
  await setGlobal('innodb_flush_log_at_trx_commit = 1')
  await setGlobal(`sql_mode = 'STRICT_ALL_TABLES'`)
})

const allowed = { env: { ALLOW_UNSAFE_DATABASE: '1' } }

describe('a relay whose database may lose a committed charge', () => {
  for (const value of [0, 2]) {
    test(`does not start with innodb_flush_log_at_trx_commit = ${value}, and says why`, async () => {
      await setGlobal(`innodb_flush_log_at_trx_commit = ${value}`)
      const why = new RegExp(`innodb_flush_log_at_trx_commit is ${value}.*ALLOW_UNSAFE_DATABASE=1`)
      await assert.rejects(site.startRelay(), why)
      const relays = await site.books.sql('select 1 from relays')
      assert.deepEqual(relays, [], 'it has not said that it lives')
    })
  }

  test('starts, and answers, when told to in so many words', async () => {
    await setGlobal('innodb_flush_log_at_trx_commit = 2')
    const relay = await site.startRelay(allowed)
    const by = await newCustomer(site.books.pool, { balanceNanos: 1e9 })
    assert.ok((await call(relay.url, { ...by, model: 'whole-both' })).isComplete)
    assert.deepEqual(await relay.end(), { code: 0, signal: null })
  })
})

describe('a relay whose database cuts values that do not fit', () => {
  test('does not start, whatever it is told', async () => {
    await setGlobal(`sql_mode = ''`)
    await assert.rejects(site.startRelay(allowed), /sql_mode must hold STRICT_TRANS_TABLES/)
  })
})

describe('a relay whose database another version works with', () => {
  const sql = (text: string) => site.books.sql(text)
  afterEach(() => sql(`update migrations set finished_at = current_timestamp(3)`))

  test('does not start on what a newer one has migrated, unless told', async () => {
    await sql(`insert into migrations (id, name, digest) values (9000, '9000_newer.sql', '')`)
    try {
      await assert.rejects(site.startRelay(), /newer version \(9000_newer\.sql\)/)
      const relay = await site.startRelay({ env: { ALLOW_NEWER_SCHEMA: '1' } })
      await relay.end()
    } finally {
      await sql('delete from migrations where id = 9000')
    }
  })

  test('does not migrate under it where it must be stopped first, unless told', async () => {
    const older = await site.startRelay()
    await sql('update migrations set finished_at = null where id = 26')
    await assert.rejects(site.startRelay(), /0026_.* of them w.* heard.*ALLOW_OLD_RELAYS=1/)
    const told = await site.startRelay({ env: { ALLOW_OLD_RELAYS: '1' } })
    await told.end()
    await sql('update migrations set finished_at = null where id = 26')
    await older.end()
    // One that is killed is heard of for a minute more.
    await sql('delete from relays')
    const alone = await site.startRelay()
    await alone.end()
  })
})
