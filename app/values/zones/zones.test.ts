import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { addDays } from '../days.ts'
import { dayIn, endOf, msOfSlot, slotOf, startOf } from './zone-days.ts'
import { timeZoneOf } from './zones.ts'

const isoAt = (ms: number) => new Date(ms).toISOString()
const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC']

describe('the days of a zone', () => {
  test('begin at midnight there, also where that is no whole hour of UTC', () => {
    const starts = {
      UTC: '2026-11-27T00:00:00.000Z',
      'Asia/Shanghai': '2026-11-26T16:00:00.000Z',
      'Asia/Kolkata': '2026-11-26T18:30:00.000Z',
      'America/New_York': '2026-11-27T05:00:00.000Z',
      'Pacific/Chatham': '2026-11-26T10:15:00.000Z',
    }
    for (const [zone, at] of Object.entries(starts)) {
      assert.equal(isoAt(startOf('2026-11-27', zone)), at, zone)
      assert.equal(dayIn(zone, Date.parse(at)), '2026-11-27')
      assert.equal(dayIn(zone, Date.parse(at) - 1), '2026-11-26')
    }
  })

  test('are shorter or longer where clocks are changed, and follow one another', () => {
    const hours = (day: string, zone: string) => (endOf(day, zone) - startOf(day, zone)) / 3_600_000
    assert.equal(hours('2026-03-08', 'America/New_York'), 23)
    assert.equal(hours('2026-11-01', 'America/New_York'), 25)
    assert.equal(hours('2026-04-05', 'Pacific/Chatham'), 25)
    assert.equal(hours('2026-04-05', 'Australia/Lord_Howe'), 24.5)
    // Samoa went over the date line: this one never was.
    assert.equal(hours('2011-12-30', 'Pacific/Apia'), 0)
  })

  test('begin with a quarter of an hour of UTC, in every zone and year of this century so far', () => {
    for (const zone of zones)
      for (const year of [2000, 2007, 2011, 2016, 2026])
        for (let day = `${year}-01-01`; day < `${year + 1}`; day = addDays(day, 9)) {
          const ms = startOf(day, zone)
          assert.equal(msOfSlot(slotOf(ms)), ms, `${zone} ${day}`)
        }
  })

  test('have each moment in one of them', () => {
    for (const zone of ['America/St_Johns', 'Pacific/Apia', 'Africa/Cairo', 'America/Santiago'])
      for (const year of [2010, 2011, 2026])
        for (let ms = Date.UTC(year, 0); ms < Date.UTC(year + 1, 0); ms += 2_700_000) {
          const day = dayIn(zone, ms)
          const within = startOf(day, zone) <= ms && ms < endOf(day, zone)
          assert.ok(within, `${zone} ${isoAt(ms)} ${day}`)
        }
  })
})

test('the name of a zone is asked for once, however many pages ask, and what is none is none', () => {
  const { DateTimeFormat } = Intl
  let made = 0
  const counting = new Proxy(DateTimeFormat, {
    construct(target, args: ConstructorParameters<typeof DateTimeFormat>) {
      made++
      return new target(...args)
    },
  })
  Intl.DateTimeFormat = counting
  try {
    for (let pages = 0; pages < 5; pages++) {
      assert.equal(timeZoneOf('america/halifax'), 'America/Halifax')
      assert.equal(timeZoneOf('Mars/Phobos'), undefined)
    }
  } finally {
    Intl.DateTimeFormat = DateTimeFormat
  }
  assert.equal(made, 2)
})
