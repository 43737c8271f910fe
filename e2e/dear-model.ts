import assert from 'node:assert/strict'
import { capturedCli } from '../test/captured-cli.ts'
import { testRedisUrl } from '../test/database.ts'
import { json, startScriptedUpstream } from '../test/upstreams/scripted-upstream.ts'
import type { Relay } from './relay.ts'

export const dearModel = 'charged-by-all-there-is'

const refused = json(429, { error: { message: 'Not now.', code: 'rate_limit_exceeded' } })
const answered = json(
  200,
  {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: dearModel,
    service_tier: 'flex',
    choices: [{ index: 0, message: { role: 'assistant', content: 'So.' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 1_200,
      completion_tokens: 340,
      total_tokens: 1_540,
      prompt_tokens_details: { cached_tokens: 200, audio_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 100, audio_tokens: 40 },
      num_search_queries: 2,
    },
  },
  { 'x-request-id': 'req_of_the_second' },
)

/**
 * As an operator would: two upstreams, of which the first refuses, and a model that costs other
 * things than tokens, at some hours and half as much at a service tier.
 */
export async function sellDearModel(relay: Relay) {
  const cli = capturedCli({ DATABASE_URL: relay.databaseUrl, REDIS_URL: testRedisUrl() })
  const operate = async (command: string) => {
    const { exitCode, err } = await cli(...command.split(' '))
    assert.equal(exitCode, 0, err)
  }
  const [first, second] = [await startScriptedUpstream(), await startScriptedUpstream()]
  first.answerWith(refused)
  second.answerWith(answered)
  const prices = 'input=2,output=8,cached=0.5,reasoning=12,input-audio=40,output-audio=80'
  await operate(
    `model add ${dearModel} --context 100000 --max-output 4000 --reasoning --input 3 --output 9 ` +
      `--hours 00:00-24:00/${prices},searches=10,requests=5 --service-tier flex:0.5`,
  )
  for (const [name, { url }, priority] of [
    ['first-choice', first, 2],
    ['second-choice', second, 1],
  ] as const) {
    await operate(`upstream add ${name} --preset vllm --url ${url} --priority ${priority}`)
    await operate(`upstream serve ${name} ${dearModel}`)
  }
  const close = () => Promise.all([first.close(), second.close()])
  return { operate, close }
}
