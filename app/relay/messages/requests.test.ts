import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  answers,
  message,
  model,
  startMessages,
  streams,
  whole,
  type MessagesStage,
} from '../../../test/upstreams/messages.ts'

let stage: MessagesStage
before(async () => (stage = await startMessages()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
  stage.forget()
})
after(() => stage.stop())

const usage = { input_tokens: 5, output_tokens: 2 }

test('a body goes out byte for byte, but for the name of its model', async () => {
  stage.fed.main.play(answers(message(usage)))
  const space = fc.constantFrom('', ' ', '\n', '\t ')
  const more = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,8}$/), fc.jsonValue(), { maxKeys: 3 })
  const words = fc.string({ unit: 'binary', maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(space, space, more, words, async (a, b, members, content) => {
      const rest = JSON.stringify({
        max_tokens: 5,
        messages: [{ role: 'user', content }],
        ...members,
      })
      const body = (name: string) =>
        `${a}{${b}"model"${a}:${b}"${name}"${a},${b}${rest.slice(1)}${b}`
      const answer = await stage.ask({}, { rawBody: body(model) })
      assert.equal(answer.status, 200, answer.text)
      assert.equal(stage.fed.main.heard.at(-1)?.raw.toString(), body(`${model}-at-main`))
    }),
    { numRuns: 60 },
  )
})

test('headers of Anthropic’s and the query go along, and keys and the operator’s own do not', async () => {
  stage.fed.main.play(
    answers(message(usage), 200, {
      'anthropic-new-thing': 'yes',
      'anthropic-ratelimit-tokens-limit': '5',
      'anthropic-organization-id': 'o',
      'request-id': 'req_theirs',
      'set-cookie': 'a=b',
    }),
  )
  const headers = {
    authorization: 'Bearer sk-ant-oat01-of-another-service',
    'x-api-key': stage.customer.secret,
    'anthropic-version': '2024-01-01',
    'anthropic-beta': 'a-2026-01-01,b-2026-02-02',
    'anthropic-later': 'x',
    'anthropic-workspace-id': 'wrkspc_1',
    'anthropic-organization': 'org_1',
    'anthropic-user-profile-id': 'prof_1',
    cookie: 'c=d',
    'x-stainless-os': 'Linux',
  }
  const answer = await stage.ask({}, { path: 'messages?beta=true&api_key=sk-x', headers })
  assert.equal(answer.status, 200, answer.text)
  const heard = stage.fed.main.heard.at(-1)!
  assert.equal(heard.path, '/v1/messages?beta=true')
  assert.equal(heard.headers['x-api-key'], 'sk-main-main')
  assert.equal(heard.headers['anthropic-version'], '2024-01-01')
  assert.equal(heard.headers['anthropic-beta'], headers['anthropic-beta'])
  assert.equal(heard.headers['anthropic-later'], 'x')
  const unsent = ['authorization', 'cookie', 'x-stainless-os']
  const operators = [
    'anthropic-workspace-id',
    'anthropic-organization',
    'anthropic-user-profile-id',
  ]
  for (const name of [...unsent, ...operators]) assert.equal(heard.headers[name], undefined, name)
  assert.equal(answer.headers['anthropic-new-thing'], 'yes')
  for (const name of [
    'anthropic-ratelimit-tokens-limit',
    'anthropic-organization-id',
    'set-cookie',
  ])
    assert.equal(answer.headers[name], undefined, name)
  assert.equal(answer.headers['request-id'], answer.headers['x-request-id'])
})

test('more beside a body than servers take is refused, and nothing is learned of the upstream', async () => {
  stage.fed.main.play(answers(message(usage)))
  const heads = [
    { path: `messages?x=${'!'.repeat(1_500)}` },
    { headers: { 'anthropic-x': 'a'.repeat(2_500), 'anthropic-y': 'a'.repeat(2_500) } },
  ]
  for (const head of heads) {
    const answer = await stage.ask({}, head)
    assert.equal(answer.status, 400, answer.text)
    assert.match(answer.text, /take more than 4096 bytes/)
  }
  assert.equal(stage.fed.main.heard.length, 0)
  const { status } = await stage.ask({}, { headers: { 'anthropic-beta': 'a'.repeat(2_000) } })
  assert.equal(status, 200)
})

test('who says no version is sent the definition’s', async () => {
  stage.fed.main.play(answers(message(usage)))
  await stage.ask()
  assert.equal(stage.fed.main.heard.at(-1)?.headers['anthropic-version'], '2023-06-01')
})

const said = (type: string, source: object) => ({
  messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type, source }] }] }],
})
const tool = (type: string, more: object = {}) => ({ tools: [{ type, name: 'x', ...more }] })

