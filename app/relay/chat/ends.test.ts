import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  answerPlain,
  deltaOf,
  eventOf,
  speak,
  startHandFedUpstream,
} from '../../../test/upstreams/hand-fed-upstream.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream } from '../../../test/wire.ts'

const model = 'gpt-4.1'
let upstream: Awaited<ReturnType<typeof startHandFedUpstream>>
let stage: Stage
before(async () => {
  upstream = await startHandFedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  upstream.close()
})

const words = [deltaOf({ role: 'assistant', content: '' }), deltaOf({ content: 'one two three' })]
const finished = deltaOf({}, { finish_reason: 'stop' })
const usage = { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 }
const usageChunk = { model, choices: [], usage }
const figures = { promptTokens: 20, completionTokens: 3, cachedTokens: 0, cacheWriteTokens: 0 }

/** Asks for a stream whose upstream sends this and ends well, and answers what became of it. */
async function asked(bytes: string, body: object = {}) {
  upstream.play((res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.end(bytes)
  })
  const answer = await stage.ask({ body: { model, stream: true, ...body } })
  return { answer, row: await stage.waitForCall(answer.headers['x-request-id']) }
}
const eventsOf = (...chunks: unknown[]) => chunks.map(eventOf).join('')

describe('a stream without [DONE]', () => {
  test('is whole once its choice has its finish reason, and is charged', async () => {
    for (const last of [[usageChunk], [usageChunk, deltaOf({})]]) {
      const { answer, row } = await asked(eventsOf(...words, finished, ...last))
      assert.ok(!answer.text.includes('"error"'))
      assert.equal(answer.broken, undefined)
      assert.deepEqual([row.outcome, row.status, row.error], ['completed', 200, null])
      assert.deepEqual([row.cost, row.source], [listPrice(model, figures), 'upstream'])
    }
  })

  test('is whole without usage too, and what was delivered is counted', async () => {
    const { answer, row } = await asked(eventsOf(...words, finished))
    assert.equal(answer.text, eventsOf(...words, finished))
    assert.deepEqual([row.outcome, row.source, row.output], ['completed', 'counted', 3])
  })

  test('is whole for the openai package', async () => {
    upstream.play((res) => {
      speak(res, ...words, finished, usageChunk)
      res.end()
    })
    const messages = [{ role: 'user' as const, content: 'count' }]
    let said = ''
    const stream = await stage.openai().chat.completions.create({ model, messages, stream: true })
    for await (const { choices } of stream) said += choices[0]?.delta.content ?? ''
    assert.equal(said, 'one two three')
  })

  test('is whole only when each of its choices is', async () => {
    const of = (index: number, reason: string | null) => ({
      model,
      choices: [{ index, delta: { content: 'a' }, finish_reason: reason }],
    })
    const some = [of(0, null), of(1, null), of(1, 'stop')]
    const lacking = await asked(eventsOf(...some), { n: 2 })
    assert.notEqual(endOfStream(lacking.answer), 'done')
    assert.deepEqual([lacking.row.outcome, lacking.row.cost], ['failed', 0])
    const absent = await asked(eventsOf(of(0, 'stop')), { n: 2 })
    assert.equal(absent.row.outcome, 'failed')
    const both = await asked(eventsOf(...some, of(0, 'length')), { n: 2 })
    assert.deepEqual([both.row.outcome, both.row.source], ['completed', 'counted'])
  })

  test('that has not come to its end, or that is cut within an event, is an error', async () => {
    const half = 'data: {"model":"gpt-4.1","choices":[],"us'
    const failed = deltaOf({}, { finish_reason: 'error' })
    for (const bytes of [
      eventsOf(...words),
      eventsOf(...words, failed),
      eventsOf(...words, finished) + half,
      eventsOf(...words, finished) + 'data: [DON',
    ]) {
      const { answer, row } = await asked(bytes)
      assert.notEqual(endOfStream(answer), 'done')
      assert.deepEqual([row.outcome, row.cost], ['failed', 0])
      assert.ok(row.waived > 0)
    }
  })

  test('whose connection breaks is an error, finish reason or not', async () => {
    upstream.play((res) => {
      speak(res, ...words, finished)
      setImmediate(() => res.socket?.resetAndDestroy())
    })
    const answer = await stage.ask({ body: { model, stream: true } })
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost], ['failed', 0])
  })
})

test('the line end that a last [DONE] lacks is forgiven, and so are comments behind it', async () => {
  for (const done of ['data: [DONE]', 'data: [DONE]\n', 'data: [DONE]\r\n', 'data:[DONE]']) {
    const { answer, row } = await asked(eventsOf(...words, finished, usageChunk) + done)
    assert.ok(answer.text.trimEnd().endsWith('[DONE]'))
    assert.ok(/\r?\n\r?\n$/.test(answer.text))
    assert.deepEqual([row.outcome, row.source], ['completed', 'upstream'])
  }
  const { row } = await asked(`${eventsOf(...words, finished, usageChunk)}: bye\n`)
  assert.equal(row.outcome, 'completed')
})

test('the line end that a last report of usage lacks is forgiven', async () => {
  const { row } = await asked(eventsOf(...words, finished) + eventOf(usageChunk).trimEnd())
  assert.deepEqual([row.outcome, row.cost], ['completed', listPrice(model, figures)])
})

test('a failure costs what its upstream has reported, and no word more', async () => {
  const early = {
    ...deltaOf({ role: 'assistant', content: '' }),
    usage: { prompt_tokens: 20, completion_tokens: 0, total_tokens: 20 },
  }
  const { row } = await asked(eventsOf(early, ...words))
  assert.equal(row.outcome, 'failed')
  assert.deepEqual([row.input, row.output, row.source], [20, 0, 'upstream'])
  assert.equal(row.waived, listPrice(model, figures) - row.cost)
})

