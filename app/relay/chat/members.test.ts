import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type OpenAI from 'openai'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { Refused } from '../../errors/refusal.ts'
import { fold } from '../openai/members.ts'
import { estimateByBytes, estimateExactly } from './estimate.ts'
import { chatMembers } from './members.ts'
import { atOnce } from '../text/steps.ts'
import { readChat, type ChatCall } from './request.ts'

const terms = {
  tiers: [{ upToInputTokens: null, prices: { input: 1e6, output: 1e6 } }],
  basisPoints: {},
  serviceTiers: [],
}
const model = {
  name: 'm',
  kind: 'chat',
  contextTokens: 100_000,
  outputTokensMax: 1_000,
  terms,
  offers: [{ terms, priceFactor: 10_000 }],
} as unknown as PricedModel
const catalog = { find: () => model } as unknown as Catalog

const plain = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
const read = (members: object, allowed: string[] = []) =>
  atOnce(
    readChat(
      Buffer.from(JSON.stringify({ ...plain, ...members })),
      catalog,
      new Date(0),
      new Set(allowed),
    ),
  )

/** The call that is read, or the member that is refused. */
function outcomeOf(members: object, allowed: string[] = []): ChatCall | string | null {
  try {
    return read(members, allowed)
  } catch (error) {
    assert.ok(error instanceof Refused && error.wire.status === 400, String(error))
    return error.wire.error.param
  }
}
const isRead = (outcome: ReturnType<typeof outcomeOf>): outcome is ChatCall =>
  typeof outcome === 'object' && outcome !== null

/** One of every type of JSON, and the corners of each. */
const values = `null true false 0 1 -1 0.5 1e300 129 9007199254740991
  "" "x" "off" "text" "auto" "function" "0" "false"
  [] [null] ["text"] ["audio"] ["text","audio"] [[]] [{}] [{"type":"x"}]
  {} {"mode":"off"} {"mode":"on"} {"type":"x"} {"enabled":false} {"a":{"b":[1]}}`
  .split(/\s+/)
  .map((json) => JSON.parse(json) as unknown)

describe('every member of the list, with every type of JSON', () => {
  for (const [name, member] of Object.entries(chatMembers)) {
    const kind = typeof member === 'string' ? member : 'refused'
    test(`${name} is ${kind}`, async () => {
      for (const value of values) {
        const outcome = outcomeOf({ [name]: value })
        const shown = `${name}: ${JSON.stringify(value)}`
        if (!isRead(outcome)) {
          // What is refused is refused by its name, and nothing free ever is.
          assert.ok(outcome?.startsWith(name), `${shown} is refused as ${outcome}`)
          assert.notEqual(member, 'free', shown)
          continue
        }
        if (typeof member === 'object') assert.ok(member.idle(value), shown)
        const [bytes, exact] = [estimateByBytes(outcome), await estimateExactly(outcome)]
        assert.ok(bytes.inputScaled >= exact.inputScaled && exact.inputScaled > 0n, shown)
        assert.ok(bytes.outputScaledPerToken >= 1_000_000n, shown)
      }
    })
  }

  test('is refused in every other spelling', () => {
    for (const name of Object.keys(chatMembers)) {
      const spelt = [name.toUpperCase(), name[0]!.toUpperCase() + name.slice(1)]
      spelt.push(name.replace('s', 'ſ'), name.replace('k', '\u212a'))
      for (const other of spelt.filter((it) => it !== name)) {
        assert.equal(fold(other), name)
        assert.equal(outcomeOf({ [other]: null }), other)
        assert.equal(outcomeOf({ [other]: null }, [other]), other)
      }
    }
  })
})

test('every member of OpenAI’s own types is on the list', () => {
  type Name = keyof OpenAI.ChatCompletionCreateParams
  const theirs = {
    audio: 1,
    frequency_penalty: 1,
    function_call: 1,
    functions: 1,
    logit_bias: 1,
    logprobs: 1,
    max_completion_tokens: 1,
    max_tokens: 1,
    messages: 1,
    metadata: 1,
    modalities: 1,
    model: 1,
    moderation: 1,
    n: 1,
    parallel_tool_calls: 1,
    prediction: 1,
    presence_penalty: 1,
    prompt_cache_key: 1,
    prompt_cache_options: 1,
    prompt_cache_retention: 1,
    reasoning_effort: 1,
    response_format: 1,
    safety_identifier: 1,
    seed: 1,
    service_tier: 1,
    stop: 1,
    store: 1,
    stream: 1,
    stream_options: 1,
    temperature: 1,
    tool_choice: 1,
    tools: 1,
    top_logprobs: 1,
    top_p: 1,
    user: 1,
    verbosity: 1,
    web_search_options: 1,
  } satisfies Record<Name, 1>
  for (const name of Object.keys(theirs)) assert.ok(Object.hasOwn(chatMembers, name), name)
})

