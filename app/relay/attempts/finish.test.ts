import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { deltaOf, eventOf, speak } from '../../../test/upstreams/hand-fed-upstream.ts'
import {
  costAt,
  startSeveral,
  usage,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'

const price = { input: 100, output: 300 }
let several: Several<'open'>
before(async () => {
  several = await startSeveral({ open: { price, definition: { end: 'finish' } } })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
})
after(() => several.stop())

const words = [deltaOf({ content: 'two ' }), deltaOf({ content: 'words' })]
const finished = deltaOf({}, { finish_reason: 'stop' })
const figures = { choices: [], usage }

test('a stream that is left open behind its finish reason is whole, and charged', async () => {
  several.fed.open.play((res) => speak(res, ...words, finished))
  const answer = await several.call({ stream: true })
  assert.equal(answer.broken, undefined)
  assert.equal(answer.text, [...words, finished].map(eventOf).join(''))
  const row = await several.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.status, row.error], ['completed', 200, null])
  assert.deepEqual([row.source, row.output], ['counted', 2])
})

test('usage that follows at once is taken, whoever asked for it', async () => {
  for (const asked of [{}, { stream_options: { include_usage: true } }]) {
    let open: ServerResponse | undefined
    several.fed.open.play((res) => {
      open = res
      speak(res, ...words, finished)
    })
    const answer = await several.call(
      { stream: true, ...asked },
      {
        onPiece(all) {
          if (all.includes('stop') && open) speak(open, figures)
          if (all.includes('stop')) open = undefined
          return undefined
        },
      },
    )
    assert.equal(answer.text.includes('_tokens'), 'stream_options' in asked)
    const row = await several.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.source, row.cost], ['completed', 'upstream', costAt(price)])
  }
})
