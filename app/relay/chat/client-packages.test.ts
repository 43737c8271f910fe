import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import {
  eventStream,
  json,
  startScriptedUpstream,
  type ScriptedAnswer,
  type ScriptedUpstream,
} from '../../../test/upstreams/scripted-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

let upstream: ScriptedUpstream
let quiet: Stage
/** One that breaks every silence. */
let pinging: Stage
/** The one that is called. */
let stage: Stage
before(async () => {
  upstream = await startScriptedUpstream()
  quiet = await startStage({ upstreamUrl: upstream.url })
  pinging = await startStage({ upstreamUrl: upstream.url, pingEveryMs: 20 })
})
beforeEach(() => (stage = quiet))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await quiet.stop()
  await pinging.stop()
  await upstream.close()
})

const model = 'gpt-4o-mini'
const prompt = 'hello'
const secret = () => stage.customer.secret

/** A package as its users use it, with nothing but address and key changed, and without retries. */
type Package = {
  plain(): Promise<string>
  streamed(): Promise<string>
}

const openai: Package = {
  async plain() {
    const messages = [{ role: 'user' as const, content: prompt }]
    const { choices } = await stage.openai().chat.completions.create({ model, messages })
    return choices[0]?.message.content ?? ''
  },
  async streamed() {
    const messages = [{ role: 'user' as const, content: prompt }]
    const client = stage.openai()
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    let said = ''
    for await (const { choices } of stream) said += choices[0]?.delta.content ?? ''
    return said
  },
}

const aiModel = () =>
  createOpenAICompatible({
    name: 'relay',
    baseURL: stage.relay.url,
    apiKey: secret(),
    includeUsage: true,
  })(model)
const ai: Package = {
  async plain() {
    return (await generateText({ model: aiModel(), prompt, maxRetries: 0 })).text
  },
  async streamed() {
    let failure: unknown
    const onError = ({ error }: { error: unknown }) => void (failure = error)
    const { textStream } = streamText({ model: aiModel(), prompt, maxRetries: 0, onError })
    let said = ''
    for await (const text of textStream) said += text
    // What a stream says is thrown as it is said, which is no error of the language's own.
    if (failure) throw Object.assign(new Error((failure as Error).message), failure)
    return said
  },
}

const chain = () =>
  new ChatOpenAI({
    model,
    apiKey: secret(),
    configuration: { baseURL: stage.relay.url },
    maxRetries: 0,
  })
const langchain: Package = {
  async plain() {
    return (await chain().invoke(prompt)).text
  },
  async streamed() {
    let said = ''
    for await (const piece of await chain().stream(prompt)) said += piece.text
    return said
  },
}

const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }
const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model }
const delta = (said: object, reason: string | null = null) => ({
  ...head,
  choices: [{ index: 0, delta: said, finish_reason: reason }],
})
const chunks = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Grüße ' }),
  delta({ content: '🚀' }),
  delta({}, 'stop'),
  { ...head, choices: [], usage },
]
const message = { role: 'assistant', content: 'Grüße 🚀' }
const completion = {
  ...head,
  object: 'chat.completion',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  usage,
}
const datas = (all: object[]) => all.map((chunk) => JSON.stringify(chunk))
const events = (all: string[], newline = '\n') =>
  all.map((data, i) => `id: ${i}${newline}data: ${data}${newline}${newline}`)

/** Longer than many pings: what twenty seconds are where one comes after fifteen. */
const silence = () => new Promise((resolve) => setTimeout(resolve, 120))
const picture = `data:image/png;base64,${'iVBORw0KGgo='.repeat(262_144)}`

const good: Record<string, ScriptedAnswer> = {
  'with ids, and silences before and between its events': eventStream(
    silence,
    ...events([...datas(chunks), '[DONE]']).flatMap((event) => [event, silence]),
  ),
  'that ends without [DONE]': eventStream(...events(datas(chunks))),
  'whose last line has no end': eventStream(...events(datas(chunks)), 'data: [DONE]'),
  'whose lines end in CRLF': eventStream(...events([...datas(chunks), '[DONE]'], '\r\n')),
  'with a picture of three megabytes in one event': eventStream(
    ...events([
      ...datas(chunks.slice(0, 3)),
      JSON.stringify(delta({ images: [{ type: 'image_url', image_url: { url: picture } }] })),
      ...datas(chunks.slice(3)),
      '[DONE]',
    ]),
  ),
}

const words = 'messages.0.content is wrong'
const refusals: Record<string, ScriptedAnswer> = {
  'error.message': json(400, { error: { message: words, type: 'x', param: null, code: null } }),
  'a list of one error': json(400, [{ error: { code: 400, message: words, status: 'INVALID' } }]),
  'a flat object': json(422, { object: 'error', message: words, type: 'BadRequestError' }),
  'a list of details': json(422, { detail: [{ loc: ['body'], msg: words, type: 'missing' }] }),
  text: json(404, { error: words }),
}

for (const [name, client] of Object.entries({ openai, ai, langchain })) {
  describe(`the package ${name}`, () => {
    test('reads a plain answer', async () => {
      upstream.answerWith(json(200, completion))
      assert.equal(await client.plain(), message.content)
    })

    for (const [what, answer] of Object.entries(good)) {
      test(`reads a stream ${what}`, async () => {
        stage = pinging
        upstream.answerWith(answer)
        assert.equal(await client.streamed(), message.content)
        const row = await stage.lastCall()
        assert.deepEqual([row.outcome, row.input, row.output], ['completed', 5, 2])
      })
    }

    for (const [shape, answer] of Object.entries(refusals)) {
      test(`tells its user what is wrong, said by ${shape}, and asks once`, async () => {
        for (const call of [() => client.plain(), () => client.streamed()]) {
          upstream.answerWith(answer)
          await assert.rejects(call(), (error: Error) => {
            assert.ok(error.message.includes(words), error.message)
            return true
          })
          assert.equal(upstream.calls(), 1)
        }
      })
    }

    test('tells of an error that is the first event, with its status', async () => {
      const error = { message: words, code: 400 }
      upstream.answerWith(eventStream(...events([JSON.stringify({ error })])))
      await assert.rejects(client.streamed(), (failure: Error & Record<string, unknown>) => {
        assert.ok(failure.message.includes(words))
        assert.equal(failure.status ?? failure.statusCode, 400)
        return true
      })
    })

    test('tells of a limit of the provider as one', async () => {
      for (const call of [() => client.plain(), () => client.streamed()]) {
        upstream.answerWith(json(429, { error: { message: 'Rate limit reached.' } }))
        await assert.rejects(call(), (failure: Error & Record<string, unknown>) => {
          assert.equal(failure.status ?? failure.statusCode, 429)
          return true
        })
      }
    })

    test('tells of a stream that breaks, in the words that agents go by', async () => {
      const { parts } = eventStream(...events(datas(chunks.slice(0, 2))))
      upstream.answerWith({ ...eventStream(...parts), isReset: true })
      await assert.rejects(client.streamed(), /The connection to the provider was terminated/)
    })
  })
}
