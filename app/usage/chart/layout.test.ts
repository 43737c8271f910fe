import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../../test/present.ts'
import { addDays } from '../../values/days.ts'
import { layOut } from './layout.ts'

const dayOf = (at: number, values: number[]) => {
  const day = addDays('2026-01-01', at)
  return { from: day, to: day, values }
}
const value = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e15 }))
const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 92 })
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)
const near = (a: number, b: number) => Math.abs(a - b) < 1e-6

test('every day has its bar, whose parts stand on each other and are as high as their share', () => {
  fc.assert(
    fc.property(rows, (values) => {
      const days = values.map((each, at) => dayOf(at, each))
      const chart = layOut('day', days)
      const totals = values.map(sum)
      if (!chart) return assert.equal(sum(totals), 0)
      const top = present(chart.ticks[0])
      assert.equal(top.y, 0)
      assert.ok(top.value >= Math.max(...totals))
      assert.deepEqual(chart.ticks.at(-1), { value: 0, y: chart.height })
      assert.deepEqual(
        chart.columns.map(({ from, to, value }) => [from, to, value]),
        days.map(({ from }, at) => [from, from, totals[at]]),
      )
      for (const [at, { parts, value }] of chart.columns.entries()) {
        let below = chart.height
        for (const part of parts) {
          assert.equal(part.value, values[at]?.[part.at])
          assert.ok(near(part.y + part.height, below))
          below = part.y
        }
        assert.equal(sum(parts.map((part) => part.value)), value)
        const share = (value / top.value) * chart.height
        assert.ok(near(chart.height - below, value === 0 ? 0 : Math.max(1, share)))
      }
    }),
  )
})

test('nothing is no chart', () => {
  assert.equal(layOut('day', []), undefined)
  assert.equal(layOut('day', [dayOf(0, [0, 0]), dayOf(1, [0, 0])]), undefined)
})

test('what is written below are Mondays, fewer of them on a phone', () => {
  for (const count of [1, 7, 14, 15, 30, 90, 92]) {
    const days = Array.from({ length: count }, (_, at) => dayOf(at, [1]))
    const { columns } = present(layOut('day', days))
    const written = columns.filter(({ tick }) => tick)
    assert.ok(written.length >= 1 && written.length <= 14, `${count}: ${written.length}`)
    assert.ok(written.filter(({ tick }) => tick === 'always').length <= 5, `${count}`)
    if (count > 14) assert.ok(written.every(({ from }) => new Date(from).getUTCDay() === 1))
  }
})

test('of a day every third hour is written, on a phone every sixth', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const text = `2026-11-03T${String(hour).padStart(2, '0')}`
    return { from: `${text}:00`, to: `${text}:59`, values: [1] }
  })
  const { columns } = present(layOut('hour', hours))
  const written = (isIt: (tick: string | null) => boolean) =>
    columns.filter(({ tick }) => isIt(tick)).map(({ from }) => Number(from.slice(11, 13)))
  assert.deepEqual(
    written((tick) => tick !== null),
    [0, 3, 6, 9, 12, 15, 18, 21],
  )
  assert.deepEqual(
    written((tick) => tick === 'always'),
    [0, 6, 12, 18],
  )
})

test('the lines of the axis are whole numbers, evenly apart', () => {
  for (const most of [1, 2, 3, 4, 5, 7, 10, 99, 101, 12_345, 9e15]) {
    const { ticks } = present(layOut('day', [dayOf(0, [most])]))
    const steps = ticks.slice(1).map(({ value }, at) => present(ticks[at]).value - value)
    assert.equal(new Set(steps).size, 1, `${most}: ${ticks.map(({ value }) => value).join(' ')}`)
    assert.ok(ticks.every(({ value }) => Number.isInteger(value)))
    assert.ok(ticks.length >= 2 && ticks.length <= 12)
  }
})
