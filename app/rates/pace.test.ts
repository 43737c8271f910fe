import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '../config/limits.ts'
import { Pace } from './pace.ts'

const { askEveryMsMax, leaveMsMax } = limits.rates

/** A pace whose time is moved by hand, and how often it has asked a Redis that may be busy. */
function paced(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const at = { us: 0, asked: 0, isBusy: false }
  const pace = new Pace(
    () => at.us,
    () => {
      if (at.isBusy) return
      at.asked++
      pace.asked()
    },
  )
  const pass = (ms: number) => {
    at.us += ms * 1_000
    t.mock.timers.tick(ms)
  }
  return { pace, at, pass }
}

test('a call that comes alone is asked for at once, and so is the one after it', (t) => {
  const { pace, at } = paced(t)
  for (let call = 1; call <= 3; call++) {
    pace.enter()
    assert.equal(at.asked, call)
  }
})

test('while many come, they gather for as many milliseconds as came the last time, within a bound', (t) => {
  const { pace, at, pass } = paced(t)
  at.isBusy = true
  // Redis is answering another: these wait.
  for (let call = 0; call < 3; call++) pace.enter()
  assert.equal(at.asked, 0)
  at.isBusy = false
  pace.asked()
  pace.enter()
  pass(1)
  assert.equal(at.asked, 0, 'after three, two milliseconds')
  pass(1)
  assert.equal(at.asked, 1)
  at.isBusy = true
  for (let call = 0; call < 1_000; call++) pace.enter()
  at.isBusy = false
  pace.asked()
  pace.enter()
  pass(askEveryMsMax - 1)
  assert.equal(at.asked, 1)
  pass(1)
  assert.equal(at.asked, 2, 'after a thousand, no longer than that')
})

test('that a call has ended is told with the next, or soon by itself', (t) => {
  const { pace, at, pass } = paced(t)
  pace.leave()
  pace.leave()
  assert.deepEqual([at.asked, pace.isWaiting], [0, true])
  pace.enter()
  assert.deepEqual([at.asked, pace.isWaiting], [1, false], 'with the next')
  pass(leaveMsMax)
  assert.equal(at.asked, 1, 'and not once more')
  pace.leave()
  pass(leaveMsMax)
  assert.equal(at.asked, 2)
})

test('what keeps others out meanwhile is told at once', (t) => {
  const { pace, at } = paced(t)
  pace.soon()
  assert.equal(at.asked, 1)
})
