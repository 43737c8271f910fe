import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import {
  saysStatus,
  startSeveral,
  usage,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { limits } from '../../config/limits.ts'
import { answerPlain, deltaOf, speak } from '../../../test/upstreams/hand-fed-upstream.ts'
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

const begun = { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }
const lasts: Record<string, (res: ServerResponse) => unknown> = {
  'breaks off': (res) => res.write(': over\n\n', () => res.destroy()),
  'says that it has failed': (res) => {
    speak(res, { error: { message: 'no', type: 'server_error' } })
    res.end()
  },
}
for (const [what, last] of Object.entries(lasts))
  test(`who is about to speak, gives figures and ${what} has said nothing to charge for`, async () => {
    several.fed.first.play((res) => {
      speak(res, begun, { choices: [], usage })
      last(res)
    })
    const answer = await several.call({ stream: true })
    const row = await rowOf(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost, row.upstream], ['failed', 0, 'first'])
    assert.ok(row.waived > 0)
  })

test('a choice that ends without a word is an answer, and so is a word', async () => {
  const ended = { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }
  for (const said of [ended, deltaOf({ content: 'a' })]) {
    several.fed.first.play((res) => {
      speak(res, begun, said, { choices: [], usage })
      res.write(': over\n\n', () => res.destroy())
    })
    const answer = await several.call({ stream: true })
    const row = await rowOf(answer.headers['x-request-id'])
    assert.equal(row.outcome, 'failed')
    assert.ok(row.cost > 0)
  }
})

const padding = 'x'.repeat(limits.answers.parsedBytesMax)
const asking = { stream: true, stream_options: { include_usage: true } }
const figures = { choices: [], usage }
const none: Record<
  string,
  [body: Record<string, unknown>, play: (res: ServerResponse) => unknown]
> = {
  plain: [{}, (res) => answerPlain(res, figures)],
  'plain and long': [{}, (res) => answerPlain(res, { ...figures, padding })],
  streamed: [{ stream: true }, (res) => speak(res, figures, '[DONE]')],
  'streamed with figures that were asked for': [asking, (res) => speak(res, figures, '[DONE]')],
  'streamed with figures and comments': [
    asking,
    (res) => {
      speak(res, figures)
      res.write(': over\n\n')
    },
  ],
}
for (const [what, [body, play]] of Object.entries(none))
  test(`an answer without any choice is none, ${what}`, async () => {
    several.fed.first.play((res) => {
      play(res)
      res.end()
    })
    const answer = await several.call(body)
    assert.equal(textIn(answer), 'two words')
    const row = await rowOf(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.attempts, row.upstream], ['completed', 2, 'second'])
    assert.ok(row.waived > 0)
  })

test('a stream that begins with what is no choice goes on, figures and all', async () => {
  const filtered = { choices: [], prompt_filter_results: [] }
  const words = deltaOf({ content: 'two words' }, { finish_reason: 'stop' })
  for (const before of [filtered, figures]) {
    several.fed.first.play((res) => {
      speak(res, before, words, figures, '[DONE]')
      res.end()
    })
    const answer = await several.call(asking)
    assert.equal(textIn(answer), 'two words')
    assert.equal(answer.text.split('"choices":[]').length, 3)
    const row = await rowOf(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.attempts, row.upstream], ['completed', 1, 'first'])
  }
})
