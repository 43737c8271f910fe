import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { Turns } from './turns.ts'

const most = { lineMax: 3, restTimes: 3, restMsMax: 1_000 }
const inVain = (result: string) => result === 'vain'

describe('the work of an account', () => {
  test('goes on after a rest where the one before was in vain, and has been told', async () => {
    let endRest: (() => void) | undefined
    const rests: number[] = []
    const turns = new Turns(most, (ms) => {
      rests.push(ms)
      return new Promise<void>((resolve) => (endRest = resolve))
    })
    const begun: string[] = []
    const work = (name: string, result: string) => async () => {
      begun.push(name)
      await Promise.resolve()
      return result
    }
    const first = turns.take(1, work('first', 'vain'), inVain)
    const second = turns.take(1, work('second', 'good'), inVain)
    const other = turns.take(2, work('other', 'good'), inVain)
    assert.deepEqual(await Promise.all([first, other]), ['vain', 'good'])
    await eventually('it rests', () => endRest !== undefined)
    assert.deepEqual(begun, ['first', 'other'])
    endRest?.()
    assert.equal(await second, 'good')
    assert.equal(await turns.take(1, work('third', 'good'), inVain), 'good')
    assert.equal(rests.length, 1)
    assert.ok(rests.every((ms) => ms >= 0 && ms <= most.restMsMax))
  })

  test('goes on without one where it has failed', async () => {
    const turns = new Turns(most, () => Promise.reject(new Error('a rest')))
    const failed = turns.take(1, () => Promise.reject(new Error('no count')), inVain)
    const next = turns.take(1, () => Promise.resolve('good'), inVain)
    await assert.rejects(Promise.resolve(failed), /no count/)
    assert.equal(await next, 'good')
  })
})
