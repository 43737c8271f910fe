import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { environmentUpstreams } from '../environment.ts'
import { pseudonymised, usualPseudonyms } from './pseudonymised.ts'
import { Pseudonyms } from './pseudonyms.ts'
import { readPresets } from '../presets.ts'

const names = new Pseudonyms({ SESSION_SECRET: 'a secret of a test that is long enough' }, 10)

test('two accounts that say the same are not the same to an upstream', () => {
  for (const name of usualPseudonyms) {
    assert.equal(names.ofSaid(1, name, 'me'), names.ofSaid(1, name, 'me'))
    assert.notEqual(names.ofSaid(1, name, 'me'), names.ofSaid(2, name, 'me'))
    assert.match(names.ofSaid(1, name, 'me'), /^[0-9a-f]{32}$/)
  }
  assert.equal(names.ofSaid(1, 'prompt_cache_key', 'k'), names.ofCache(1, 'k'))
})

describe('what tells customers apart goes out as an HMAC', () => {
  test('to every hosted provider, and to one’s own machines where it is said', () => {
    for (const { name, definition } of readPresets()) {
      // A message goes out byte for byte.
      const isWhole = definition.private || definition.kind === 'anthropic'
      assert.deepEqual(pseudonymised(definition), isWhole ? [] : usualPseudonyms, name)
      const members = { ...definition.members, pseudonymise: ['user'] }
      assert.deepEqual(pseudonymised({ ...definition, members }), ['user'])
    }
  })

  test('to the environment’s upstream where it is on the internet', () => {
    const of = (OPENAI_BASE_URL: string) => {
      const [own] = environmentUpstreams({
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL,
        OPENAI_ALLOW_MEMBERS: new Set<string>(),
        OPENAI_READ_ON_SECONDS: 0,
        ANTHROPIC_BASE_URL: 'https://api.anthropic.com',
        UPSTREAM_IS_DEMO: false,
      })
      return own && pseudonymised(own.definition)
    }
    for (const host of ['https://api.openai.com/v1', 'http://llm.example.com/v1'])
      assert.deepEqual(of(host), usualPseudonyms, host)
    for (const host of ['http://127.0.0.1:9/v1', 'http://10.1.2.3/v1', 'http://vllm:8000/v1'])
      assert.deepEqual(of(host), [], host)
  })
})