describe('a request is refused, in Anthropic’s shape and without a call', () => {
  const cases: Record<string, [body: Record<string, unknown>, names: string]> = {
    'without a limit': [{ max_tokens: undefined }, 'max_tokens'],
    'with a limit of 0': [{ max_tokens: 0 }, 'max_tokens'],
    'with a negative limit': [{ max_tokens: -1 }, 'max_tokens'],
    'with a limit that no model has': [{ max_tokens: 1e15 }, 'max_tokens'],
    'with a text as its limit': [{ max_tokens: '5' }, 'max_tokens'],
    'without messages': [{ messages: undefined }, 'messages'],
    'with a thinking budget above its limit': [
      { thinking: { type: 'enabled', budget_tokens: 2_000 } },
      'budget_tokens',
    ],
    'with a search without a bound': [tool('web_search_20250305'), 'max_uses'],
    'with a program to run': [tool('code_execution_20250825'), 'code_execution'],
    'with pages to fetch': [tool('web_fetch_20250910', { max_uses: 1 }), 'web_fetch'],
    'with a tool in another spelling': [{ tools: [{ Type: 'web_fetch_20250910' }] }, 'Type'],
    'with other models': [{ fallbacks: [{ model: 'x' }] }, 'fallbacks'],
    'with the default of other models': [{ fallbacks: 'default' }, 'fallbacks'],
    'with another speed': [{ speed: 'fast' }, 'speed'],
    'with another place': [{ inference_geo: 'us' }, 'inference_geo'],
    'with another tier': [{ service_tier: 'priority' }, 'service_tier'],
    'with servers of others': [{ mcp_servers: [{ url: 'https://x' }] }, 'mcp_servers'],
    'with a container': [{ container: 'c' }, 'container'],
    'with a member in another spelling': [{ Speed: 'fast' }, 'Speed'],
    'with more answers': [{ n: 2 }, 'n'],
    'with another server': [{ aws_bedrock_runtime_endpoint: 'https://x' }, 'aws_bedrock'],
    'with another maker': [{ custom_llm_provider: 'openai' }, 'custom_llm_provider'],
    'with a profile of the operator’s': [{ user_profile_id: 'p' }, 'user_profile_id'],
    'with a file of the operator’s': [said('document', { type: 'file', file_id: 'f' }), 'file_id'],
    'with a picture of theirs': [said('image', { type: 'file', File_id: 'f' }), 'file_id'],
    'with a file for a container': [
      { messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'f' }] }] },
      'file_id',
    ],
  }
  for (const [what, [body, names]] of Object.entries(cases))
    test(what, async () => {
      const answer = await stage.ask(body)
      assert.equal(answer.status, 400, answer.text)
      const said = JSON.parse(answer.text) as {
        type: string
        error: { type: string; message: string }
      }
      assert.deepEqual([said.type, said.error.type], ['error', 'invalid_request_error'])
      assert.ok(said.error.message.includes(names), said.error.message)
      assert.equal(stage.fed.main.heard.length, 0)
    })
})

test('what agents send passes, known or not', async () => {
  stage.fed.main.play(answers(message(usage)))
  const bodies: Record<string, unknown>[] = [
    {
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
      metadata: { user_id: 'u' },
    },
    { context_management: { edits: [] }, system: [{ type: 'text', text: 'a' }], temperature: 1 },
    { service_tier: 'auto', speed: null, fallbacks: null, something_new: { a: 1 } },
    {
      tools: [
        { name: 'a', input_schema: {} },
        { type: 'bash_20250124', name: 'bash' },
      ],
    },
    tool('web_search_20250305', { max_uses: 3 }),
    { thinking: { type: 'enabled', budget_tokens: 50 } },
    // What has no text of its own is no mistake of ours.
    { betas: [{ toString: 1 }], anthropic_beta: { toString: null } },
    { messages: [{ role: 'user', content: [{ type: { toString: 1 } }] }] },
    {
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', input: { file_id: 'f' } }] },
      ],
    },
  ]
  for (const body of bodies) assert.equal((await stage.ask(body)).status, 200)
})

test('the hold is of what the input can come to', async () => {
  stage.fed.main.play(streams([whole(usage, { output_tokens: 2 })]))
  const held = async (body: Record<string, unknown>) => {
    const { headers } = await stage.askStream(body)
    return (await stage.waitForCall(headers['x-request-id'])).hold
  }
  const long = 'x'.repeat(50_000)
  const withControl = (cache_control?: unknown) => ({
    system: [{ type: 'text', text: long, cache_control }],
  })
  const plain = await held(withControl())
  const briefly = await held(withControl({ type: 'ephemeral' }))
  const hourly = await held(withControl({ type: 'ephemeral', ttl: '1h' }))
  assert.ok(plain > 50_000 * 3_000 * 1.2 && plain < 51_000 * 3_000 * 1.2 + 2e6)
  assert.ok(briefly > 50_000 * 3_750 * 1.2 && briefly < 51_000 * 3_750 * 1.2 + 2e6)
  assert.ok(hourly > 50_000 * 6_000 * 1.2 && hourly < 51_000 * 6_000 * 1.2 + 2e6)
  for (const odd of ['5m', [{ ttl: '1h' }], { type: 'ephemeral', more: { ttl: '1h' } }])
    assert.ok((await held(withControl(odd))) > 50_000 * 6_000 * 1.2)
})

test('who has not enough is told what it would need, as a billing error', async () => {
  const poor = await stage.newCustomer({ balanceNanos: 1_000 })
  const answer = await stage.ask({}, { customer: poor })
  assert.deepEqual([answer.status, answer.headers['x-should-retry']], [402, 'false'])
  const { error } = JSON.parse(answer.text) as { error: Record<string, string> }
  assert.equal(error.type, 'billing_error')
  assert.ok(error.needed_usd && error.available_usd && error.message)
})

test('tokens are counted for nothing, also for whoever has nothing', async () => {
  stage.fed.main.play(answers({ input_tokens: 12 }))
  const poor = await stage.newCustomer({ balanceNanos: 0 })
  const options = { path: 'messages/count_tokens?beta=true', customer: poor }
  const answer = await stage.ask({ max_tokens: undefined }, options)
  assert.deepEqual([answer.status, answer.text], [200, '{"input_tokens":12}'])
  const row = await stage.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.cost, row.hold], ['completed', 0, 0])
  assert.equal(stage.fed.main.heard.at(-1)?.path, '/v1/messages/count_tokens?beta=true')
})