test('what would buy something else than tokens of the model is refused by its name', () => {
  const bought: object[] = [
    { models: ['openai/o3'] },
    { route: 'fallback' },
    { fallbacks: [{ model: 'o3' }] },
    { plugins: [{ id: 'web' }] },
    { provider: { order: ['x'] } },
    { web_search_options: {} },
    { search_parameters: {} },
    { search_parameters: { mode: 'auto' } },
    { search_parameters: { mode: 'off', Mode: 'on' } },
    { modalities: ['text', 'audio'] },
    { modalities: ['image'] },
    { audio: { voice: 'x', format: 'mp3' } },
    { api_base: 'https://a.example' },
    { num_retries: 5 },
    { n_predict: -1 },
    { max_output_tokens: 100_000 },
    { min_tokens: 100 },
    { best_of: 20 },
    { use_beam_search: true },
    { store: true },
    { moderation: { model: 'o3-pro' } },
    { moderation: { model: ['omni-moderation-latest'] } },
    { extra_body: { models: ['o3'] } },
    { deferred: true },
    { ignore_eos: true },
    { enable_thinking: true },
    { thinking_budget: 1_000 },
  ]
  for (const members of bought) {
    const [name = ''] = Object.keys(members)
    assert.equal(outcomeOf(members), name)
    assert.ok(isRead(outcomeOf(members, [name])), `${name} can be allowed`)
  }
})

test('a file that lies in the operator’s account is refused, unless they let it through', () => {
  const say = (part: object) => ({ messages: [{ role: 'user', content: [part] }] })
  for (const part of [
    { type: 'file', file: { file_id: 'file-1' } },
    { type: 'file', file: { File_ID: 'file-1' } },
    { type: 'image_url', image_url: { file_id: 'file-1' } },
    { type: 'input_file', file_id: 'file-1' },
  ]) {
    assert.equal(outcomeOf(say(part)), 'file_id')
    assert.ok(isRead(outcomeOf(say(part), ['file_id'])))
  }
  assert.ok(isRead(outcomeOf(say({ type: 'file', file: { file_id: null, file_data: 'a' } }))))
})

test('what programs say without wanting anything passes', () => {
  const idle: object[] = [
    { search_parameters: { mode: 'off' } },
    { search_parameters: { mode: 'off', sources: [{ type: 'web' }], return_citations: true } },
    { store: false },
    { modalities: ['text'] },
    { audio: null, web_search_options: null, models: null, moderation: null },
    { models: [], plugins: [], provider: {}, fallbacks: [] },
    {
      enable_thinking: false,
      thinking_budget: 0,
      include_reasoning: true,
      reasoning_format: 'raw',
    },
    { best_of: 1, min_tokens: 0, num_retries: 0, use_beam_search: false, ignore_eos: false },
    { moderation: { model: 'omni-moderation-latest' } },
    { top_k: 40, min_p: 0.05, repetition_penalty: 1.1, stop_token_ids: [1] },
  ]
  for (const members of idle) assert.ok(isRead(outcomeOf(members)), JSON.stringify(members))
})

