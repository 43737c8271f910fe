import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { waitForUpdate } from '@pydantic/genai-prices'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { present } from '../../../test/present.ts'

const start = Date.parse('2026-11-22T12:00:00Z')

/** A list of one provider, as genai-prices publishes them. */
const listOf = (models: Record<string, unknown>, provider = 'acme') => [
  {
    id: provider,
    models: Object.entries(models).map(([id, about]) => ({
      id,
      match: { equals: id },
      ...(about as object),
    })),
  },
]
const plain = (input: unknown, output: unknown = 10) => ({
  context_window: 100_000,
  prices: { input_mtok: input, output_mtok: output },
})

/** What of the document is looked at. */
type PlanDocument = {
  outcome: string
  counts: Record<string, number>
  changed: { differences: unknown[] }[]
  held_back: { held_back_because: string[] }[]
  gone: { model: string }[]
  unreadable: { model: string; why: string; since: string | null }[]
  not_held_back: string[]
  error: { message: string }
}

const inputOf = (terms: string) =>
  (JSON.parse(terms) as { tiers: [{ input: number }] }).tiers[0].input

describe('price import on the command line', () => {
  let books: TestBooks
  let folder: string
  let now = start
  let relay: ReturnType<typeof capturedCli>
  before(async () => {
    books = await testBooks()
    folder = mkdtempSync(join(tmpdir(), 'price-list-'))
    relay = capturedCli({ DATABASE_URL: books.url }, () => new Date(now))
  })
  after(async () => {
    rmSync(folder, { recursive: true })
    await books.close()
  })
  beforeEach(async () => {
    now = start
    await books.sql('delete from cost_prices')
    await books.sql('delete from spent_once')
  })

  const fileWith = (content: unknown) => {
    const path = join(folder, 'list.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const imported = async (content: unknown, ...args: string[]) => {
    const from = fileWith(content)
    const { exitCode, out, err } = await relay('price', 'import', '--from', from, '--json', ...args)
    return { exitCode, err, ...(JSON.parse(out) as PlanDocument) }
  }
  const rows = () =>
    books.sql<{
      scope: string
      model: string
      since: Date
      terms: string
      source: string
      actor: string
    }>(
      `select scope, model, effective_from as since, terms, source, actor
         from cost_prices order by scope, model, effective_from`,
    )

  test('the package whole: planned in seconds, applied once, and then there is nothing to do', async () => {
    const plan = await relay('price', 'import')
    assert.equal(plan.exitCode, 4, plan.err)
    assert.match(plan.out, /^@pydantic\/genai-prices \d+\.\d+\.\d+, read as genai-prices\nsha256:/)
    assert.match(plan.out, /Nothing was written; --apply writes what is new and changed\.\n$/)
    assert.ok(plan.out.split('\n').length < 200, 'a plan of thousands is bounded')
    assert.equal((await rows()).length, 0)
    const applied = await relay('price', 'import', '--apply')
    assert.equal(applied.exitCode, 0, applied.err)
    assert.match(applied.out, /Written\./)
    const written = await rows()
    assert.ok(written.length > 2_000)
    assert.match(present(written[0]).source, /^@pydantic\/genai-prices \S+ sha256:[0-9a-f]{32}$/)
    assert.match(present(written[0]).actor, /^cli:/)
    now += 1_000
    const again = await relay('price', 'import', '--apply')
    assert.deepEqual([again.exitCode, again.err], [0, ''])
    assert.match(
      again.out,
      /0 new, 0 changed, 0 held back, 0 gone, \d+ unreadable, \d+ as they were/,
    )
    assert.match(again.out, /There is nothing to write\./)
    assert.equal((await rows()).length, written.length)
    const [noted] = await books.sql<{ times: number }>(
      `select count(*) as times from admin_log where action = 'price import'`,
    )
    assert.equal(present(noted).times, 1)
    const providers = present(await waitForUpdate())
    const planted = JSON.stringify(providers, (name, value: unknown) =>
      name === 'input_mtok' && value === 2.5 ? 25.01 : value,
    )
    const wild = await imported(planted, '--provider', 'openai', '--apply')
    assert.deepEqual([wild.counts.new, wild.counts.changed, wild.exitCode], [0, 0, 5])
    assert.ok(present(wild.counts.held_back) > 0)
    assert.equal((await rows()).length, written.length)
  })

  test('a price that is kept and cannot be read is named, and the others go on', async () => {
    await imported(listOf({ a: plain(2.5), b: plain(1), gone: plain(1) }), '--apply')
    await books.sql(
      `update cost_prices set terms = '{"tiers":"of another time"}' where model in ('a', 'gone')`,
    )
    now += 60_000
    const plan = await imported(listOf({ a: plain(3), b: plain(2) }), '--apply')
    const why = 'a price that is kept of it cannot be read by this version'
    const unreadable = ['a', 'gone'].map((model) => ({ provider: 'acme', model, why, since: null }))
    assert.deepEqual([plan.counts.changed, plan.counts.gone, plan.unreadable], [1, 0, unreadable])
    assert.equal((await rows()).filter(({ model }) => model === 'a').length, 1)
  })

  test('a change is a new row from now on, and the row before it stands', async () => {
    await imported(listOf({ a: plain(2.5), b: plain(1) }), '--apply')
    now += 60_000
    const next = listOf({ a: plain(3), b: plain(1) })
    const plan = await imported(next)
    assert.equal(plan.exitCode, 4)
    assert.deepEqual(plan.counts, {
      new: 0,
      changed: 1,
      held_back: 0,
      gone: 0,
      unreadable: 0,
      left_out: 0,
      as_they_were: 1,
    })
    const input = { what: 'input', unit: 'nano-dollars per million', percent: '+20.0 %' }
    assert.deepEqual(present(plan.changed[0]).differences, [
      { ...input, old: 2_500_000_000, new: 3_000_000_000 },
    ])
    assert.equal((await imported(next, '--apply')).exitCode, 0)
    const written = (await rows()).filter(({ model }) => model === 'a')
    assert.deepEqual(
      written.map(({ since }) => since.toISOString()),
      ['2000-01-01T00:00:00.000Z', '2026-11-22T12:01:00.000Z'],
    )
    assert.equal((await imported(next, '--apply')).exitCode, 0)
    assert.equal((await rows()).length, 3)
  })

  const held: [name: string, was: unknown, is: unknown, why: RegExp][] = [
    ['more than ten-fold up', plain(1), plain(10.01), /input changes more than 10-fold/],
    ['more than ten-fold down', plain(1, 10), plain(1, 0.99), /output changes more than 10-fold/],
    ['to zero', plain(1), plain(0), /input goes to zero/],
    ['from zero', plain(0), plain(1), /input goes from zero/],
    [
      'a tier that vanishes',
      plain({ base: 1, tiers: [{ start: 200_000, price: 2 }] }),
      plain(1),
      /the tier up to 200000 is gone/,
    ],
    ['a context that shrinks', plain(1), { ...plain(1), context_window: 9 }, /context shrinks/],
    [
      'a unit that is no longer priced',
      { prices: { input_mtok: 1, web_searches_kcount: 10 } },
      { prices: { input_mtok: 1 } },
      /searches goes to zero/,
    ],
  ]
  for (const [name, was, is, why] of held) {
    test(`is held back until it is named: ${name}`, async () => {
      await imported(listOf({ a: was, b: plain(5) }), '--apply')
      now += 60_000
      const next = listOf({ a: is, b: plain(6) })
      const plan = await imported(next, '--apply')
      assert.equal(plan.exitCode, 5)
      assert.match(present(plan.held_back[0]).held_back_because.join('; '), why)
      assert.deepEqual(
        (await rows()).map(({ model }) => model),
        ['a', 'b', 'b'],
      )
      const other = await imported(next, '--apply', '--accept', 'acme/b')
      assert.deepEqual([other.exitCode, other.not_held_back], [5, ['acme/b']])
      assert.equal((await imported(next, '--apply', '--accept', 'acme/a')).exitCode, 0)
      assert.equal((await rows()).length, 4)
      assert.equal((await imported(next, '--apply')).exitCode, 0)
      assert.equal((await rows()).length, 4)
    })
  }

  test('ten-fold itself is let through, and what is gone or unreadable keeps its price', async () => {
    await imported(listOf({ a: plain(1), b: plain(1), c: plain(1) }), '--apply')
    now += 60_000
    const next = listOf({ a: plain(10), c: { prices: { input_furlongs: 1 } } })
    const plan = await imported(next, '--apply')
    assert.equal(plan.exitCode, 0)
    assert.deepEqual(
      [plan.gone[0]?.model, plan.unreadable[0]?.model, plan.unreadable[0]?.since],
      ['b', 'c', '2000-01-01T00:00:00.000Z'],
    )
    assert.match(present(plan.unreadable[0]).why, /nothing here is charged by input_furlongs/)
    assert.equal((await rows()).length, 4)
  })

  test('what costs nothing is not sold unless somebody says so, with a reason', async () => {
    const list = listOf({ a: plain(0, 0), b: plain(1) })
    const plan = await imported(list, '--apply')
    assert.deepEqual([plan.exitCode, plan.counts.held_back], [0, 1])
    assert.equal((await imported(list, '--apply', '--accept-all', 'a gift')).exitCode, 0)
    const noted = await books.sql<{ detail: string }>(
      `select detail from admin_log where action = 'price import' order by id desc limit 1`,
    )
    assert.match(present(noted[0]).detail, /a gift/)
  })

  test('a price that is announced begins on its day, and one that is taken back never begins', async () => {
    const announced = (price: number | null) =>
      listOf({
        a: {
          prices: [
            { prices: { input_mtok: 1 } },
            ...(price === null
              ? []
              : [{ constraint: { start_date: '2027-01-01' }, prices: { input_mtok: price } }]),
          ],
        },
      })
    const inputs = async () =>
      (await rows()).map(({ since, terms }) => [
        since.toISOString().slice(0, 23),
        inputOf(terms) / 1e9,
      ])
    await imported(announced(2), '--apply')
    assert.deepEqual(await inputs(), [
      ['2000-01-01T00:00:00.000', 1],
      ['2027-01-01T00:00:00.000', 2],
    ])
    now += 60_000
    await imported(announced(3), '--apply')
    assert.deepEqual((await inputs()).at(-1), ['2027-01-01T00:00:00.001', 3])
    assert.equal((await imported(announced(3), '--apply')).outcome, 'nothing')
    now += 60_000
    await imported(announced(null), '--apply')
    assert.deepEqual((await inputs()).at(-1), ['2027-01-01T00:00:00.002', 1])
    assert.equal((await imported(announced(null), '--apply')).outcome, 'nothing')
    assert.equal((await rows()).length, 4)
  })

  test('of two that apply at once one writes, and the other is told', async () => {
    const from = fileWith(listOf({ a: plain(1) }))
    const apply = () => relay('price', 'import', '--from', from, '--apply')
    const results = await Promise.all([apply(), apply(), apply()])
    assert.equal((await rows()).length, 1)
    const codes = results.map(({ exitCode }) => exitCode).sort()
    assert.ok(codes.includes(0))
    for (const { exitCode, err, out } of results)
      assert.match(
        exitCode === 1 ? err : out,
        /Somebody else has added prices|Written|nothing to write/,
      )
  })

  const refusedLists: [name: string, content: string, why: RegExp][] = [
    ['forty megabytes', `[${'"x",'.repeat(8_000_000)}1]`, /longer than 16 MiB/],
    ['no JSON', '[{"id": "acme", }]', /no JSON: line 1, column 17/],
    ['half of a list', '[{"id": "acme"', /no JSON: line 1, column 15/],
    ['nested beyond all sense', '['.repeat(100_000), /nested more than 32 deep/],
    ['values beyond all sense', `[${'[],'.repeat(700_000)}1]`, /more than 600000 values/],
    [
      'something else',
      '{"hello": "world"}',
      /no list of the form genai-prices, litellm, models-dev/,
    ],
    ['nothing', '', /no JSON: line 1, column 1: the text ends too early/],
  ]
  for (const [name, content, why] of refusedLists) {
    test(`a list is refused whole that is ${name}`, async () => {
      const refusal = await imported(content)
      assert.equal(refusal.exitCode, 1)
      assert.match(refusal.error.message, why)
    })
  }

  test('what is wrong with one model is said of it alone', async () => {
    const nasty = `[{"id": "acme", "models": [
      {"id": "nan", "prices": {"input_mtok": NaN}},
      {"id": "endless", "prices": {"input_mtok": 1e400}},
      {"id": "tiny", "prices": {"input_mtok": 1e-400}},
      {"id": "negative", "prices": {"input_mtok": -1}},
      {"id": "twice", "prices": {"input_mtok": 1, "input_mtok": 2}},
      {"id": "text", "prices": {"input_mtok": "1.5"}},
      {"id": "fine-grained", "prices": {"input_mtok": 0.0000000001}},
      {"id": "long", "prices": {"input_mtok": 1.${'0'.repeat(100_000)}1}},
      {"id": "dear", "prices": {"input_mtok": 1000001}},
      {"id": "list", "prices": ["input_mtok"]},
      {"id": 7, "prices": {"input_mtok": 1}},
      {"id": "two\\u0000", "prices": {"input_mtok": 1}},
      null,
      {"id": "good", "prices": {"input_mtok": 0.075, "output_mtok": 3e-1}}
    ]}]`
    const plan = await imported(nasty, '--apply')
    assert.equal(plan.exitCode, 0)
    const [only, ...others] = await rows()
    assert.deepEqual([present(only).model, others.length], ['good', 0])
    assert.equal(inputOf(present(only).terms), 75_000_000)
    const why = Object.fromEntries(plan.unreadable.map((it) => [it.model, it.why])) as Record<
      string,
      string
    >
    assert.equal(plan.counts.unreadable, 13)
    assert.match(present(why.nan), /NaN is no number of dollars/)
    assert.match(present(why.endless), /1e400 is beyond all prices/)
    assert.match(present(why.negative), /-1 is negative/)
    assert.match(present(why.twice), /has "input_mtok" twice/)
    assert.match(present(why['fine-grained']), /does not come out in whole nano-dollars/)
    assert.match(present(why.dear), /more than a price can be/)
  })

  test('wrong wishes are named', async () => {
    const from = fileWith(listOf({ a: plain(1) }))
    const wrong: [args: string[], exitCode: number, words: RegExp][] = [
      [['--from', 'http://example.com/list.json'], 2, /https:\/\/ address/],
      [['--from', from, '--accept', 'a'], 2, /accept must be PROVIDER\/MODEL/],
      [['--from', from, '--form', 'xml'], 2, /genai-prices or litellm or models-dev/],
      [['--from', from, '--form', 'litellm'], 1, /no list of the form litellm/],
      [['--from', from, '--provider', 'acne'], 1, /has no provider acne, but acme/],
      [['--from', from, '--model', 'nobodys'], 1, /has no model nobodys/],
      [['--from', join(folder, 'none.json')], 1, /cannot be read \(ENOENT\)/],
      [['--from', folder], 1, /cannot be read \(EISDIR\)/],
    ]
    for (const [args, exitCode, words] of wrong) {
      const result = await relay('price', 'import', ...args)
      assert.equal(result.exitCode, exitCode, args.join(' '))
      assert.match(result.err, words)
    }
    const two = ['--from', from, '--provider', 'acme', '--provider', 'acne']
    const { exitCode, out } = await relay('price', 'import', ...two)
    assert.equal(exitCode, 4, 'the other one is compared all the same')
    assert.match(out, /^it has no provider acne, but acme\.$/m)
    const place = ['--preset', 'vllm', '--url', 'http://127.0.0.1:8009/v1', '--set', 'prices=acne']
    await relay('upstream', 'add', 'misspelt', ...place)
    const doubt =
      /^misspelt is said to charge by the list acne, which it does not have, but acme\.$/m
    assert.match((await relay('price', 'import', '--from', from)).out, doubt)
    await relay('upstream', 'remove', 'misspelt')
  })

  test('a provider and a model narrow what is looked at, and the rest is not gone for that', async () => {
    const list = [...listOf({ a: plain(1), b: plain(1) }), ...listOf({ a: plain(2) }, 'other')]
    await imported(list, '--apply', '--provider', 'acme', '--model', 'a')
    assert.deepEqual(
      (await rows()).map(({ scope, model }) => `${scope} ${model}`),
      ['list:acme a'],
    )
    const other = await imported(list, '--provider', 'other')
    assert.deepEqual([other.counts.new, other.counts.gone], [1, 0])
  })
})
