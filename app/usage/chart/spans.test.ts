import assert from 'node:assert/strict'
import { test } from 'node:test'

import { present } from '../../../test/present.ts'
import { addDays, countDays } from '../../values/days.ts'
import { slotOf, startOf } from '../../values/zones/zone-days.ts'
import { periodBefore } from './before.ts'
import { spansOf } from './spans.ts'

const today = '2026-11-26'
const spansTo = (from: string | null, used = '2020-01-01', zone = 'UTC') =>
  spansOf(zone, { from, to: null }, used, today)

test('a range has bars of days, of weeks that begin on Mondays, or of months, and leaves nothing out', () => {
  for (const days of [2, 7, 30, 92, 93, 200, 365, 400, 637, 638, 639, 1000, 2700]) {
    const from = addDays(today, 1 - days)
    const { unit, spans, placeOf } = spansTo(from, from)
    assert.equal(unit, days <= 92 ? 'day' : days <= 638 ? 'week' : 'month', `${days}`)
    assert.ok(spans.length >= 2 && spans.length <= 92, `${days}: ${spans.length}`)
    assert.deepEqual([present(spans[0]).from, present(spans.at(-1)).to], [from, today])
    for (const [at, span] of spans.entries()) {
      const before = spans[at - 1]
      if (before) assert.equal(span.from, addDays(before.to, 1))
      if (before && unit === 'week') assert.equal(new Date(span.from).getUTCDay(), 1)
      if (before && unit === 'month') assert.equal(span.from.slice(8), '01')
      for (const day of [span.from, span.to]) {
        assert.equal(placeOf({ day, slot: null }), at)
        assert.equal(placeOf({ day: null, slot: slotOf(startOf(day, 'UTC')) + 95 }), at)
      }
    }
    assert.equal(placeOf({ day: addDays(from, -1), slot: null }), undefined)
    assert.equal(placeOf({ day: null, slot: slotOf(startOf(from, 'UTC')) - 1 }), undefined)
  }
})

test('a range that is open or very long begins with the first call; of months, the last 92 are shown', () => {
  assert.equal(present(spansTo(null, '2026-10-03').spans[0]).from, '2026-10-03')
  assert.equal(present(spansTo('2000-01-01', '2026-10-03').spans[0]).from, '2026-10-03')
  assert.equal(present(spansTo('2026-09-01', '2026-10-03').spans[0]).from, '2026-09-01')
  const { spans } = spansTo(null, '2003-01-01')
  assert.equal(spans.length, 92)
  assert.equal(present(spans.at(-1)).to, today)
})

test('what is still to come has no bars', () => {
  const range = { from: '2026-11-25', to: '2026-12-31' }
  assert.equal(spansOf('UTC', range, '2026-11-25', today).spans.length, 2)
  assert.equal(spansOf('UTC', { ...range, from: today }, today, today).unit, 'hour')
})

const hoursOf = (zone: string, day: string) =>
  spansOf(zone, { from: day, to: day }, day, today).spans

test('one day has bars of its hours: 23 or 25 where its clocks are changed', () => {
  const ordinary = hoursOf('Asia/Kolkata', '2026-11-03')
  assert.equal(ordinary.length, 24)
  assert.deepEqual(ordinary[9], { from: '2026-11-03T09:00', to: '2026-11-03T09:59' })
  const back = hoursOf('America/New_York', '2026-11-01')
  assert.deepEqual(
    back.slice(0, 4).map(({ from }) => from.slice(11)),
    ['00:00', '01:00', '01:00', '02:00'],
  )
  assert.equal(back.length, 25)
  const ahead = hoursOf('America/New_York', '2026-03-08')
  assert.deepEqual(
    ahead.slice(0, 3).map(({ from }) => from.slice(11)),
    ['00:00', '01:00', '03:00'],
  )
  assert.equal(ahead.length, 23)
  // By half an hour: the day has 24 and a half, and the last bar is the half.
  const half = hoursOf('Australia/Lord_Howe', '2026-04-05')
  assert.equal(half.length, 25)
  assert.deepEqual(half.at(-1), { from: '2026-04-05T23:30', to: '2026-04-05T23:59' })
})

test('the period before is as long, and ends where this one begins', () => {
  const now = new Date('2026-11-26T10:07:00Z')
  const of = (from: string | null, to: string | null) =>
    periodBefore({ zone: 'UTC', from, to }, now)
  assert.deepEqual(of('2026-11-13', '2026-11-19'), {
    days: 7,
    whole: { from: '2026-11-06', to: '2026-11-12' },
    part: null,
  })
  assert.deepEqual(of('2026-11-19', '2026-11-19'), {
    days: 1,
    whole: { from: '2026-11-18', to: '2026-11-18' },
    part: null,
  })
  assert.equal(of(null, '2026-11-19'), null)
  assert.equal(of('2026-11-27', null), null)
})

/** Of the last day that is compared: from when, and until when. */
function lastOf(zone: string, from: string, now: string) {
  const before = present(periodBefore({ zone, from, to: null }, new Date(now)))
  const { fromSlot, toSlot } = present(before.part)
  const iso = (slot: number) => new Date(slot * 900_000).toISOString().slice(0, 16)
  return { ...before, part: [iso(fromSlot), iso(toSlot)] }
}

test('while a range goes on, the day before it ends at the same time of day', () => {
  assert.deepEqual(lastOf('UTC', '2026-11-20', '2026-11-26T10:07:00Z'), {
    days: 7,
    whole: { from: '2026-11-13', to: '2026-11-18' },
    part: ['2026-11-19T00:00', '2026-11-19T10:15'],
  })
  assert.deepEqual(lastOf('UTC', today, '2026-11-26T23:59:59Z'), {
    days: 1,
    whole: null,
    part: ['2026-11-25T00:00', '2026-11-26T00:00'],
  })
})

test('also where the clocks were changed in between, whatever hours the days have', () => {
  const of = (now: string) => {
    const day = new Date(Date.parse(now) - 5 * 3_600_000).toISOString().slice(0, 10)
    return lastOf('America/New_York', day, now).part
  }
  // Ten past ten, the day after the clocks went back, and on that day.
  assert.deepEqual(of('2026-11-02T15:10:00Z'), ['2026-11-01T04:00', '2026-11-01T15:15'])
  assert.deepEqual(of('2026-11-01T15:10:00Z'), ['2026-10-31T04:00', '2026-10-31T14:15'])
  // A quarter to midnight, when the day before had 23 hours, and when it had 25.
  assert.deepEqual(of('2026-03-10T03:50:00Z'), ['2026-03-08T05:00', '2026-03-09T04:00'])
  assert.deepEqual(of('2026-11-03T04:50:00Z'), ['2026-11-01T04:00', '2026-11-02T05:00'])
  const week = lastOf('America/New_York', '2026-10-29', '2026-11-04T15:10:00Z')
  assert.equal(week.days, countDays('2026-10-29', '2026-11-04'))
  assert.deepEqual(week.whole, { from: '2026-10-22', to: '2026-10-27' })
})
