import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { extractUsage, findProvider } from '@pydantic/genai-prices'
import fc from 'fast-check'
import type { Usage } from '../ledger/ledger.server.ts'
import { readPresets } from '../upstreams/upstreams.server.ts'
import { readMessagesUsage } from './anthropic/reported-usage.ts'
import type { Reported } from './endpoint.ts'
import { readUsage } from './openai/reported-usage.ts'

/*
 * What each preset's provider says it used, read by us and by genai-prices. Who is right where they
 * differ is said beside it.
 */

/** So many tokens of each kind; the parts are never more than what they are part of. */
type Drawn = Record<'plain' | 'cached' | 'written' | 'said' | 'thoughts' | 'sound', number>
const few = fc.nat(1_000_000)
const drawn = fc.record({
  plain: few.map((tokens) => tokens + 1),
  cached: few,
  written: few,
  said: few.map((tokens) => tokens + 1),
  thoughts: few,
  sound: fc.nat(1),
}) satisfies fc.Arbitrary<Drawn>

/** OpenAI's own form: whatever is a part stands within. */
const openaiForm = ({ plain, cached, written, said, thoughts, sound }: Drawn) => ({
  prompt_tokens: plain + cached + written,
  completion_tokens: said + thoughts,
  total_tokens: plain + cached + written + said + thoughts,
  prompt_tokens_details: {
    cached_tokens: cached,
    cache_write_tokens: written,
    audio_tokens: sound,
  },
  completion_tokens_details: { reasoning_tokens: thoughts, audio_tokens: sound },
})
const withoutWrites = (all: Drawn) => openaiForm({ ...all, written: 0 })
const cachedOnly = ({ plain, cached, said, thoughts }: Drawn) => ({
  prompt_tokens: plain + cached,
  completion_tokens: said + thoughts,
  total_tokens: plain + cached + said + thoughts,
  prompt_tokens_details: { cached_tokens: cached },
  completion_tokens_details: { reasoning_tokens: thoughts },
})

type Normal = Record<string, number>
type Form = {
  usage(drawn: Drawn): Record<string, unknown>
  /** The oracle's name of the form. */
  flavor: string
  /** What the oracle leaves out or has otherwise, and why ours is meant. */
  differs?: { why: string; ours(normal: Normal, usage: Record<string, unknown>): Normal }
}

const deepseekForm = (all: Drawn) => {
  const { plain, cached } = all
  const hits = { prompt_cache_hit_tokens: cached, prompt_cache_miss_tokens: plain }
  return { ...cachedOnly(all), ...hits }
}
/** Thoughts are in the total, and in nothing else. */
const geminiForm = ({ plain, cached, said, thoughts }: Drawn) => ({
  prompt_tokens: plain + cached,
  completion_tokens: said,
  total_tokens: plain + cached + said + thoughts,
  prompt_tokens_details: { cached_tokens: cached },
})
const xaiForm = ({ plain, cached, said, thoughts }: Drawn) => ({
  prompt_tokens: plain + cached,
  completion_tokens: said,
  total_tokens: plain + cached + said + thoughts,
  prompt_tokens_details: { cached_tokens: cached, text_tokens: plain + cached, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: thoughts, audio_tokens: 0 },
})
const openrouterForm = (all: Drawn) => ({
  ...openaiForm(all),
  cost: 0.0123,
  cost_details: { upstream_inference_cost: 0.0123 },
})
const messagesForm = ({ plain, cached, written, said, thoughts, sound }: Drawn) => ({
  input_tokens: plain,
  cache_read_input_tokens: cached,
  cache_creation_input_tokens: written,
  cache_creation: {
    ephemeral_5m_input_tokens: written - Math.floor(written / 3),
    ephemeral_1h_input_tokens: Math.floor(written / 3),
  },
  output_tokens: said + thoughts,
  output_tokens_details: { thinking_tokens: thoughts },
  server_tool_use: { web_search_requests: sound },
})

const noSoundThere = {
  why: 'the oracle knows of no sound in the input there; whoever says so is believed',
  ours: (normal: Normal, { prompt_tokens_details: details }: Record<string, unknown>) => ({
    ...normal,
    input_audio_tokens: (details as { audio_tokens: number }).audio_tokens,
  }),
}

/** By the name of the list of prices that a preset is charged by. */
const forms: Record<string, Form> = {
  openai: { usage: openaiForm, flavor: 'chat' },
  azure: { usage: openaiForm, flavor: 'chat' },
  anthropic: { usage: messagesForm, flavor: 'default' },
  google: {
    usage: geminiForm,
    flavor: 'chat',
    differs: {
      why: 'Gemini’s thoughts are in total_tokens alone, and are charged as output',
      ours: (normal, { total_tokens: total }) => ({
        ...normal,
        output_tokens: Number(total) - (normal.input_tokens ?? 0),
      }),
    },
  },
  deepseek: {
    usage: (all) => ({
      ...deepseekForm(all),
      prompt_tokens_details: withoutWrites(all).prompt_tokens_details,
    }),
    flavor: 'chat',
    differs: noSoundThere,
  },
  moonshotai: { usage: cachedOnly, flavor: 'chat' },
  zai: { usage: cachedOnly, flavor: 'chat' },
  openrouter: { usage: openrouterForm, flavor: 'chat' },
  groq: { usage: withoutWrites, flavor: 'default' },
  mistral: { usage: cachedOnly, flavor: 'default' },
  'x-ai': { usage: xaiForm, flavor: 'chat' },
}

/** Our figures by the oracle's names, without those that are 0. */
function normalOf(usage: Usage): Normal {
  const all = {
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cachedTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    output_tokens: usage.outputTokens,
    output_reasoning_tokens: usage.reasoningTokens,
    cache_write_1h_tokens: usage.more?.cacheWrite1h,
    input_audio_tokens: usage.more?.inputAudio,
    output_audio_tokens: usage.more?.outputAudio,
    web_searches: usage.more?.searches,
  }
  return said(all)
}
/** That of five minutes is what is left of all that was written. */
const said = (all: object): Normal =>
  Object.fromEntries(
    (Object.entries(all) as [string, number | undefined][]).filter(
      (entry): entry is [string, number] =>
        Boolean(entry[1]) && entry[0] !== 'cache_write_5m_tokens',
    ),
  )

describe('what a provider says it used is what genai-prices reads', () => {
  const presets = readPresets().filter(({ definition }) => definition.prices !== null)
  for (const { name, definition } of presets) {
    const { prices, kind, reasoning } = definition
    test(name, () => {
      // Whoever speaks Anthropic's messages says it as Anthropic does.
      const list = kind === 'anthropic' ? kind : (prices ?? '')
      const form = forms[list]
      const provider = findProvider({ providerId: list })
      assert.ok(form && provider, `${list} is known to the oracle and here`)
      fc.assert(
        fc.property(drawn, (tokens) => {
          const usage = form.usage(tokens)
          const told: Reported | undefined =
            kind === 'anthropic' ? readMessagesUsage(usage) : readUsage(usage, reasoning)
          assert.ok(told && 'usage' in told)
          const oracle = extractUsage(provider, { model: 'some-model', usage }, form.flavor)
          const expected = said(oracle.usage)
          const { differs } = form
          assert.deepEqual(
            normalOf(told.usage),
            differs ? said(differs.ours(expected, usage)) : expected,
          )
        }),
        { numRuns: Number(process.env.RUNS ?? 200) },
      )
    })
  }
})
