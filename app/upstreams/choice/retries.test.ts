import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RetryBudget, type Outlook } from './retries.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A budget beside so many calls, and retries that ask for a place of it. */
function budget(calls: number, waitMsMax = 1_000) {
  const now = { calls }
  const retries = new RetryBudget({ least: 2, percent: 20, waitMsMax }, () => now.calls)
  const given: (number | undefined)[] = []
  const releases = new Map<number, () => void>()
  async function ask(id: number, next?: Outlook) {
    const release = await retries.take(next)
    if (release) releases.set(id, release)
    given.push(release && id)
  }
  return { now, retries, ask, given, release: (id: number) => releases.get(id)?.() }
}

describe('the budget of retries', () => {
  test('has a few places beside few calls, and a fifth of many', async () => {
    for (const [calls, places] of [
      [0, 2],
      [10, 2],
      [100, 20],
      [101, 20],
      [1_000, 200],
    ] as const) {
      const { ask, given } = budget(calls)
      for (let id = 0; id < 500; id++) void ask(id)
      await turn()
      assert.equal(given.length, places, `beside ${calls} calls`)
    }
  })

  test('is given to whoever waits longest, once an outcome is known', async () => {
    const { ask, given, release } = budget(0)
    for (let id = 0; id < 6; id++) void ask(id)
    await turn()
    assert.deepEqual(given, [0, 1])
    release(1)
    release(1)
    await turn()
    assert.deepEqual(given, [0, 1, 2])
    release(0)
    release(2)
    await turn()
    assert.deepEqual(given, [0, 1, 2, 3, 4])
  })

  test('is not given to one that comes while others wait for it', async () => {
    const { ask, given, now } = budget(0)
    for (let id = 0; id < 3; id++) void ask(id)
    await turn()
    now.calls = 15
    void ask(3)
    await turn()
    assert.deepEqual(given, [0, 1, 2])
  })

  test('is refused to whoever has waited long enough, and to them alone', async () => {
    const { ask, given, release } = budget(0, 1)
    await Promise.all([ask(0), ask(1), ask(2)])
    assert.deepEqual(given, [0, 1, undefined])
    release(0)
    await ask(3)
    assert.deepEqual(given, [0, 1, undefined, 3])
  })

  test('is not asked of whoever goes from one left alone to one that answers', async () => {
    const { ask, given, retries } = budget(0)
    const known = { isSure: false }
    const next = { isSure: () => known.isSure, isWell: () => false }
    for (let id = 0; id < 5; id++) void ask(id, next)
    await turn()
    assert.deepEqual(given, [0, 1])
    known.isSure = true
    retries.noteAnswer()
    await turn()
    assert.deepEqual(given, [0, 1, 2, 3, 4])
    await ask(5, next)
    // None of them has taken a place.
    void ask(6)
    await turn()
    assert.deepEqual(given.slice(5), [5])
  })

  test('whoever has waited in vain goes where nothing speaks against it', async () => {
    const { ask, given } = budget(0, 1)
    const [well, bad] = [true, false].map((it) => ({ isSure: () => false, isWell: () => it }))
    await Promise.all([ask(0), ask(1), ask(2, well), ask(3, bad)])
    assert.deepEqual(given, [0, 1, 2, undefined])
  })
})
