import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import { readEnv } from '../config/env.ts'
import { checkDefinition } from './definition.ts'
import { environmentUpstreams } from './environment.ts'

const upstreamsOf = (variables: Record<string, string>) =>
  environmentUpstreams(
    readEnv({
      NODE_ENV: 'test',
      RELAY_MODE: 'local',
      DATABASE_URL: 'mysql://relay@db/relay',
      REDIS_URL: 'redis://cache',
      SESSION_SECRET: 'a secret that is for tests alone, and long',
      ...variables,
    }),
  )
const key = { ANTHROPIC_API_KEY: 'sk-ant' }

describe('the environment’s upstreams', () => {
  test('are as many as it has keys for, each of its own dialect', () => {
    const named = (variables: Record<string, string>) =>
      upstreamsOf(variables).map(({ name, definition: { kind } }) => [name, kind])
    const openai = { OPENAI_API_KEY: 'sk-openai' }
    assert.deepEqual(named(openai), [['openai', 'openai']])
    assert.deepEqual(named(key), [['anthropic', 'anthropic']])
    const both = { ...openai, ...key }
    assert.deepEqual(named(both), [
      ['openai', 'openai'],
      ['anthropic', 'anthropic'],
    ])
    // What a demo has answered is in no book under the name of a provider.
    assert.deepEqual(named({ ...both, UPSTREAM_IS_DEMO: '1' }), [
      ['demo', 'openai'],
      ['demo-anthropic', 'anthropic'],
    ])
  })

  test('of Anthropic’s dialect are where its own programs would find them', () => {
    const at = (ANTHROPIC_BASE_URL?: string) => {
      const [own] = upstreamsOf({ ...key, ...(ANTHROPIC_BASE_URL && { ANTHROPIC_BASE_URL }) })
      const { baseUrl, paths, prices } = present(own).definition
      return [`${baseUrl}${paths.messages}`, prices]
    }
    assert.deepEqual(at(), ['https://api.anthropic.com/v1/messages', 'anthropic'])
    assert.deepEqual(at('https://api.anthropic.com/v1/'), [
      'https://api.anthropic.com/v1/messages',
      'anthropic',
    ])
    assert.deepEqual(at('https://api.deepseek.com/anthropic'), [
      'https://api.deepseek.com/anthropic/v1/messages',
      null,
    ])
  })

  test('are definitions that could stand in the database, at every endpoint of their dialect', () => {
    const both = upstreamsOf({ OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1', ...key })
    for (const { name, definition } of both) {
      const checked = checkDefinition(definition)
      assert.deepEqual('problems' in checked ? checked.problems : [], [], name)
    }
    const [openai, anthropic] = both.map(({ definition }) => Object.keys(definition.paths).sort())
    assert.deepEqual(openai, [
      'chat/completions',
      'completions',
      'embeddings',
      'moderations',
      'responses',
      'responses/compact',
      'responses/input_tokens',
    ])
    assert.deepEqual(anthropic, ['messages', 'messages/count_tokens'])
    // A body of Anthropic's messages goes out as it came.
    assert.deepEqual(present(both[1]).definition.members, {
      allow: [],
      drop: [],
      rename: {},
      set: {},
    })
  })
})
