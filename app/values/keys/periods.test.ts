import assert from 'node:assert/strict'
import { test } from 'node:test'

import { timeZoneOf } from '../zones/zones.ts'
import { periodAt, type Period } from './periods.ts'

const at = (period: Period, zone: string, moment: string) => {
  const { beganMs, endsMs } = periodAt(period, zone, Date.parse(moment))
  return [new Date(beganMs).toISOString(), new Date(endsMs).toISOString()].map((text) =>
    text.replace(':00.000Z', 'Z'),
  )
}
const hoursOf = (zone: string, moment: string) => {
  const { beganMs, endsMs } = periodAt('day', zone, Date.parse(moment))
  return (endsMs - beganMs) / 3_600_000
}

test('a day begins at midnight, a week on Monday, a month on the first, by the zone', () => {
  assert.deepEqual(at('day', 'UTC', '2026-11-26T23:59:59.999Z'), [
    '2026-11-26T00:00Z',
    '2026-11-27T00:00Z',
  ])
  assert.deepEqual(at('day', 'UTC', '2026-11-27T00:00:00Z')[0], '2026-11-27T00:00Z')
  // A Thursday; the first of January was one, too.
  const week = ['2026-11-23T00:00Z', '2026-11-30T00:00Z']
  assert.deepEqual(at('week', 'UTC', '2026-11-26T12:00:00Z'), week)
  assert.deepEqual(at('week', 'UTC', '2026-11-23T00:00:00Z'), week)
  assert.deepEqual(at('week', 'UTC', '2026-11-29T23:59:59.999Z'), week)
  assert.deepEqual(at('month', 'UTC', '2026-12-31T12:00:00Z'), [
    '2026-12-01T00:00Z',
    '2027-01-01T00:00Z',
  ])
  assert.deepEqual(at('month', 'Asia/Shanghai', '2026-11-30T16:00:00Z')[0], '2026-11-30T16:00Z')
  assert.deepEqual(at('month', 'Asia/Shanghai', '2026-11-30T15:59:59Z')[1], '2026-11-30T16:00Z')
  assert.deepEqual(at('day', 'Asia/Kathmandu', '2026-11-26T12:00:00Z')[0], '2026-11-25T18:15Z')
  assert.deepEqual(at('month', 'UTC', '2028-02-29T12:00:00Z')[1], '2028-03-01T00:00Z')
})

test('where clocks are changed a day is shorter or longer, and begins when there is one', () => {
  assert.equal(hoursOf('Europe/Berlin', '2026-03-29T12:00:00Z'), 23)
  assert.equal(hoursOf('Europe/Berlin', '2026-10-25T12:00:00Z'), 25)
  // There is no midnight on this day: it begins at one o'clock.
  assert.deepEqual(at('day', 'Africa/Cairo', '2026-04-24T12:00:00Z')[0], '2026-04-23T22:00Z')
  assert.equal(hoursOf('Africa/Cairo', '2026-04-24T12:00:00Z'), 23)
  // At midnight the clocks go back to eleven: the day begins when it comes the second time.
  assert.equal(hoursOf('America/Santiago', '2026-04-04T12:00:00Z'), 25)
  // A minute after midnight they went back: what had begun is over once, and does not begin again.
  const { endsMs } = periodAt('day', 'America/St_Johns', Date.parse('2010-11-07T02:40:00Z'))
  assert.ok(endsMs > Date.parse('2010-11-07T02:40:00Z'))
})

test('every moment is in its period, and a period ends where the next begins', () => {
  const stretches = [
    ['America/St_Johns', '2010-10-30', '2010-12-05'],
    ['Pacific/Apia', '2011-12-20', '2012-01-05'],
    ['Australia/Lord_Howe', '2026-03-28', '2026-04-10'],
  ] as const
  for (const [zone, from, to] of stretches)
    for (const period of ['day', 'week', 'month'] as const)
      for (let ms = Date.parse(from), last = NaN; ms < Date.parse(to); ms = last) {
        const { beganMs, endsMs } = periodAt(period, zone, ms)
        assert.ok(beganMs <= ms && ms < endsMs, `${period} ${zone} ${ms}`)
        if (!Number.isNaN(last)) assert.equal(beganMs, last)
        last = endsMs
      }
})

test('a zone is known by its name, and anything else is none', () => {
  assert.equal(timeZoneOf('asia/shanghai'), 'Asia/Shanghai')
  assert.equal(timeZoneOf('UTC'), 'UTC')
  for (const text of ['', ' ', 'Mars/Phobos', '+08:00', 'UTC\n', "' or 1=1", 'a'.repeat(60)])
    assert.equal(timeZoneOf(text), undefined, text)
  // Of one that nobody knows any more the days are UTC's.
  assert.deepEqual(at('day', 'Mars/Phobos', '2026-11-26T12:00:00Z')[0], '2026-11-26T00:00Z')
})
