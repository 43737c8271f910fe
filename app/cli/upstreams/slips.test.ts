import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { testRedisUrl } from '../../../test/database.ts'

const gpu = 'http://127.0.0.1:8009/v1'
const add = (name: string, preset: string, url: string) => [
  'upstream',
  'add',
  name,
  '--preset',
  preset,
  '--url',
  url,
]

describe('upstreams on the command line, where something is likely a slip', () => {
  let books: TestBooks
  const cli = (more: Record<string, string> = {}) =>
    capturedCli({ DATABASE_URL: books.url, REDIS_URL: testRedisUrl(), ...more })
  const relay = (...args: string[]) => cli()(...args)
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
  const told = async (...args: string[]) => {
    const { exitCode, out, err } = await relay(...args)
    assert.equal(exitCode, 1, out)
    return err
  }

  before(async () => {
    books = await testBooks()
    const url = 'https://eu.openai.azure.com/openai/v1'
    const { exitCode, err } = await relay(...add('azure-eu', 'azure', url))
    assert.equal(exitCode, 0, err)
  })
  after(() => books.close())

  test('a setting that no definition has is told with the one that was likely meant', async () => {
    const set = (...settings: string[]) => told('upstream', 'set', 'azure-eu', ...settings)
    const slips = [
      ['basUrl=https://x.example', /there is no basUrl \(did you mean baseUrl\?/],
      ['timeouts.idelMs=1', /there is no timeouts.idelMs \(did you mean timeouts.idleMs\?/],
      ['timeout.idleMs=60000', /there is no timeout \(did you mean timeouts\?/],
      ['firstEventMs=60000', /there is no firstEventMs \(did you mean timeouts.firstEventMs\?/],
      ['members.drops=[]', /there is no members.drops \(did you mean members.drop\?/],
      ['members.colour=1', /no members.colour \(there are members.allow, members.drop, /],
      ['wholly.other=1', /there is no wholly \(there are kind, baseUrl, /],
    ] as const
    for (const [setting, words] of slips) assert.match(await set('--set', setting), words)
    const unset = await relay('upstream', 'set', 'azure-eu', '--unset', 'members.dorp')
    assert.deepEqual([unset.exitCode, unset.out], [2, ''])
    assert.match(unset.err, /there is no members.dorp \(did you mean members.drop\?/)
  })

  test('a list of prices that nobody knows is doubted, and refused nowhere', async () => {
    const set = async (list: string) => {
      const { exitCode, out, err } = await relay('upstream', 'set', 'azure-eu', '--set', list)
      assert.equal(exitCode, 0, err)
      return out
    }
    assert.match(
      await set('prices=opnai'),
      /no.* list of prices called opnai: did you mean openai\?/,
    )
    assert.match(await set('prices=wholly-other'), /called wholly-other: presets name .*openai/)
    assert.doesNotMatch(await set('prices=openai'), /called/)
    const row = `insert into cost_prices (scope, model, effective_from, terms, source, actor)
      values ('list:house', 'm', utc_timestamp(3), '{}', 'test', 'test')`
    await books.sql(row)
    assert.doesNotMatch(await set('prices=house'), /called/)
    await books.sql(`delete from cost_prices where scope = 'list:house'`)
    assert.match(
      (await relay(...add('doubted', 'vllm', gpu), '--set', 'prices=opnai')).out,
      /did you mean openai\?/,
    )
    await relay('upstream', 'remove', 'doubted')
    await set('prices=azure')
  })

  test('the list has the upstream of the environment too, and says whose it is', async () => {
    const key = { OPENAI_API_KEY: 'sk-of-the-environment-1234' }
    const listed = async (more: Record<string, string>) => {
      const text = await cli(more)('upstream', 'list')
      assert.equal(`${text.out}${text.err}`.includes('1234'), false)
      return text.out
    }
    assert.match(await listed({}), /The environment of this command names no upstream/)
    const named = await listed(key)
    assert.match(named, /^openai +openai +on .* all others +closed +https:\/\/api.openai.com\/v1$/m)
    assert.match(named, /openai is of the environment \(OPENAI_API_KEY, OPENAI_BASE_URL\)/)
    const own = { OPENAI_BASE_URL: 'http://gpu:11434/v1?api_key=x1234' }
    assert.match(await listed(own), / http:\/\/gpu:11434\/v1$/m)
    const { environment } = JSON.parse((await cli(own)('upstream', 'list', '--json')).out)
    assert.deepEqual(environment, [
      { name: 'openai', kind: 'openai', base_url: 'http://gpu:11434/v1' },
    ])
    assert.deepEqual((await json('upstream', 'list')).environment, [])
    const both = await listed({ ...key, ANTHROPIC_API_KEY: 'sk-ant-1234' })
    assert.match(both, /^anthropic +anthropic +on .* https:\/\/api.anthropic.com$/m)
    await relay(...add('openai', 'vllm', gpu))
    assert.match(await listed(key), /is not called: openai takes its place/)
    await relay('upstream', 'remove', 'openai')
  })
})
