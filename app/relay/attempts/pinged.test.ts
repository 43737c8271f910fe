import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import {
  saysStatus,
  startSeveral,
  usage,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { speak } from '../../../test/upstreams/hand-fed-upstream.ts'
import { readTries } from '../../../test/tries.ts'
import { endOfStream, textIn } from '../../../test/wire.ts'

let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: {}, second: {} }, { pingEveryMs: 50 })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

const rowOf = async (id: unknown) => {
  const row = await several.waitForCall(id)
  return { ...row, ...(await readTries(several.sql, id)) }
}

test('a stream that was pinged is answered by the next one all the same', async () => {
  let first: ServerResponse | undefined
  several.fed.first.play((res) => {
    first = res
  })
  const answer = await several.call(
    { stream: true },
    {
      onPiece: (all) => {
        if (all.includes(': ping')) first?.destroy()
        return undefined
      },
    },
  )
  assert.ok(answer.text.startsWith(': ping\n'))
  assert.deepEqual([endOfStream(answer), textIn(answer)], ['done', 'two words'])
  const row = await rowOf(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.attempts, row.upstream], ['completed', 2, 'second'])
})

test('a stream that was pinged and is answered by nobody ends with an error', async () => {
  let first: ServerResponse | undefined
  several.fed.first.play((res) => {
    first = res
  })
  several.fed.second.play(saysStatus(503))
  const answer = await several.call(
    { stream: true },
    {
      onPiece: (all) => {
        if (all.includes(': ping')) first?.destroy()
        return undefined
      },
    },
  )
  const end = endOfStream(answer)
  assert.ok(end !== 'done' && end.code === 'upstream_unavailable')
  const row = await rowOf(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.status, row.cost], ['failed', 200, 0])
})

for (const include_usage of [false, true])
  test(`pings and figures ${include_usage ? 'that were asked for ' : ''}are no answer to charge for`, async () => {
    let first: ServerResponse | undefined
    several.fed.first.play((res) => {
      first = res
    })
    several.fed.second.play((res) => {
      speak(res, { choices: [], usage })
      res.write(': over\n\n', () => res.destroy())
    })
    const answer = await several.call(
      { stream: true, stream_options: { include_usage } },
      {
        onPiece: (all) => {
          if (all.includes(': ping')) first?.destroy()
          return undefined
        },
      },
    )
    assert.equal(answer.status, 200)
    assert.equal(textIn(answer), '')
    const row = await rowOf(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost, row.upstream], ['failed', 0, 'second'])
  })
