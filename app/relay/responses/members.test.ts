import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type OpenAI from 'openai'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { Refused } from '../../errors/refusal.ts'
import type { Way } from '../endpoint.ts'
import { fold } from '../openai/members.ts'
import { atOnce } from '../text/steps.ts'
import { bodyFor } from './body.ts'
import { compactionByBytes, countInput, estimateByBytes, estimateExactly } from './estimate.ts'
import { responsesMembers } from './members.ts'
import { readCompaction, readResponse, type ResponsesCall } from './request.ts'

const terms = {
  tiers: [{ upToInputTokens: null, prices: { input: 1e6, output: 1e6, searches: 1e6 } }],
  basisPoints: {},
  serviceTiers: [],
}
const prices: { searches?: number } = terms.tiers[0]!.prices
const model = {
  name: 'gpt-5',
  kind: 'chat',
  contextTokens: 100_000,
  outputTokensMax: 1_000,
  terms,
  offers: [{ terms, priceFactor: 10_000 }],
} as unknown as PricedModel
const catalog = { find: () => model } as unknown as Catalog
const plain = { model: 'gpt-5', input: 'hi' }

const read = (members: object, allowed: string[] = [], how = readResponse) => {
  const raw = Buffer.from(JSON.stringify({ ...plain, ...members }))
  return atOnce(how(raw, catalog, new Date(0), new Set(allowed)))
}
/** The call that is read, or the member that is refused. */
function outcomeOf(...given: Parameters<typeof read>): ResponsesCall | string | null {
  try {
    return read(...given)
  } catch (error) {
    assert.ok(error instanceof Refused && error.wire.status === 400, String(error))
    return error.wire.error.param
  }
}
const isRead = (outcome: ReturnType<typeof outcomeOf>): outcome is ResponsesCall =>
  typeof outcome === 'object' && outcome !== null

/** One of every type of JSON, and the corners of each. */
const values = `null true false 0 1 -1 0.5 1e300 129 9007199254740991
  "" "x" "auto" "function" "0" "false" [] [null] ["text"] [[]] [{}] [{"type":"x"}]
  {} {"id":"x"} {"type":"x"} {"ttl":"12h"} {"mode":"pro"} {"a":{"b":[1]}}`
  .split(/\s+/)
  .map((json) => JSON.parse(json) as unknown)

describe('every member of the list, with every type of JSON', () => {
  for (const [name, member] of Object.entries(responsesMembers)) {
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
    for (const name of Object.keys(responsesMembers)) {
      const spelt = [name.toUpperCase(), name.replace('s', 'ſ'), name.replace('k', '\u212a')]
      for (const other of spelt.filter((it) => it !== name)) {
        assert.equal(fold(other), name)
        assert.equal(outcomeOf({ [other]: null }, [other]), other)
      }
    }
  })
})

test('every member of OpenAI’s own types is on the list', () => {
  type Name =
    keyof OpenAI.Responses.ResponseCreateParams | keyof OpenAI.Responses.ResponseCompactParams
  const theirs = {
    access_programs: 1,
    background: 1,
    context_management: 1,
    conversation: 1,
    image: 1,
    include: 1,
    input: 1,
    instructions: 1,
    max_output_tokens: 1,
    max_tool_calls: 1,
    metadata: 1,
    model: 1,
    moderation: 1,
    parallel_tool_calls: 1,
    previous_response_id: 1,
    prompt: 1,
    prompt_cache_key: 1,
    prompt_cache_options: 1,
    prompt_cache_retention: 1,
    reasoning: 1,
    safety_identifier: 1,
    service_tier: 1,
    store: 1,
    stream: 1,
    stream_options: 1,
    temperature: 1,
    text: 1,
    tool_choice: 1,
    tools: 1,
    top_logprobs: 1,
    top_p: 1,
    truncation: 1,
    user: 1,
  } satisfies Record<Name, 1> & Record<string, 1>
  for (const name of Object.keys(theirs)) assert.ok(Object.hasOwn(responsesMembers, name), name)
  // What its agent says.
  assert.ok(Object.hasOwn(responsesMembers, 'client_metadata'))
})

