import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, describe, test } from 'node:test'

import { listen } from '../../dev/command/listen.ts'
import { testDatabase } from '../../test/database.ts'
import { startYes } from '../../test/failures/yes.ts'
import { present } from '../../test/present.ts'
import { readDatabaseHosts } from '../config/database-address.ts'
import { judgeHost, lookAt } from './host-look.ts'

const database = await testDatabase()
after(() => database.drop())

const at = (url: string) => lookAt(present(readDatabaseHosts(url)[0]), false)
const whyOf = async (url: string) => {
  const look = await at(url)
  return look.isWell ? 'well' : `${look.is}: ${look.why}`
}

const single = {
  innodb_flush_log_at_trx_commit: '1',
  log_bin: 'ON',
  sync_binlog: '1',
  read_only: 'OFF',
  sql_mode: 'STRICT_TRANS_TABLES',
  hostname: 'one',
  port: '3306',
  server_id: '1',
  wsrep_on: 'OFF',
}
const judge = (changes: Record<string, string> = {}, allowUnsafe = false) =>
  judgeHost(new Map(Object.entries({ ...single, ...changes })), allowUnsafe)
const node = { wsrep_on: 'ON', wsrep_ready: 'ON', wsrep_cluster_state_uuid: 'c-1' }

describe('a host', () => {
  test('that takes writes, and keeps them, is well', () => {
    assert.deepEqual(judge(), { isWell: true, store: '  1 one 3306' })
    assert.ok(judge({ read_only: '0' }).isWell)
  })

  test('that is read-only, by whatever name, writes for nobody', () => {
    for (const name of [
      'read_only',
      'super_read_only',
      'innodb_read_only',
      'tidb_restricted_read_only',
    ])
      for (const value of ['ON', '1', 'NO_LOCK']) {
        const why = `it is read-only (${name})`
        assert.deepEqual(judge({ [name]: value }), { isWell: false, is: 'reading', why })
      }
  })

  test('that may lose money, or cannot be escaped for, is passed over as at the start', () => {
    const unsafe = { innodb_flush_log_at_trx_commit: '2' }
    assert.match(JSON.stringify(judge(unsafe)), /may lose committed money/)
    assert.ok(judge(unsafe, true).isWell)
    assert.ok(judge({ log_bin: 'OFF', sync_binlog: '0' }).isWell)
    for (const sql_mode of ['', 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'])
      assert.equal(judge({ sql_mode }, true).isWell, false)
  })

  test('that is a node is well while its cluster has it ready, and has the cluster’s data', () => {
    assert.deepEqual(judge(node), { isWell: true, store: 'c-1' })
    assert.deepEqual(judge({ ...node, hostname: 'two' }), judge(node))
    for (const wsrep_ready of ['OFF', '']) {
      const look = judge({ ...node, wsrep_ready })
      assert.match(JSON.stringify(look), /wsrep_ready is not ON/)
    }
  })
})

describe('a look', () => {
  test('at a real server finds it well, and the same by any way to it', async () => {
    const look = await at(database.url)
    assert.ok(look.isWell && look.store.length > 10)
    assert.deepEqual(await at(database.url), look)
  })

  test('says what is wrong with one that cannot be worked with', async () => {
    const refused = new URL(database.url)
    refused.password = 'hunter2'
    assert.match(await whyOf(refused.href), /^unwell: the server refuses this user or password/)
    const nowhere = database.url.replace(database.name, 'nowhere')
    assert.match(await whyOf(nowhere), /^unwell: the server has no database of that name/)
    assert.match(await whyOf('mysql://r:x@127.0.0.1:1/relay'), /^unwell: nothing listens there/)
  })

  test('does not wait for one that says nothing', async (t) => {
    const server = createServer()
    t.after(() => server.close())
    const port = await listen(server)
    const why = await whyOf(`mysql://relay:x@127.0.0.1:${port}/relay`)
    assert.equal(why, 'silent: it does not answer in time')
  })

  test('passes over what says yes to everything, and is no database', async (t) => {
    const url = await startYes(t)
    const why = await whyOf(url)
    assert.equal(why, 'unwell: it answers as no database does')
  })
})