test('what the client is answered with an error costs nothing, whatever was reported', async () => {
  const { answer, row } = await asked(eventsOf(usageChunk))
  assert.equal(answer.status, 502)
  assert.deepEqual([row.cost, row.source], [0, 'none'])
  assert.equal(row.waived, listPrice(model, figures))
})

describe('figures that come before the last words', () => {
  const early = {
    ...deltaOf({ role: 'assistant' }),
    usage: { prompt_tokens: 100, completion_tokens: 0 },
  }
  const many = deltaOf({ content: 'word '.repeat(200) })

  test('do not make those free, when the client leaves', async () => {
    upstream.play((res) => speak(res, early, many))
    const answer = await stage.ask({
      body: { model, stream: true },
      onPiece: (all) => (all.includes('word') ? 'leave' : undefined),
    })
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.input], ['disconnected', 100])
    assert.ok(row.output >= 200 && row.output <= 202)
    assert.deepEqual([row.source, row.flag], ['counted', 'zeros'])
  })

  test('nor when the stream comes to its end', async () => {
    for (const [figure, flag] of [
      [0, 'zeros'],
      [7, 'early'],
    ]) {
      const first = { ...early, usage: { prompt_tokens: 100, completion_tokens: figure } }
      const { row } = await asked(eventsOf(first, many, finished, '[DONE]'))
      assert.ok(row.output >= 200 && row.output <= 202)
      assert.deepEqual([row.outcome, row.source, row.flag], ['completed', 'counted', flag])
    }
  })

  test('and stand where they are the larger', async () => {
    const first = { ...early, usage: { prompt_tokens: 100, completion_tokens: 900 } }
    const { row } = await asked(eventsOf(first, many, finished, '[DONE]'))
    assert.deepEqual([row.output, row.source, row.flag], [900, 'upstream', null])
  })
})

describe('an answer of another model', () => {
  const of = (name: unknown, chunk: object) => ({ ...chunk, model: name })
  const bodyOf = (name: unknown) => ({
    model: name,
    choices: [{ index: 0, message: { content: 'one two three' }, finish_reason: 'stop' }],
    usage,
  })

  test('is flagged on its row and in the log, streamed or not', async () => {
    for (const chunks of [
      [...words, finished, of('gpt-4.1-nano', usageChunk)],
      [of('gpt-4.1-nano', deltaOf({ content: 'one' })), finished].map((it) =>
        of('gpt-4.1-nano', it),
      ),
    ]) {
      const { row } = await asked(eventsOf(...chunks, '[DONE]'))
      assert.deepEqual(
        [row.outcome, row.model, row.otherModel],
        ['completed', model, 'gpt-4.1-nano'],
      )
      const logged = stage.relay.logged.filter((line) => line.includes('"event":"another_model"'))
      assert.ok(logged.some((line) => line.includes(row.requestId)))
    }
    upstream.play((res) => answerPlain(res, bodyOf('gpt-4.1-nano')))
    const answer = await stage.ask({ body: { model } })
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.equal(row.otherModel, 'gpt-4.1-nano')
  })

  test('is not one that names a snapshot, its own name, or nothing', async () => {
    for (const name of [model, 'gpt-4.1-2025-04-14', 'openai/gpt-4.1', undefined, 7, '']) {
      const { row } = await asked(
        eventsOf(...words.map((it) => of(name, it)), of(name, finished), '[DONE]'),
      )
      assert.equal(row.otherModel, null, String(name))
    }
  })

  test('is a snapshot that is a model of its own here, with its own price', async () => {
    const answered = 'gpt-4o-2024-05-13'
    const chunks = [...words, finished, usageChunk].map((it) => of(answered, it))
    const { row } = await asked(eventsOf(...chunks, '[DONE]'), { model: 'gpt-4o' })
    assert.deepEqual([row.model, row.otherModel], ['gpt-4o', answered])
  })

  test('may name itself in any way without harm', async () => {
    const name = `gpt\u0000-\u202e${'x'.repeat(300)}`
    const { row } = await asked(eventsOf(...words, of(name, usageChunk), '[DONE]'))
    assert.equal(row.otherModel, `gpt-${'x'.repeat(96)}`)
  })
})

describe('what is delivered in other forms than strings', () => {
  const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(1_300)}`
  const sound = { audio: { id: 'audio_1', data: 'UklGR'.repeat(2_000), transcript: 'hello there' } }
  const thinking = [{ type: 'thinking', thinking: [{ type: 'text', text: 'let me see' }] }]
  const forms: Record<string, unknown> = {
    'a list of thoughts': { content: thinking },
    'a picture': { images: [{ type: 'image_url', image_url: { url: picture } }] },
    'a picture in the content': { content: [{ type: 'image', source: { data: picture } }] },
    'a picture in Markdown': { content: `![](${picture})` },
    'a number for a picture': { content: [{ type: 'image', image: 7 }] },
    sound,
  }
  for (const [name, delta] of Object.entries(forms)) {
    test(`is not free on leaving: ${name}`, async () => {
      upstream.play((res) => speak(res, deltaOf(delta), deltaOf({})))
      const leaver = new AbortController()
      const customer = await stage.newCustomer()
      const asking = stage
        .openai({ customer })
        .chat.completions.create(
          { model, messages: [{ role: 'user', content: 'draw' }], stream: true },
          { signal: leaver.signal },
        )
      for await (const chunk of await asking) if (chunk.choices.length) leaver.abort()
      const row = await stage.lastCall(customer)
      assert.ok(row.output > 0 && row.input > 0 && row.cost > 0, JSON.stringify(row))
      if (name.startsWith('a picture')) assert.ok(row.output >= 1_290 && row.output < 1_300)
    })
  }
})