test('what has no price, or what nobody meters, is refused by its name', () => {
  const bought: [object, string][] = [
    [{ background: true }, 'background'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ context_management: [{ type: 'compaction' }] }, 'context_management'],
    [{ access_programs: { cyber: 'daybreak_red' } }, 'access_programs'],
    [{ prompt_cache_options: { ttl: '12h' } }, 'prompt_cache_options'],
    [{ prompt_cache_options: { comparison_response_id: 'resp_1' } }, 'prompt_cache_options'],
    [{ moderation: { model: 'o3-pro' } }, 'moderation'],
    [{ reasoning: { mode: 'pro' } }, 'reasoning'],
    [{ reasoning: { max_tokens: 9 } }, 'reasoning'],
    [{ max_tokens: 5 }, 'max_tokens'],
    [{ n: 2 }, 'n'],
    [{ models: ['o3'] }, 'models'],
  ]
  for (const [members, name] of bought) {
    assert.equal(outcomeOf(members), name)
    assert.ok(isRead(outcomeOf(members, [name])), `${name} can be allowed`)
  }
  for (const [members, name] of [
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ max_output_tokens: -1 }, 'max_output_tokens'],
    [{ max_output_tokens: '9' }, 'max_output_tokens'],
    [{ max_tool_calls: 0 }, 'max_tool_calls'],
    [{ input: 7 }, 'input'],
    [{ input: null }, 'input'],
    [{ input: ['text'] }, 'input[0]'],
    [{ input: undefined, messages: [] }, 'messages'],
    [{ previous_response_id: 7 }, 'previous_response_id'],
    [{ conversation: {} }, 'conversation'],
  ] as const)
    assert.equal(outcomeOf(members), name, JSON.stringify(members))
})

test('a body as the agent of OpenAI sends it is read', () => {
  const call = outcomeOf({
    instructions: 'You are an agent.',
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'say done' }] },
      { type: 'reasoning', summary: [], encrypted_content: 'a'.repeat(600) },
      { type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c' },
      { type: 'function_call_output', call_id: 'c', output: 'ok' },
    ],
    tools: [
      { type: 'function', name: 'shell', strict: false, parameters: {} },
      { type: 'custom', name: 'apply_patch', format: { type: 'grammar' } },
      { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] },
      { type: 'tool_search' },
      { type: 'web_search', external_web_access: false },
    ],
    tool_choice: 'auto',
    parallel_tool_calls: false,
    reasoning: { effort: 'medium', summary: 'auto' },
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'thread',
    text: { verbosity: 'low' },
    client_metadata: { a: 'b' },
  })
  assert.ok(isRead(call))
  const { streamed, isKept, mayThink, cacheKey, searches, toolCallsMax } = call
  assert.deepEqual([streamed, isKept, mayThink, cacheKey], [true, false, true, 'thread'])
  assert.deepEqual([searches, toolCallsMax], [8, 8])
})

