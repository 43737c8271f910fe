import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createLog, type Log } from './log.ts'

let now = 0
let timers: { at: number; work: () => void }[] = []
let lines: string[] = []
let log: Log
const clock = {
  now: () => now,
  after(ms: number, work: () => void) {
    const timer = { at: now + ms, work }
    timers.push(timer)
    return () => void (timers = timers.filter((other) => other !== timer))
  },
}
function pass(ms: number) {
  now += ms
  for (const timer of timers.filter(({ at }) => at <= now)) {
    timers = timers.filter((other) => other !== timer)
    timer.work()
  }
}
const said = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
const counts = () => said().map(({ event, repeated }) => [event, repeated])

beforeEach(() => {
  now = 0
  timers = []
  lines = []
  log = createLog('debug', (line) => void lines.push(line), clock)
})

const lost = () => Object.assign(new Error('connect to secret-host'), { code: 'ECONNREFUSED' })

test('a failure is told with its kind, its code and where it came from', () => {
  log.failed('look_failed', lost(), { name: 'revoked' })
  const [{ at, stack, ...line } = {}] = said()
  assert.ok(at)
  assert.deepEqual(line, {
    level: 'warn',
    event: 'look_failed',
    name: 'revoked',
    error: 'Error',
    code: 'ECONNREFUSED',
  })
  assert.match(String(stack), /^lost app\/telemetry\/log\.test\.ts:\d+, /)
})

test('the first of a burst is told at once, the rest when the second is over', () => {
  for (let i = 0; i < 500; i++) log.failed('look_failed', lost())
  assert.deepEqual(counts(), [['look_failed', undefined]])
  pass(1_000)
  assert.deepEqual(counts().at(-1), ['look_failed', 498])
  // Each line stands for itself and for as many as it says: 1 + (1 + 498).
  assert.equal(lines.length, 2)
  pass(10_000)
  assert.equal(lines.length, 2)
})

test('the line of a count begins a second of its own', () => {
  log.failed('look_failed', lost())
  log.failed('look_failed', lost())
  pass(1_000)
  log.failed('look_failed', lost())
  assert.equal(lines.length, 2)
  pass(999)
  assert.equal(lines.length, 2)
  pass(1)
  assert.equal(lines.length, 3)
})

test('where the timer is late the next failure says the count', () => {
  for (let i = 0; i < 3; i++) log.failed('look_failed', lost())
  now += 5_000
  log.failed('look_failed', lost())
  pass(0)
  assert.deepEqual(counts(), [
    ['look_failed', undefined],
    ['look_failed', 2],
  ])
  assert.equal(timers.length, 0)
})

test('kinds do not keep each other quiet', () => {
  log.failed('look_failed', lost())
  log.failed('look_failed', new TypeError('x is not a function'))
  log.failed('other_failed', lost())
  assert.deepEqual(
    said().map(({ event, error, level }) => [event, error, level]),
    [
      ['look_failed', 'Error', 'warn'],
      ['look_failed', 'TypeError', 'error'],
      ['other_failed', 'Error', 'warn'],
    ],
  )
})

test('a flush writes what still waits, and leaves no timer', () => {
  for (let i = 0; i < 9; i++) log.failed('look_failed', lost())
  log.flush()
  assert.deepEqual(counts().at(-1), ['look_failed', 7])
  assert.equal(timers.length, 0)
  log.flush()
  assert.equal(lines.length, 2)
})

test('what is known of kinds is bounded, and no count is dropped for it', () => {
  const failures = 1_000
  const codeOf = (i: number) => [...String(i)].map((digit) => 'ABCDEFGHIJ'[Number(digit)]).join('')
  for (let i = 0; i < failures; i++) {
    const error = Object.assign(new Error(), { code: codeOf(i) })
    log.failed('odd', error)
    log.failed('odd', error)
  }
  assert.ok(timers.length <= 200)
  log.flush()
  assert.equal(lines.length, 2 * failures)
})

test('an outage is a warning, a mistake of ours an error', () => {
  const outages = [
    { code: 'ECONNRESET' },
    { code: 'PROTOCOL_CONNECTION_LOST' },
    { code: 'ER_LOCK_DEADLOCK', errno: 1213 },
    { code: 'UND_ERR_HEADERS_TIMEOUT' },
    { name: 'TimeoutError' },
    new Error('outer', { cause: lost() }),
    { code: 'LEDGER_AWAY' },
  ]
  const mistakes = [new SyntaxError('x'), { code: 'ER_BAD_FIELD_ERROR', errno: 1054 }, 'thrown', 0]
  for (const error of [...outages, ...mistakes]) log.failed('it', error)
  log.flush()
  const levels = said().map(({ level }) => level)
  assert.deepEqual(levels, [...outages.map(() => 'warn'), ...mistakes.map(() => 'error')])
})

test('no word of a message gets into the log, however it is made', () => {
  const planted = 'sk-secret\n    at secret (app/secret.ts:1:2)\n    at more (app/secret.ts:3:4)'
  const changed = new Error('a first message')
  changed.message = planted
  const errors: unknown[] = [
    new Error(planted),
    new Error('outer secret', { cause: new Error(planted) }),
    changed,
    { name: 'sk-secret', code: 'sk-secret', message: 'secret' },
    { name: 'secret words', code: 'secret words' },
    'secret',
    Object.assign(new Error('secret'), { stack: planted }),
  ]
  try {
    JSON.parse('{"prompt": secret}')
  } catch (error) {
    errors.push(error)
  }
  errors.forEach((error, i) => log.failed(`number ${i}`, error))
  assert.equal(lines.length, errors.length)
  assert.ok(!lines.join('').includes('secret'), lines.join(''))
})

test('a log that is silent about it counts nothing', () => {
  const silent = createLog('silent', (line) => void lines.push(line), clock)
  silent.failed('it', lost())
  silent.failed('it', lost())
  assert.deepEqual([lines.length, timers.length], [0, 0])
})

test('what is counted is told once a minute, by kind, while there was any', () => {
  for (let i = 0; i < 1_000; i++) log.counted('refusals', 'invalid_api_key')
  log.counted('refusals', 'bad_request')
  assert.deepEqual(said(), [])
  pass(60_000)
  const [{ at: _, ...line } = {}, ...more] = said()
  assert.deepEqual(more, [])
  assert.deepEqual(line, {
    level: 'info',
    event: 'refusals',
    invalid_api_key: 1_000,
    bad_request: 1,
  })
  pass(600_000)
  assert.equal(said().length, 1)
  log.counted('refusals', 'bad_request')
  log.flush()
  assert.equal(said().length, 2)
  assert.deepEqual(timers, [])
})

test('however many kinds there are, as many are counted as there is room for', () => {
  for (let i = 0; i < 1_000; i++) log.counted('refusals', `kind ${i}`)
  log.flush()
  const [{ at: _, level, event, others, ...kinds } = {}] = said()
  assert.deepEqual([level, event, others], ['info', 'refusals', 950])
  assert.equal(Object.keys(kinds).length, 50)
})
