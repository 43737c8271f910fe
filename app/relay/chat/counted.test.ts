import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { after, afterEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import {
  deltaOf,
  eventOf,
  speak,
  startHandFedUpstream,
} from '../../../test/upstreams/hand-fed-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
let upstream: Awaited<ReturnType<typeof startHandFedUpstream>>
before(async () => {
  upstream = await startHandFedUpstream()
  stage = await startStage({
    upstreamUrl: upstream.url,
    env: { OPENAI_ALLOW_MEMBERS: 'file_id' },
  })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  upstream.close()
})

const require = createRequire(import.meta.url)
type Tables = { countTokens(text: string): number }
const tablesOf = (encoding: string) => require(`gpt-tokenizer/encoding/${encoding}`) as Tables
const words = 'Ein Wort, മലയാളം ഒരു ഭാഷയാണ്, and 汉字 too. '

/** The row of a call that its upstream answers with these words and no figures. */
async function counted(model: string, say: string, stream: boolean) {
  upstream.play((res) => {
    const choice = { index: 0, message: { role: 'assistant', content: say }, finish_reason: 'stop' }
    res.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
    if (!stream) return res.end(JSON.stringify({ model, choices: [choice] }))
    const said = { ...deltaOf({ content: say }, { finish_reason: 'stop' }), model }
    res.end(eventOf(said) + eventOf('[DONE]'))
  })
  const answer = await stage.ask({ say, body: { model, stream } })
  assert.equal(answer.status, 200, answer.text)
  return stage.waitForCall(answer.headers['x-request-id'])
}

describe('an answer without figures is counted as its model counts', () => {
  for (const [model, encoding] of [
    ['gpt-4', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['gpt-4o', 'o200k_base'],
  ] as const) {
    for (const [what, say] of [
      ['short', words],
      ['long', words.repeat(60)],
    ] as const)
      test(`${model}, ${what}`, async () => {
        const tokens = tablesOf(encoding).countTokens(say)
        for (const stream of [false, true]) {
          const row = await counted(model, say, stream)
          assert.equal(row.source, 'counted')
          assert.equal(row.output, tokens)
          // What a message and a call are beside their text.
          assert.equal(row.input, tokens + tablesOf(encoding).countTokens('user') + 6)
        }
      })
  }
})

describe('a bill without figures for what is of no known size', () => {
  const part = (type: string, holder: object) => ({ type, [type]: holder })
  const pdf = `data:application/pdf;base64,${Buffer.alloc(3_000, 7).toString('base64')}`
  const cases: [string, string, object, number][] = [
    ['a picture elsewhere', 'gpt-4o', part('image_url', { url: 'gs://a/b.png' }), 6_300],
    ['a picture by its id', 'gpt-4o-mini', part('image_url', { file_id: 'file-1' }), 48_200],
    ['a file in the body', 'gpt-4.1', part('file', { file_data: pdf }), 27_600],
    ['a file elsewhere', 'gpt-4o', part('file', { file_id: 'file-1' }), 128_000],
    ['a film', 'gpt-4o', part('video_url', { url: 'https://a.example/b.mp4' }), 128_000],
    ['no file', 'gpt-4o', part('file', { file_data: `${pdf}\n` }), 128_000],
  ]
  for (const [what, model, given, tokens] of cases) {
    test(`${what} is its rule's most`, async () => {
      upstream.play((res) => {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.end(JSON.stringify({ choices: [{ message: { content: 'hi' } }] }))
      })
      const answer = await stage.ask({
        body: { model, messages: [{ role: 'user', content: [given] }] },
      })
      assert.equal(answer.status, 200, answer.text)
      const row = await stage.waitForCall(answer.headers['x-request-id'])
      assert.equal(row.source, 'counted')
      assert.ok(row.input >= tokens && row.input < tokens + 20, `${row.input}`)
      assert.ok(row.cost <= row.hold)
    })
  }

  test('is the last word: who leaves such a stream is read on for the figures', async () => {
    const { readOns } = stage.relay.services
    const { take } = readOns
    let taken = 0
    readOns.take = (accountId) => {
      taken++
      return take.call(readOns, accountId)
    }
    let open: ServerResponse | undefined
    upstream.play((res) => {
      open = res
      speak(res, deltaOf({ content: 'hi' }))
    })
    const content = [part('file', { file_id: 'file-1' })]
    const answer = await stage.ask({
      body: { model: 'gpt-4.1', stream: true, messages: [{ role: 'user', content }] },
      onPiece: (all) => (all.includes('hi') ? 'leave' : undefined),
    })
    await eventually('it is read on', () => taken === 1)
    const usage = { prompt_tokens: 900, completion_tokens: 5, total_tokens: 905 }
    speak(open!, { model: 'gpt-4.1', choices: [], usage }, '[DONE]')
    open!.end()
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual(
      [row.outcome, row.source, row.input, row.output],
      ['disconnected', 'upstream', 900, 5],
    )
  })
})