describe('tools that the upstream runs', () => {
  const search = { type: 'web_search' }

  test('are refused by their types wherever they stand, but for searches', () => {
    for (const type of ['file_search', 'code_interpreter', 'image_generation', 'mcp', 'shell']) {
      const tool = { type }
      assert.equal(outcomeOf({ tools: [{ type: 'function' }, tool] }), 'tools[1].type')
      const group = { type: 'namespace', tools: [tool] }
      assert.equal(outcomeOf({ tools: [group] }), 'tools[0].tools[0].type')
      const item = { type: 'additional_tools', tools: [tool] }
      assert.equal(outcomeOf({ input: [item] }), 'input[0].tools[0].type')
      assert.ok(isRead(outcomeOf({ tools: [tool] }, [`tools.${type}`])))
    }
    for (const tool of [
      { Type: 'mcp' },
      { type: 'function', TYPE: 'mcp' },
      { 'ty\\u0070e': 'mcp' },
      { type: ['function'] },
      { type: 'web_search_preview' },
      { type: 'shell', environment: { type: 'container_auto' } },
      { type: 'shell', environment: { type: 'local', Type: 'container_auto' } },
    ])
      assert.equal(outcomeOf({ tools: [tool] }), 'tools[0].type', JSON.stringify(tool))
    assert.ok(isRead(outcomeOf({ tools: [{ type: 'shell', environment: { type: 'local' } }] })))
  })

  test('search where that has a price, and are held for with what they find', () => {
    const held = (members: object) =>
      Number(estimateByBytes(read(members)).inputScaled / 1_000_000n)
    const alone = held({})
    const { tokensASearch } = limits.responses
    // Each reading is of all that was said, and of what has been found so far; a fee is a token's price.
    const most = (members: object, searches: number) => {
      const more = JSON.stringify({ ...plain, ...members }).length - JSON.stringify(plain).length
      return (alone + more) * (1 + searches) + searches * (tokensASearch + 1)
    }
    for (const [members, searches] of [
      [{ tools: [search] }, 8],
      [{ tools: [search], max_tool_calls: 3 }, 3],
      [{ tools: [search], max_tool_calls: null }, 8],
      [{ max_tool_calls: 50 }, 0],
    ] as const)
      assert.equal(held(members), most(members, searches))
    const { contextTokens } = read({}).model
    const kept = { previous_response_id: 'resp_1', tools: [search], max_tool_calls: 3 }
    assert.equal(held(kept), contextTokens * 4 + 3)
    delete prices.searches
    try {
      assert.equal(outcomeOf({ tools: [search] }), 'tools[0].type')
    } finally {
      prices.searches = 1e6
    }
  })
})

describe('the body for an upstream', () => {
  const way = {
    theirName: null,
    set: {},
    drop: [],
    rename: {},
    limitMember: null,
    usage: 'asked',
    reasoning: 'inside',
  } as Way
  const sent = (members: object, more: Partial<Way> = {}, most = 500) => {
    const call = read(members)
    const text = Buffer.concat(bodyFor(call, most, { ...way, ...more })).toString()
    return { text, body: JSON.parse(text) as Record<string, unknown> }
  }

  test('is the client’s own where the hold covers what it asks for', () => {
    const members = { max_output_tokens: 500, stream: true }
    assert.equal(sent(members).text, JSON.stringify({ ...plain, ...members }))
  })

  test('has the limits that the hold covers, whatever an upstream calls them for chat', () => {
    for (const limitMember of [null, 'max_tokens', 'max_completion_tokens'] as const) {
      assert.equal(sent({}, { limitMember }).body.max_output_tokens, 500)
      const large = sent({ max_output_tokens: 1e15 }, { limitMember }).body
      assert.equal(large.max_output_tokens, 500)
      assert.equal(Object.hasOwn(large, 'max_tokens'), false)
    }
    const { body } = sent({ max_output_tokens: 400 }, { limitMember: 'none' })
    assert.equal(Object.hasOwn(body, 'max_output_tokens'), false)
    assert.equal(sent({}, { theirName: 'theirs' }).body.model, 'theirs')
  })

  test('bounds the searches that the client does not', () => {
    const tools = [{ type: 'web_search' }]
    assert.equal(sent({ tools }).body.max_tool_calls, 8)
    assert.equal(sent({ tools, max_tool_calls: null }).body.max_tool_calls, 8)
    assert.equal(sent({ tools, max_tool_calls: 3 }).body.max_tool_calls, 3)
    const { searchesAskedMax } = limits.responses
    assert.equal(sent({ tools, max_tool_calls: 1e15 }).body.max_tool_calls, searchesAskedMax)
    assert.equal(Object.hasOwn(sent({}).body, 'max_tool_calls'), false)
  })
})

