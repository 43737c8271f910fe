import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strayBounds } from './bounds.ts'
import { isTest, readCode, sourceFile } from './source-tree.ts'

/** What has the name of a bound, and is none that somebody would change. */
const facts = new Set([
  'app/values/days.ts dayMs',
  'app/values/days.ts minuteMs',
  'app/relay/text/events.ts seamBytes',
  // It runs in the browser, which is sent no bounds of the server's.
  'app/routes/dashboard/use-live.ts everyMs',
])
/** What its calls look like bounds nothing. */
const madeUp = /^app\/(sample-history\/|cli\/seed-calls)/

test('every bound of what ships stands in limits.ts, with its reason', () => {
  const held = readCode().filter(
    (file) =>
      !isTest(file) &&
      file.path.startsWith('app/') &&
      file.path !== 'app/config/limits.ts' &&
      !madeUp.test(file.path),
  )
  const strays = held.flatMap(strayBounds).map((stray) => stray.replace(/:\d+/, ''))
  assert.deepEqual(
    strays.filter((stray) => !facts.has(stray)),
    [],
  )
})

test('a bound outside of limits.ts is seen', () => {
  const planted = `const answerMsMax = 15_000
export const bytesKept = 64 * (1024 + 1)
const perPageMax = limits.usage.pageRowsMax
const noTable = 1146
const pause = () => { const waitMs = 5 }`
  assert.deepEqual(strayBounds(sourceFile('app/db/pool.ts', planted)), [
    'app/db/pool.ts:1 answerMsMax',
    'app/db/pool.ts:2 bytesKept',
  ])
})
