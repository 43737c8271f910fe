import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ownTurn } from './own-turn.ts'

/** Counts the turns of the event loop from now on. */
function countTurns() {
  let turns = 0
  let isOver = false
  const next = () => {
    turns++
    if (!isOver) setImmediate(next)
  }
  setImmediate(next)
  return { now: () => turns, end: () => void (isOver = true) }
}

describe('long work', () => {
  test('does one piece in a turn of the event loop, whoever it belongs to', async () => {
    const turns = countTurns()
    const pieces: { of: string; turn: number }[] = []
    const work = async (of: string) => {
      for (let i = 0; i < 20; i++) {
        await ownTurn()
        pieces.push({ of, turn: turns.now() })
      }
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    turns.end()
    assert.equal(new Set(pieces.map(({ turn }) => turn)).size, 60, 'two pieces in one turn')
    // Whoever has waited for longest is next.
    assert.equal(pieces.map(({ of }) => of).join(''), 'abc'.repeat(20))
  })

  test('goes on whoever comes when nobody has waited for a while, and whoever fails', async () => {
    for (let i = 0; i < 3; i++) {
      await ownTurn()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const bad = ownTurn().then(() => {
      throw new Error('a bad body')
    })
    const [failed, done] = await Promise.allSettled([bad, ownTurn()])
    assert.equal(failed.status, 'rejected')
    assert.equal(done.status, 'fulfilled')
  })
})