describe('the most that an input can be', () => {
  const tokensOf = (members: object) =>
    Number(estimateByBytes(read(members)).inputScaled / 1_000_000n)
  const picture = `data:image/png;base64,${'A'.repeat(20_000)}`
  const message = (...content: object[]) => ({ input: [{ role: 'user', content }] })

  test('is all that the model reads where it goes on from what is kept, or reads what is elsewhere', () => {
    for (const members of [
      { previous_response_id: 'resp_1' },
      { conversation: 'conv_1' },
      { conversation: { id: 'conv_1' }, input: undefined },
      { input: [{ type: 'item_reference', id: 'msg_1' }] },
      { input: [{ id: 'msg_1' }] },
      { input: [{ type: null, ID: 'msg_1', role: null }] },
      message({ type: 'input_file', file_id: 'file_1' }),
      message({ type: 'input_file', file_url: 'https://a.example/a.pdf' }),
      message({ type: 'input_image', file_id: 'file_1' }),
      {
        input: [
          { type: 'computer_call_output', output: { type: 'computer_screenshot', file_id: 'f' } },
        ],
      },
      { input: [{ type: 'function_call_output', output: [{ type: 'input_file', file_id: 'f' }] }] },
      message({ type: 'input_text', text: 'a', file_id: 'f' }),
    ]) {
      const call = read(members, ['file_id', 'item_reference'])
      assert.ok(call.unsized, JSON.stringify(members))
      assert.equal(Number(estimateByBytes(call).inputScaled / 1_000_000n), 100_000)
    }
  })

  test('names nothing that lies in the operator’s account, unless they let it through', () => {
    const byFile = [
      message({ type: 'input_file', file_id: 'file_1' }),
      message({ type: 'input_image', File_ID: 'file_1' }),
      { input: [{ type: 'function_call_output', output: [{ type: 'input_file', file_id: 'f' }] }] },
    ]
    for (const members of byFile) assert.equal(outcomeOf(members), 'file_id')
    const byReference = [{ type: 'item_reference', id: 'a' }, { id: 'a' }, { type: null, ID: 'a' }]
    for (const item of byReference) assert.equal(outcomeOf({ input: [item] }), 'item_reference')
    const own = [
      { id: 'msg_1', role: 'user', content: 'a' },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'function_call', id: 'fc_1', arguments: '{"file_id":"f"}' },
      { role: 'user', content: [{ type: 'input_file', file_id: null, file_data: 'a' }] },
    ]
    assert.ok(isRead(outcomeOf({ input: own })))
  })

  test('counts pictures by rule and not by their bytes', async () => {
    for (const part of [
      { type: 'input_image', image_url: picture, detail: 'high' },
      { type: 'input_image', image_url: picture, file_id: null, detail: 'low' },
      { type: 'computer_screenshot', image_url: picture, detail: 'high' },
    ]) {
      const tokens = tokensOf(message(part))
      assert.ok(tokens > limits.tokens.perImage && tokens < limits.tokens.perImage + 500)
      const bill = await countInput(read(message(part)))
      assert.ok(bill > 700 && bill < 1_000, String(bill))
    }
  })

  test('of a bill is its texts, without the form in which they are said', async () => {
    const call = read(message({ type: 'input_text', text: 'one two three' }))
    assert.equal(await countInput(call), 3 + 3 + 3)
    const sealed = { type: 'reasoning', encrypted_content: 'a'.repeat(600) }
    assert.equal(await countInput(read({ input: [sealed] })), 3 + 3 + 100)
  })
})

test('a compaction is held for all that the model can say, and takes no limit', () => {
  const call = read({}, [], readCompaction)
  const ask = compactionByBytes(call)
  assert.deepEqual([ask.outputTokensWanted, ask.outputTokensMax], [1_000, 1_000])
  assert.equal(call.isUnlimited, true)
  for (const name of ['max_output_tokens', 'stream', 'conversation', 'max_tool_calls'])
    assert.equal(outcomeOf({ [name]: 1 }, [], readCompaction), name)
})
