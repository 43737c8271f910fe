import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { checkDefinition, type Definition } from './definition.ts'
import known from './presets.json' with { type: 'json' }
import { readPresets } from './presets.ts'

type Mapping = { path: string | unknown[]; dest: string }
type Provider = {
  id: string
  api_pattern: string
  extractors?: { api_flavor: string; mappings: Mapping[] }[]
}
const { findProvider } = createRequire(import.meta.url)('@pydantic/genai-prices') as {
  findProvider(by: { providerId: string }): Provider | undefined
}

const presets = readPresets()
const named = (name: string): Definition => {
  const preset = presets.find((it) => it.name === name)
  assert.ok(preset, name)
  return preset.definition
}
const urlOf = (name: string, path = 'chat/completions') => {
  const { baseUrl, paths, query } = named(name)
  const asked = new URLSearchParams(query).toString()
  return `${baseUrl}${paths[path]}${asked && `?${asked}`}`
}

describe('the presets', () => {
  test('are definitions that could have been written by hand, each of another name', () => {
    for (const { name, definition } of known)
      assert.ok('definition' in checkDefinition(definition), name)
    assert.equal(new Set(known.map(({ name }) => name)).size, known.length)
    for (const { note } of presets) assert.match(note, /\.$/)
  })

  test('call each provider where it answers', () => {
    const urls = {
      openai: 'https://api.openai.com/v1/chat/completions',
      azure: 'https://RESOURCE.openai.azure.com/openai/v1/chat/completions',
      'azure-classic':
        'https://RESOURCE.openai.azure.com/openai/deployments/{model}/chat/completions?api-version=2024-10-21',
      gemini: 'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
      deepseek: 'https://api.deepseek.com/chat/completions',
      dashscope: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions',
      moonshot: 'https://api.moonshot.ai/v1/chat/completions',
      zai: 'https://api.z.ai/api/paas/v4/chat/completions',
      openrouter: 'https://openrouter.ai/api/v1/chat/completions',
      groq: 'https://api.groq.com/openai/v1/chat/completions',
      mistral: 'https://api.mistral.ai/v1/chat/completions',
      xai: 'https://api.x.ai/v1/chat/completions',
      vllm: 'http://127.0.0.1:8000/v1/chat/completions',
      ollama: 'http://127.0.0.1:11434/v1/chat/completions',
      llamacpp: 'http://127.0.0.1:8080/v1/chat/completions',
    }
    for (const [name, url] of Object.entries(urls)) assert.equal(urlOf(name), url)
    const anthropic = {
      anthropic: 'https://api.anthropic.com/v1/messages',
      'deepseek-anthropic': 'https://api.deepseek.com/anthropic/v1/messages',
      'moonshot-anthropic': 'https://api.moonshot.ai/anthropic/v1/messages',
      'zai-anthropic': 'https://api.z.ai/api/anthropic/v1/messages',
      'openrouter-anthropic': 'https://openrouter.ai/api/v1/messages',
    }
    for (const [name, url] of Object.entries(anthropic)) {
      assert.equal(urlOf(name, 'messages'), url)
      assert.equal(named(name).kind, 'anthropic')
    }
    assert.equal(urlOf('openrouter', 'responses'), 'https://openrouter.ai/api/v1/responses')
    assert.equal(urlOf('openai', 'moderations'), 'https://api.openai.com/v1/moderations')
    assert.deepEqual(
      presets.map(({ name }) => name).sort(),
      [...Object.keys(urls), ...Object.keys(anthropic)].sort(),
    )
  })

  test('show their key as each provider wants it', () => {
    const bearer = { header: 'authorization', prefix: 'Bearer ' }
    const own: Record<string, Definition['credential']> = {
      azure: { header: 'api-key', prefix: '' },
      'azure-classic': { header: 'api-key', prefix: '' },
      anthropic: { header: 'x-api-key', prefix: '' },
      'deepseek-anthropic': { header: 'x-api-key', prefix: '' },
      vllm: null,
      ollama: null,
      llamacpp: null,
    }
    for (const { name, definition } of presets)
      assert.deepEqual(definition.credential, name in own ? own[name] : bearer, name)
    assert.deepEqual(named('anthropic').headers, { 'anthropic-version': '2023-06-01' })
  })

  test('are private where they are on one’s own machines, and nowhere else', () => {
    for (const { name, definition } of presets)
      assert.equal(definition.private, ['vllm', 'ollama', 'llamacpp'].includes(name), name)
  })

  test('know how each provider says what was used', () => {
    assert.equal(named('mistral').usage, 'always')
    assert.ok(named('mistral').members.drop.includes('stream_options'))
    assert.equal(named('gemini').reasoning, 'sum')
    for (const { name, definition } of presets) {
      const isUnasked = name === 'mistral' || definition.kind === 'anthropic'
      assert.equal(definition.usage, isUnasked ? 'always' : 'asked', name)
    }
  })

  test('tell an abuser from the operator by a name that says nothing, where there is a member for it', () => {
    assert.deepEqual(named('openai').members.set, {
      safety_identifier: '{account}',
      prompt_cache_key: '{cache}',
    })
    // A body of Anthropic's messages goes out as it came.
    assert.deepEqual(named('anthropic').members.set, {})
  })
})

describe('somebody else’s list of providers', () => {
  const priced = presets.flatMap(({ name, definition }) => {
    if (definition.prices === null) return []
    const provider = findProvider({ providerId: definition.prices })
    assert.ok(provider, name)
    return [{ name, definition, provider }]
  })

  test('has the address and the name of each that is priced by it', () => {
    for (const { name, definition, provider } of priced) {
      assert.equal(provider.id, definition.prices)
      assert.match(definition.baseUrl, new RegExp(provider.api_pattern), name)
    }
    const unpriced = presets.filter(({ definition }) => definition.prices === null)
    assert.deepEqual(
      unpriced.map(({ name }) => name),
      ['dashscope', 'vllm', 'ollama', 'llamacpp'],
    )
  })

  test('has reasoning beside the output of the same ones', () => {
    const isBeside = ({ extractors = [] }: Provider) =>
      extractors.some(({ api_flavor, mappings }) => {
        const adds = ({ path, dest }: Mapping) =>
          dest === 'output_tokens' && [path].flat().includes('reasoning_tokens')
        return api_flavor === 'chat' && mappings.some(adds)
      })
    for (const { name, definition, provider } of priced)
      assert.equal(definition.reasoning === 'beside', isBeside(provider), name)
  })
})
