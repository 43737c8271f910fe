import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { present } from '../../test/present.ts'
import { streamFile } from './file.ts'

/** Pieces that count how many of them were asked for, and whether they were given back. */
function counted(most: number) {
  const count = { made: 0, isOver: false, ended: 0 }
  async function* pieces() {
    try {
      while (count.made < most) yield `${++count.made}\n`
    } finally {
      count.isOver = true
    }
  }
  return { count, pieces: pieces(), end: () => void count.ended++ }
}

test('no piece is made before the reader has room for it', async () => {
  const { count, pieces, end } = counted(3)
  const waiting: ((isThere: boolean) => void)[] = []
  const ready = () => new Promise<boolean>((resolve) => waiting.push(resolve))
  const reader = streamFile(pieces, { ready }, end).getReader()
  for (let piece = 1; piece <= 3; piece++) {
    const read = reader.read()
    await turn()
    assert.equal(count.made, piece - 1)
    present(waiting.shift())(true)
    assert.equal(new TextDecoder().decode((await read).value), `${piece}\n`)
  }
  const last = reader.read()
  await turn()
  present(waiting.shift())(true)
  assert.equal((await last).done, true)
  assert.deepEqual(count, { made: 3, isOver: true, ended: 1 })
})

test('a reader that has left ends it', async () => {
  const { count, pieces, end } = counted(1e9)
  let isThere = true
  const ready = () => Promise.resolve(isThere)
  const reader = streamFile(pieces, { ready }, end).getReader()
  await reader.read()
  isThere = false
  assert.equal((await reader.read()).done, true)
  assert.deepEqual(count, { made: 1, isOver: true, ended: 1 })
})

test('whoever stops reading ends it', async () => {
  const { count, pieces, end } = counted(1e9)
  const reader = streamFile(pieces, undefined, end).getReader()
  await reader.read()
  await reader.cancel()
  assert.deepEqual(count, { made: 1, isOver: true, ended: 1 })
})

test('what fails in the middle is no complete file', async () => {
  async function* pieces() {
    yield await Promise.resolve('heads\n')
    throw new Error('the database went away')
  }
  let ended = 0
  const reader = streamFile(pieces(), undefined, () => void ended++).getReader()
  await reader.read()
  await assert.rejects(reader.read(), /went away/)
  assert.equal(ended, 1)
})
