import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { addDays } from '../values/days.ts'
import type { Day } from './sums.ts'
import { chartDays, measures } from './chart.ts'

const dayOf = (at: number, size: number): Day => ({
  day: addDays('2026-01-01', at),
  calls: size,
  costNanos: size,
  inputTokens: size,
  outputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
})
const sizes = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9e15 })), {
  minLength: 1,
  maxLength: 400,
})

test('every day with something has its bar, as high as its share of the axis', () => {
  fc.assert(
    fc.property(sizes, fc.constantFrom(...measures), (values, measure) => {
      const days = values.map((value, at) => dayOf(at, value))
      const chart = chartDays(days, measure)
      const used = values.filter((value) => value > 0)
      if (!chart) return assert.equal(used.length, 0)
      const top = present(chart.ticks[0])
      assert.equal(top.y, 0)
      assert.ok(top.value >= Math.max(...used))
      assert.deepEqual(chart.ticks.at(-1), { value: 0, y: chart.height })
      assert.deepEqual(
        chart.bars.map(({ value }) => value),
        used,
      )
      for (const { x, y, width, height, value } of chart.bars) {
        assert.ok(x >= -1e-6 && x + width <= chart.width + 1e-6)
        assert.ok(Math.abs(y + height - chart.height) < 1e-6)
        const share = (value / top.value) * chart.height
        assert.ok(Math.abs(height - Math.max(1, share)) < 1e-6)
      }
    }),
  )
})

test('the lines of the axis are whole numbers, evenly apart', () => {
  for (const most of [1, 2, 3, 4, 5, 7, 10, 99, 101, 12_345, 9e15]) {
    const { ticks } = present(chartDays([dayOf(0, most)], 'calls'))
    const steps = ticks.slice(1).map(({ value }, at) => present(ticks[at]).value - value)
    assert.equal(new Set(steps).size, 1, `${most}: ${ticks.map(({ value }) => value).join(' ')}`)
    assert.ok(ticks.every(({ value }) => Number.isInteger(value)))
    assert.ok(ticks.length >= 2 && ticks.length <= 12)
  }
})
