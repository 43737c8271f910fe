import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { present } from '../../../test/present.ts'

type Plan = {
  outcome: string
  counts: Record<string, number>
  to_serve: { model: string; their_name: string; is_new: boolean; on_sale: boolean }[]
  left_out: { their_name: string; why: string }[]
  error: { code: string; message: string }
}

describe('model import on the command line', () => {
  let books: TestBooks
  let server: Server
  let env: Record<string, string>
  /** What the upstream answers at /v1/models. */
  let answer: { status: number; body: string; location?: string }
  const asked: (string | undefined)[] = []
  const relay = (...args: string[]) => capturedCli(env, () => new Date())(...args)
  const imported = async (...args: string[]) => {
    const from = ['--from-upstream', 'acme']
    const { exitCode, out } = await relay('model', 'import', ...from, '--json', ...args)
    return { exitCode, ...(JSON.parse(out) as Plan) }
  }
  const models = () =>
    books.sql<{ name: string; context: number; longest: number; factor: number | null }>(
      `select name, context_tokens as context, output_tokens_max as longest, sale_factor as factor
         from models order by name`,
    )
  const served = () =>
    books.sql<{ model: string; theirs: string }>(
      'select model, their_name as theirs from upstream_models order by model',
    )
  const cost = (scope: string, model: string, terms: object, context: number | null = null) =>
    books.sql(
      `insert into cost_prices (scope, model, effective_from, terms, context_tokens, source, actor)
       values (?, ?, '2026-01-01', ?, ?, 'test', 'test')`,
      [scope, model, JSON.stringify(terms), context],
    )
  const termsOf = (input: number, output: number) => ({
    tiers: [{ upToInputTokens: null, input, cachedInput: null, cacheWrite: null, output }],
    basisPoints: {},
    serviceTiers: [],
  })
  const listing = (...data: unknown[]) => JSON.stringify({ object: 'list', data })

  before(async () => {
    books = await testBooks()
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      const { status, body, location } = answer
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(location && { location }),
      })
      response.end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    env = {
      DATABASE_URL: books.url,
      UPSTREAM_KEYS_SECRET: randomBytes(32).toString('base64'),
      ACME_KEY: 'sk-acme-0123456789abcdef',
    }
    const url = ['--url', `http://127.0.0.1:${port}/v1`, '--private']
    const given = ['--preset', 'groq', '--key-from', 'ACME_KEY', '--set', 'prices=acme']
    const added = await relay('upstream', 'add', 'acme', ...url, ...given)
    assert.equal(added.exitCode, 0, added.err)
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await books.close()
  })
  beforeEach(async () => {
    for (const table of ['cost_prices', 'models', 'upstream_models', 'prices'])
      await books.sql(`delete from ${table}`)
  })

  test('one whose price cannot be read is left out and named, and the others go on', async () => {
    for (const model of ['listed', 'own']) await cost('list:acme', model, termsOf(1, 2), 128_000)
    await cost('list:acme', 'unread', { tiers: 'of another time' }, 128_000)
    await cost('upstream:acme', 'own', { tiers: 'of another time' }, 128_000)
    answer = { status: 200, body: listing({ id: 'listed' }, { id: 'unread' }, { id: 'own' }) }
    const applied = await imported('--apply', '--sale-factor', '1.2')
    assert.deepEqual(applied.counts, { to_serve: 1, served_already: 0, left_out: 2 })
    assert.deepEqual(
      applied.left_out.map(({ their_name, why }) => `${their_name}: ${why}`),
      ['unread', 'own'].map((name) => `${name}: its price cannot be read by this version`),
    )
  })

  test('models with a known price are added and served, once, and the others are named', async () => {
    await cost('list:acme', 'listed', termsOf(1_000, 2_000), 128_000)
    await cost('list:acme', 'says-its-context', termsOf(1_000, 2_000))
    await cost('list:acme', 'says-nothing', termsOf(1_000, 2_000))
    await cost('list:acme', 'embeds', termsOf(1_000, 0), 8_000)
    await cost('list:other', 'unknown', termsOf(1_000, 2_000), 128_000)
    answer = {
      status: 200,
      body: listing(
        { id: 'listed', context_window: 5 },
        { id: 'says-its-context', context_window: 32_000, max_completion_tokens: 4_000 },
        { id: 'says-nothing' },
        { id: 'embeds' },
        { id: 'unknown' },
        { id: 'with a space', context_window: 5 },
        { name: 'no id' },
        'no object',
      ),
    }
    const plan = await imported()
    assert.deepEqual([plan.exitCode, plan.outcome, await models()], [4, 'planned', []])
    assert.match(present(asked.at(-1)), /^GET \/v1\/models Bearer sk-acme-0123456789abcdef$/)
    const applied = await imported('--apply', '--sale-factor', '1.2')
    assert.deepEqual(applied.counts, { to_serve: 2, served_already: 0, left_out: 4 })
    assert.ok(applied.to_serve.every((it) => it.is_new && it.on_sale))
    assert.deepEqual(
      applied.left_out.map(({ their_name, why }) => `${their_name}: ${why}`),
      [
        'says-nothing: nobody says how long its context is',
        'embeds: its answers cost nothing: it is no model for chat',
        'unknown: nobody here knows its price',
        'with a space: no model can have its name here',
      ],
    )
    assert.deepEqual(
      (await models()).map(({ name, context, longest, factor }) => [
        name,
        context,
        longest,
        factor,
      ]),
      [
        ['listed', 128_000, 128_000, 12_000],
        ['says-its-context', 32_000, 4_000, 12_000],
      ],
    )
    const again = await imported('--apply')
    assert.deepEqual(
      [again.exitCode, again.outcome, again.counts.served_already],
      [0, 'nothing', 2],
    )
    assert.equal((await served()).length, 2)
    const { out } = await relay('upstream', 'show', 'acme')
    assert.match(out, /listed/)
  })

  test('a model that is here already is served, and nothing of it is changed', async () => {
    const model = ['known', '--context', '1000', '--max-output', '100', '--input', '1']
    await relay('model', 'add', ...model, '--output', '2')
    await relay('model', 'add', 'unsold', '--context', '1000', '--max-output', '100')
    await cost('upstream:acme', 'unsold', termsOf(1_000, 2_000))
    answer = { status: 200, body: listing({ id: 'models/known' }, { id: 'unsold' }) }
    const plan = await imported('--apply', '--sale-factor', '2')
    assert.deepEqual(
      plan.to_serve.map(({ model: name, is_new, on_sale }) => [name, is_new, on_sale]),
      [
        ['known', false, true],
        ['unsold', false, false],
      ],
    )
    assert.deepEqual(
      (await models()).map(({ factor, context }) => [factor, context]),
      [
        [null, 1000],
        [null, 1000],
      ],
    )
    const { out } = await relay('model', 'import', '--from-upstream', 'acme')
    assert.match(out, /2 served already/)
  })

  test('what two do at once, one of them does, and nothing twice', async () => {
    await cost('list:acme', 'listed', termsOf(1_000, 2_000), 128_000)
    answer = { status: 200, body: listing({ id: 'listed' }) }
    const results = await Promise.all([imported('--apply'), imported('--apply')])
    assert.ok(results.some(({ outcome }) => outcome === 'written'))
    for (const { exitCode, error } of results)
      assert.ok(exitCode === 0 || error.code === 'upstream_moved')
    assert.deepEqual([(await models()).length, (await served()).length], [1, 1])
  })

  const failures: [name: string, answer: typeof answer, why: RegExp][] = [
    ['401', { status: 401, body: 'sk-acme-0123456789abcdef is wrong' }, /acme answers 401\./],
    ['a redirect', { status: 302, body: '', location: 'http://127.0.0.1:1/' }, /answers 302/],
    ['HTML', { status: 200, body: '<html>' }, /answers no list of models/],
    ['something else', { status: 200, body: '{"object": "list"}' }, /answers no list of models/],
    ['far too much', { status: 200, body: '[1,'.repeat(6_000_000) }, /more than a list of models/],
  ]
  for (const [name, bad, why] of failures) {
    test(`an upstream is told of that answers ${name}, in words of ours`, async () => {
      answer = bad
      const plan = await imported('--apply')
      assert.deepEqual([plan.exitCode, plan.error.code], [1, 'no_model_list'])
      assert.match(plan.error.message, why)
      assert.doesNotMatch(plan.error.message, /sk-acme/)
    })
  }

  test('wrong wishes are named', async () => {
    answer = { status: 200, body: listing({ id: 'somebodys' }) }
    const wrong: [args: string[], exitCode: number, words: RegExp][] = [
      [[], 2, /--from-upstream is missing/],
      [['--from-upstream', 'none'], 1, /There is no upstream none/],
      [['--from-upstream', 'acme', '--model', 'nobodys'], 1, /acme lists no nobodys\. Nothing/],
      [['--from-upstream', 'acme', '--sale-factor', '0'], 2, /sale-factor must be a factor/],
      [['--from-upstream', 'acme', '--sale-factor', '1.23456'], 2, /sale-factor must be/],
    ]
    for (const [args, exitCode, words] of wrong) {
      const result = await relay('model', 'import', ...args)
      assert.equal(result.exitCode, exitCode, args.join(' '))
      assert.match(result.err, words)
    }
  })
})
