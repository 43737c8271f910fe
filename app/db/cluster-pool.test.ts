import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { startClusterNode } from '../../dev/fakes/cluster-node.ts'
import { createPool, run } from './db.server.ts'

const node = await startClusterNode()
const pool = createPool(node.url, { size: 1 })
after(async () => {
  await pool.close()
  await node.close()
})

const seeing = '/*M!100102 set statement wsrep_sync_wait = 1 for */ '
const heardOf = async (work: () => Promise<unknown>) => {
  node.heard.length = 0
  await work()
  return node.heard.map((text) => text.replace(/\s+/g, ' '))
}
const read = () => run(pool, 'db/read-migrations', {})
const claim = () => run(pool, 'db/claim-installation', { name: 'n' })

describe('on a node of a cluster, which may lag behind the others, a pool', () => {
  test('asks once whether it is one', async () => {
    const questions = (await heardOf(async () => void (await read(), await read()))).filter(
      (text) => text.startsWith('show variables'),
    )
    assert.equal(questions.length, 1)
  })

  test('reads what was committed anywhere', async () => {
    const [text = ''] = await heardOf(read)
    assert.ok(text.startsWith(`${seeing}select`), text)
  })

  test('leaves writes to what compares them with the others’', async () => {
    const [text = ''] = await heardOf(claim)
    assert.ok(text.startsWith('insert ignore'), text)
  })

  test('begins a transaction, and a comparison, with all there is', async () => {
    const work = async (db: Parameters<typeof run>[0]) =>
      void (await run(db, 'db/claim-installation', { name: 'n' }))
    assert.ok((await heardOf(() => pool.transact(work))).includes(`${seeing}start transaction`))
    const look = 'start transaction with consistent snapshot'
    assert.ok((await heardOf(() => pool.snapshot(work))).includes(`${seeing}${look}`))
  })
})
