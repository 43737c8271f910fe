import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ReadOns } from './read-ons.ts'

describe('streams that are read on', () => {
  test('are bounded for an account and for the process', () => {
    const readOns = new ReadOns({ aProcessMax: 3, anAccountMax: 2, waitingMax: 2 })
    const first = readOns.take(1)
    assert.ok(first && readOns.take(1))
    assert.equal(readOns.take(1), undefined)
    assert.ok(readOns.take(2))
    assert.equal(readOns.take(3), undefined, 'the process has no place left')
    first()
    assert.ok(readOns.take(3))
  })

  test('give their place back once, however often they are told to', () => {
    const readOns = new ReadOns({ aProcessMax: 2, anAccountMax: 2, waitingMax: 2 })
    const [first] = [readOns.take(1), readOns.take(1)]
    first!()
    first!()
    assert.ok(readOns.take(1))
    assert.equal(readOns.take(1), undefined)
  })

  test('make the calls of their account wait, and of no other', async () => {
    const readOns = new ReadOns({ aProcessMax: 2, anAccountMax: 1, waitingMax: 2 })
    const first = readOns.take(1)
    const second = readOns.take(2)
    assert.deepEqual(
      [1, 2, 3].map((id) => readOns.mayCall(id)),
      [false, false, true],
    )
    const waiting = readOns.whenItMayCall(1, 60_000)
    second!()
    first!()
    assert.equal(await waiting, true)
  })

  test('make nobody wait for longer than they may', async () => {
    const readOns = new ReadOns({ aProcessMax: 2, anAccountMax: 1, waitingMax: 2 })
    readOns.take(1)
    assert.equal(await readOns.whenItMayCall(1, 1), false)
  })

  test('let a few calls of an account wait, and send the next away at once', async () => {
    const readOns = new ReadOns({ aProcessMax: 2, anAccountMax: 1, waitingMax: 2 })
    const first = readOns.take(1)
    const waiting = [readOns.whenItMayCall(1, 60_000), readOns.whenItMayCall(1, 60_000)]
    assert.equal(await readOns.whenItMayCall(1, 60_000), false)
    first!()
    assert.deepEqual(await Promise.all(waiting), [true, true])
    assert.equal(await readOns.whenItMayCall(1, 60_000), true)
  })

  test('never take more than there is, in whatever order they come and go', () => {
    const steps = fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 60 })
    const property = fc.property(steps, (turns) => {
      const readOns = new ReadOns({ aProcessMax: 4, anAccountMax: 2, waitingMax: 2 })
      const taken: { account: number; giveBack: () => void }[] = []
      for (const [account, isTaking] of turns) {
        const ofAccount = taken.filter((it) => it.account === account).length
        if (isTaking) {
          const giveBack = readOns.take(account)
          assert.equal(giveBack !== undefined, ofAccount < 2 && taken.length < 4)
          if (giveBack) taken.push({ account, giveBack })
        } else taken.shift()?.giveBack()
      }
    })
    fc.assert(property)
  })
})
