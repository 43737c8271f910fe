import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { startClusterNode } from '../../dev/fakes/cluster-node.ts'
import { faultOf } from '../errors/faults.ts'
import { createLane, written } from './db.server.ts'

const node = await startClusterNode()
const lane = createLane(node.url)
after(async () => {
  await lane.close()
  await node.close()
})

/** A comment to every server but MariaDB. */
const seeing = '/*M!100102 set statement wsrep_sync_wait = 1 for */ '
const [begin, now, commit] = [
  written('ledger/begin', {}),
  written('ledger/now', {}),
  written('ledger/commit', {}),
]

describe('on a node of a cluster, where a list is not all or nothing, a lane', () => {
  test('keeps its session free of what commits by itself', async () => {
    await lane.send([begin, now])
    const [session = '', autocommit, first] = node.heard
    assert.ok(session.endsWith(`show variables like 'wsrep_on'`))
    // Not a cluster's, but only visible here: MySQL is what gives back the locks of a stopped process.
    assert.ok(session.includes('/*!80000 , session wait_timeout = 10 */'))
    assert.equal(autocommit, 'set session autocommit = 0')
    // What was done by another node, before this connection, is seen by the first on it.
    assert.equal(first, `${seeing}start transaction;savepoint whole;${now.sql}`)
    assert.equal(lane.mayLag?.(), true)
    await lane.send([written('ledger/rollback', {})], { continues: true })
  })

  test('has a transaction see all that was committed anywhere where it must', async () => {
    node.heard.length = 0
    await lane.send([begin, now], { all: true })
    await lane.send([commit], { continues: true })
    await lane.send([begin, now])
    await lane.send([commit], { continues: true })
    const [all, , some] = node.heard
    assert.equal(all, `${seeing}start transaction;savepoint whole;${now.sql}`)
    assert.equal(some, `start transaction;savepoint whole;${now.sql}`)
  })

  test('sets a mark right after the start, and commits only what still has it', async () => {
    node.heard.length = 0
    const opened = await lane.send([begin, now])
    const done = await lane.send([now, now, commit], { continues: true })
    assert.deepEqual(node.heard, [
      `start transaction;savepoint whole;${now.sql}`,
      `${now.sql};${now.sql};release savepoint whole;commit`,
    ])
    assert.deepEqual([opened.length, done.length], [2, 3])
  })

  test('begins anew where the mark is gone', () => {
    assert.equal(faultOf({ errno: 1305 }), 'again')
  })

  test('answers one statement as one, guarded or not', async () => {
    assert.equal((await lane.send([begin])).length, 1)
    assert.equal((await lane.send([commit], { continues: true })).length, 1)
    assert.equal((await lane.send([now])).length, 1)
  })
})
