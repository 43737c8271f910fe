import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formatChange, formatCompact, formatDollars } from './numbers.tsx'
import { formatSpan, formatSpanTick } from './spans.ts'

test('dollars of a chart have cents, or three figures, and never say more than there is', () => {
  const texts = [0, 1, 1_999, 123_999_999, 999_999_999, 1_239_999_999, 1_234_567_899_999_999]
  assert.deepEqual(
    texts.map((nanos) => formatDollars(nanos, 'en')),
    ['$0.00', '$0.000000001', '$0.00000199', '$0.123', '$0.999', '$1.23', '$1,234,567.89'],
  )
})

test('a change says which way it went, and nothing of one that cannot be seen', () => {
  assert.deepEqual(
    [
      [150, 100],
      [100, 300],
      [100, 100],
      [100_001, 100_000],
      [5_000, 4],
    ].map(([now = 0, before = 0]) => formatChange(now, before, 'en')),
    ['+50%', '-66.7%', '0%', '0%', '+124,900%'],
  )
})

test('hours, days, weeks and months are written out, and in a word below a bar', () => {
  const spans = [
    ['hour', '2026-11-03T09:00', '2026-11-03T09:59'],
    ['day', '2026-11-03', '2026-11-03'],
    ['week', '2026-11-02', '2026-11-08'],
    ['month', '2026-11-01', '2026-11-30'],
    ['month', '2026-01-01', '2026-01-31'],
  ] as const
  assert.deepEqual(
    spans.map(([unit, from, to]) => [
      formatSpan(unit, { from, to }, 'en'),
      formatSpanTick(unit, { from, to }, 'en'),
    ]),
    [
      ['Nov 3 09:00–09:59', '09:00'],
      ['Tue, Nov 3, 2026', 'Nov 3'],
      ['Nov 2 – Nov 8, 2026', 'Nov 2'],
      ['November 2026', 'Nov'],
      ['January 2026', '2026'],
    ],
  )
})

test('in Chinese they are written as people write them there', () => {
  const day = { from: '2026-11-03', to: '2026-11-03' }
  assert.equal(formatSpanTick('day', day, 'zh-CN'), '11月3日')
  assert.equal(formatSpan('month', day, 'zh-CN'), '2026年11月')
  assert.equal(formatCompact(500_000_000, 'zh-CN'), '5亿')
  assert.equal(formatDollars(1_239_999_999, 'zh-CN'), '$1.23')
})
