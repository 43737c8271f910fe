import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryAfterMsOf } from './retry-after.ts'

const soon = (seconds: number) => new Date(Date.now() + seconds * 1_000)
/** The two older forms of a date that HTTP still knows. */
const rfc850 = 'Sunday, 06-Nov-94 08:49:37 GMT'
const asctime = 'Sun Nov  6 08:49:37 1994'

test('an upstream that says how long to wait is believed, up to a minute', () => {
  const cases: [Record<string, string | string[]>, number | undefined][] = [
    [{}, undefined],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 30 ' }, 30_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '60' }, 60_000],
    [{ 'retry-after': '61' }, 60_000],
    [{ 'retry-after': '86400' }, 60_000],
    [{ 'retry-after-ms': '2500' }, 2_500],
    [{ 'retry-after-ms': '99.5' }, 100],
    [{ 'retry-after-ms': '900000' }, 60_000],
    [{ 'retry-after': '2', 'retry-after-ms': '1500' }, 2_000],
    [{ 'retry-after': '1', 'retry-after-ms': '1500' }, 1_500],
    [{ 'retry-after': ['3', '9'] }, 9_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': '1e3' }, undefined],
    [{ 'retry-after': soon(-10).toUTCString() }, undefined],
    [{ 'retry-after': soon(3_600).toUTCString() }, 60_000],
  ]
  for (const [headers, ms] of cases)
    assert.equal(retryAfterMsOf(headers), ms, JSON.stringify(headers))
})

test('one that says it in its error alone is believed too', () => {
  const body = (retryDelay: string) => JSON.stringify([{ error: { details: [{ retryDelay }] } }])
  assert.equal(retryAfterMsOf({}, body('32.5s')), 32_500)
  assert.equal(retryAfterMsOf({ 'retry-after': '2' }, body('500s')), 60_000)
  assert.equal(retryAfterMsOf({}, body('soon')), undefined)
  assert.equal(retryAfterMsOf({ 'x-ms-retry-after-ms': '1250' }), 1_250)
})

test('a date is read in each of its forms, by the clock of the one who wrote it', () => {
  const date = 'Sun, 06 Nov 1994 08:49:07 GMT'
  for (const said of ['Sun, 06 Nov 1994 08:49:37 GMT', rfc850, asctime])
    assert.equal(retryAfterMsOf({ 'retry-after': said, date }), 30_000, said)
  const ms = retryAfterMsOf({ 'retry-after': soon(20).toUTCString() })
  assert.ok(ms !== undefined && ms > 15_000 && ms <= 20_000)
})
