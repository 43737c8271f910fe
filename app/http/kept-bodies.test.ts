import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { KeptBodies } from './kept-bodies.ts'

describe('bodies that are kept', () => {
  const bounds = { processBytesMax: 100, accountBytesMax: 50 }
  function start() {
    const gone: string[] = []
    const bodies = new KeptBodies(bounds)
    const keep = (account: number, name: string, bytes: number) =>
      bodies.keep(account, bytes, () => void gone.push(name))
    return { bodies, keep, gone }
  }

  test('of one account go, the oldest first, where it has too many', () => {
    const { bodies, keep, gone } = start()
    keep(2, 'other', 40)
    for (const name of ['a', 'b', 'c']) keep(1, name, 20)
    assert.deepEqual([gone, bodies.bytes], [['a'], 80])
  })

  test('go, the oldest first, where there are too many in all', () => {
    const { bodies, keep, gone } = start()
    for (const account of [1, 2, 3, 4]) keep(account, `of ${account}`, 40)
    assert.deepEqual([gone, bodies.bytes], [['of 1', 'of 2'], 80])
  })

  test('are not let go when they are needed no more, and one that is too long is at once', () => {
    const { bodies, keep, gone } = start()
    const done = keep(1, 'a', 50)
    for (let i = 0; i < 2; i++) done()
    keep(1, 'long', 51)
    assert.deepEqual([gone, bodies.bytes], [['long'], 0])
  })
})
