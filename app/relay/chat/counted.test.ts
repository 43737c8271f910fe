import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, afterEach, before, describe, test } from 'node:test'
import { deltaOf, eventOf, startHandFedUpstream } from '../../../test/hand-fed-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
let upstream: Awaited<ReturnType<typeof startHandFedUpstream>>
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
