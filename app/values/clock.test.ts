import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockMs, clockNow, noteClock } from './clock.ts'

const day = 86_400_000

/** Notes that the database said `databaseMs` to a question that took so long, just now. */
const note = (databaseMs: number, tookMs: number, machineMs = Date.now()) => {
  const heardMs = performance.now()
  return noteClock({ databaseMs, sentMs: heardMs - tookMs, heardMs, machineMs })
}
/** That the clock says so; a slow machine may have gone on meanwhile. */
function expectAbout(ms: number) {
  const now = clockMs()
  assert.ok(now >= ms && now < ms + 5_000, `${now} is ${ms}, or soon after`)
}

test('goes by the database’s clock once that has been read, and whole milliseconds', () => {
  expectAbout(Date.now() - 1_000)
  const databaseMs = Date.now() - 80 * day
  note(databaseMs, 0)
  expectAbout(databaseMs)
  assert.ok(Number.isInteger(clockMs()))
  assert.equal(clockNow().getUTCFullYear(), new Date(databaseMs).getUTCFullYear())
})

test('what a slow answer may be right about moves nothing', () => {
  const databaseMs = Date.now()
  note(databaseMs, 0)
  // It was asked a minute ago: the answer may be from any moment since.
  note(databaseMs - 30_000, 60_000)
  expectAbout(databaseMs)
})

test('a clock that was set is followed, to the nearest that may be right', () => {
  const databaseMs = Date.now()
  note(databaseMs, 0)
  note(databaseMs + day, 60_000)
  expectAbout(databaseMs + day)
  note(databaseMs - day, 60_000)
  expectAbout(databaseMs - day + 60_000)
})

test('the machine’s own clock is off by as much as is sure', () => {
  const machineMs = Date.now()
  assert.equal(note(machineMs - 7_000, 4_000, machineMs), 2_999)
  assert.equal(note(machineMs + 7_000, 4_000, machineMs), -7_000)
  assert.equal(note(machineMs - 3_000, 4_000, machineMs), 0)
  note(machineMs, 0)
})
