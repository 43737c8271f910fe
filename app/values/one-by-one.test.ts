import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneByOne } from './one-by-one.ts'

test('each has its turn, whatever the ones before it came to, and the first failure is told', async () => {
  const done: number[] = []
  const work = async (item: number) => {
    await Promise.resolve()
    if (item % 2 === 0) throw new Error(`${item} is even`)
    done.push(item)
  }
  await assert.rejects(oneByOne([1, 2, 3, 4, 5], work), { message: '2 is even' })
  assert.deepEqual(done, [1, 3, 5])
  async function* pages() {
    await Promise.resolve()
    yield* [7, 9]
  }
  await oneByOne(pages(), work)
  assert.deepEqual(done, [1, 3, 5, 7, 9])
})
