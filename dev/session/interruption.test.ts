import assert from 'node:assert/strict'
import { test } from 'node:test'

import { watchForInterruption } from './interruption.ts'

test('echoes of one Ctrl-C are one wish, and a later one is a second', async () => {
  let now = 0
  const interruption = watchForInterruption(() => now)
  const told: string[] = []
  const hurried = interruption.hurried.then(() => told.push('hurried'))
  process.emit('SIGINT')
  assert.equal(await interruption.happened, 'SIGINT')
  now = 900
  process.emit('SIGINT')
  process.emit('SIGTERM')
  await new Promise(setImmediate)
  assert.deepEqual(told, [])
  now = 1_100
  process.emit('SIGINT')
  await hurried
  assert.equal(interruption.signal(), 'SIGINT')
})