describe('a switch for thinking', () => {
  const off: [string, unknown[]][] = [
    ['thinking', [{ type: 'disabled' }, { type: 'disabled', clear_thinking: true }]],
    [
      'reasoning',
      [{ enabled: false }, { effort: 'none' }, { enabled: false, effort: 'none', max_tokens: 0 }],
    ],
    ['chat_template_kwargs', [{}, { enable_thinking: false }, { thinking: false }]],
    ['reasoning_effort', [null, 'none']],
    ['include_reasoning', [null]],
  ]
  const on: [string, unknown[]][] = [
    [
      'thinking',
      [{ type: 'enabled' }, { type: 'adaptive' }, { type: 'enabled', budget_tokens: 499 }],
    ],
    [
      'reasoning',
      [{ effort: 'high' }, { enabled: true }, { max_tokens: 499 }, {}, { exclude: true }],
    ],
    [
      'chat_template_kwargs',
      [{ enable_thinking: true }, { thinking: true }, { reasoning_effort: 'x' }],
    ],
    // One word says no and another yes.
    ['thinking', [{ type: 'disabled', budget_tokens: 499 }]],
    [
      'reasoning',
      [
        { enabled: false, effort: 'high' },
        { effort: 'none', max_tokens: 499 },
      ],
    ],
    [
      'reasoning',
      [
        { effort: 'none', enabled: true },
        { enabled: false, max_tokens: 1 },
      ],
    ],
    ['chat_template_kwargs', [{ enable_thinking: false, thinking: true }]],
    // Words of their own, which the limit bounds as well.
    ['reasoning_effort', ['minimal', 'high', 7]],
    ['include_reasoning', [true, false]],
    ['reasoning_format', ['raw', 'hidden']],
    ['reasoning_split', [true]],
    ['separate_reasoning', [true]],
    ['stream_reasoning', [true]],
  ]
  const never: [string, unknown[]][] = [
    [
      'thinking',
      [true, 'enabled', {}, { type: 'enabled', more: 1 }, { type: 'disabled', Type: 'enabled' }],
    ],
    ['thinking', [{ type: ['enabled'] }, { type: ['disabled'] }]],
    ['thinking', [{ type: 'disabled', budget_tokens: 99_999 }]],
    ['reasoning', [{ effort: 'none', max_tokens: 900_000 }]],
    ['reasoning', [{ enabled: false, effort: 'high', max_tokens: 900_000 }]],
    ['thinking', [500, -1, 0.5, '9', {}].map((it) => ({ type: 'enabled', budget_tokens: it }))],
    [
      'reasoning',
      [true, [], { effort: 7 }, { max_tokens: 500 }, { max_tokens: '9' }, { models: [] }],
    ],
    [
      'chat_template_kwargs',
      [true, { thinking: 'yes' }, { documents: [] }, { enable_thinking: 1 }],
    ],
  ]
  const each = (cases: [string, unknown[]][], check: (name: string, members: object) => void) => {
    for (const [name, given] of cases)
      for (const value of given) check(name, { max_tokens: 500, [name]: value })
  }

  const thinks = (members: object, allowed: string[] = []) => {
    const outcome = outcomeOf(members, allowed)
    assert.ok(isRead(outcome), JSON.stringify(members))
    return outcome.mayThink
  }

  test('that is off passes for any model', () => {
    each(off, (_, members) => assert.equal(thinks(members), false, JSON.stringify(members)))
  })

  test('that is on passes within the limit of the answer, and the call may think', () => {
    const check = () => {
      each(on, (_, members) => assert.equal(thinks(members), true, JSON.stringify(members)))
      each(never, (name, members) =>
        assert.equal(outcomeOf(members), name, JSON.stringify(members)),
      )
      // Without a limit of the client's it is the model's.
      assert.ok(thinks({ thinking: { type: 'enabled', budget_tokens: 999 } }))
      assert.equal(outcomeOf({ thinking: { type: 'enabled', budget_tokens: 1_000 } }), 'thinking')
    }
    check()
    model.reasoning = 1
    try {
      check()
      each(off, (_, members) =>
        assert.equal(thinks(members), true, 'it says no, and may all the same'),
      )
    } finally {
      model.reasoning = 0
    }
  })

  test('that can be read in two ways is refused', () => {
    for (const thinking of [
      '{"type":"enabled","type":"disabled"}',
      '{"type":"enabled","budget_tokens":99999,"budget_tokens":1}',
      '{"type":"enabled","t\\u0079pe":"disabled"}',
    ]) {
      const text = JSON.stringify(plain).replace(/}$/, `,"thinking":${thinking}}`)
      assert.throws(
        () => atOnce(readChat(Buffer.from(text), catalog, new Date(0), new Set())),
        (error) => error instanceof Refused && error.wire.error.param === 'thinking',
      )
    }
  })

  test('that the operator lets through may make a call think', () => {
    assert.equal(thinks({ enable_thinking: true }, ['enable_thinking']), true)
    assert.equal(thinks({ enable_thinking: false }), false)
    assert.equal(thinks({ thinking_budget: 9 }, ['thinking_budget']), true)
    assert.equal(thinks({ thinking: { type: 'new' } }, ['thinking']), true)
    assert.equal(thinks({ thinking: { type: 'disabled' } }, ['thinking']), false)
  })

  test('that the operator allows passes, whatever it says', () => {
    each(never, (name, members) => assert.ok(isRead(outcomeOf(members, [name]))))
  })
})

describe('tools', () => {
  const own = [
    { type: 'function', function: { name: 'f' } },
    { type: 'custom', custom: { name: 'g' } },
    { type: 'function', name: 'flat', parameters: {}, strict: true, anything: 1 },
    { name: 'h', input_schema: {} },
  ]

  test('that the client runs pass, whatever else is in them', () => {
    assert.ok(isRead(outcomeOf({ tools: own })))
    assert.ok(isRead(outcomeOf({ tools: null })))
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (tools) => {
        const outcome = outcomeOf({ tools })
        assert.ok(isRead(outcome) || /^tools\[\d+\]\.type$/.test(String(outcome)))
      }),
    )
  })

  test('that the upstream runs are refused, unless they are allowed by name', () => {
    const hosted = [
      { type: 'web_search' },
      { type: 'code_interpreter', container: {} },
      { type: 'mcp', server_url: 'https://a.example' },
      { type: 7 },
      { Type: 'web_search' },
      { type: 'function', TYPE: 'web_search' },
      { 'ty\\u0070e': 'web_search' },
    ]
    for (const tool of hosted) {
      assert.equal(outcomeOf({ tools: [...own, tool] }), 'tools[4].type')
      assert.equal(outcomeOf({ tools: tool }), 'tools[0].type')
    }
    assert.ok(isRead(outcomeOf({ tools: [{ type: 'web_search' }] }, ['tools.web_search'])))
  })
})
