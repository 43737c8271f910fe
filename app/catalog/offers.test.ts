import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { createCatalog, type Catalog } from './catalog.ts'
import { insertModel } from './change.ts'

const now = new Date('2026-11-26T12:00:00Z')
const past = new Date('2026-01-01T00:00:00Z')
const environment = [{ name: 'openai', definition: { kind: 'openai', prices: 'openai' } }] as const
/** A row in the form in which it has always been, at so many nano-dollars a million of either. */
const flat = (nanos: number) =>
  JSON.stringify({
    tiers: [
      { upToInputTokens: null, input: nanos, cachedInput: null, cacheWrite: null, output: nanos },
    ],
    basisPoints: {},
    serviceTiers: [],
  })

let books: TestBooks
before(async () => {
  books = await testBooks()
})
after(() => books.close())

async function clear() {
  for (const table of ['models', 'prices', 'cost_prices', 'upstreams', 'upstream_models'])
    await books.sql(`delete from ${table}`)
}
async function add(name: string, saleFactor: number | null = null) {
  const model = {
    name,
    kind: 'chat' as const,
    contextTokens: 1_000,
    outputTokensMax: 100,
    reasoning: 0,
    vision: 0,
    ownedBy: 'test',
    retiresOn: null,
  }
  await insertModel(books.pool, model)
  await books.sql('update models set sale_factor = ? where name = ?', [saleFactor, name])
}
const sale = (model: string, nanos: number, from = past) =>
  books.sql('insert into prices (model, effective_from, terms, actor) values (?)', [
    [model, from, flat(nanos), 'test'],
  ])
const cost = (scope: string, model: string, terms: string, from = past) =>
  books.sql(
    'insert into cost_prices (scope, model, effective_from, terms, source, actor) values (?)',
    [[scope, model, from, terms, 'test', 'test']],
  )
const upstream = (name: string, prices: string | null, priority = 0) =>
  books.sql('insert into upstreams (name, definition, priority) values (?)', [
    [name, JSON.stringify({ kind: 'openai', prices }), priority],
  ])
const serve = (name: string, model: string, theirName = model) =>
  books.sql('insert into upstream_models (upstream, model, their_name) values (?)', [
    [name, model, theirName],
  ])

const open = () => createCatalog(books.pool, environment)

/** What a model is offered at: who, what it is called there, at what and what it costs. */
function offersOf(catalog: Catalog, name: string, at = now) {
  const model = catalog.find(name, at)
  return model?.offers.map(({ upstream: who, theirName, terms, priceFactor, cost: paid }) => {
    const nanos = present(terms.tiers[0]).prices.input
    const costs = paid && present(present(paid.terms.times[0]).tiers[0]).prices.input
    return [who, theirName, nanos, priceFactor, costs]
  })
}

describe('what a model is offered at', () => {
  beforeEach(clear)

  test('is its own price, and else its cost times its factor', async () => {
    await add('own', 12_000)
    await sale('own', 50)
    await add('factored', 12_000)
    await add('unsold')
    for (const model of ['own', 'factored', 'unsold']) await cost('list:openai', model, flat(30))
    const catalog = await open()
    assert.deepEqual(offersOf(catalog, 'own'), [['openai', 'own', 50, 10_000, 30]])
    assert.deepEqual(offersOf(catalog, 'factored'), [['openai', 'factored', 30, 12_000, 30]])
    assert.equal(catalog.find('unsold', now), undefined)
    assert.deepEqual(
      catalog.list(now).map(({ name }) => name),
      ['factored', 'own'],
    )
  })

  test('costs what the upstream’s own row says, else the list’s, by the name each has', async () => {
    await add('m', 10_000)
    await upstream('azure', 'azure')
    await upstream('other', 'openai')
    await upstream('unknown', null)
    await serve('azure', 'm', 'my-deployment')
    await serve('other', 'm', 'their-m')
    await serve('unknown', 'm')
    await cost('upstream:azure', 'm', flat(11))
    await cost('list:azure', 'my-deployment', flat(12))
    await cost('list:openai', 'their-m', flat(13))
    await cost('list:openai', 'm', flat(14))
    const catalog = await open()
    assert.deepEqual(offersOf(catalog, 'm'), [
      ['azure', 'my-deployment', 11, 10_000, 11],
      ['other', 'their-m', 13, 10_000, 13],
    ])
    assert.equal(present(catalog.find('m', now)).price, catalog.find('m', now)?.offers[0]?.price)
  })

  test('changes with the rows in force, to the moment, and with the hour', async () => {
    await add('m', 20_000)
    await cost('list:openai', 'm', flat(1))
    await cost('list:openai', 'm', flat(2), new Date('2026-11-26T12:00:30.500Z'))
    const tiersOf = (nanos: number) => [
      { upToInputTokens: null, prices: { input: nanos, output: nanos } },
    ]
    const windowed = {
      times: [
        { when: [{ from: '16:30', to: '04:00' }], tiers: tiersOf(3) },
        { when: null, tiers: tiersOf(4) },
      ],
      basisPoints: {},
      serviceTiers: [],
    }
    await cost('list:openai', 'm', JSON.stringify(windowed), new Date('2026-11-27T00:00:00Z'))
    const catalog = await open()
    const at = (text: string) => offersOf(catalog, 'm', new Date(text))?.[0]?.[2]
    assert.deepEqual(
      [
        '2026-11-26T12:00:30.499Z',
        '2026-11-26T12:00:30.500Z',
        '2026-11-26T12:00:00.000Z',
        '2026-11-27T03:59:59.999Z',
        '2026-11-27T04:00:00.000Z',
        '2026-11-27T16:29:59.999Z',
        '2026-11-27T16:30:00.000Z',
        '2026-11-26T23:59:59.999Z',
      ].map(at),
      [1, 2, 1, 3, 4, 4, 3, 2],
    )
    // What it was found with is kept, not made for every call.
    assert.equal(catalog.find('m', now), catalog.find('m', new Date(now.getTime() + 30_000)))
  })

  test('is known without a sale’s own row where that is yet to come', async () => {
    await add('m', 15_000)
    await cost('list:openai', 'm', flat(10))
    await sale('m', 70, new Date('2026-12-01T00:00:00Z'))
    const catalog = await open()
    assert.deepEqual(offersOf(catalog, 'm'), [['openai', 'm', 10, 15_000, 10]])
    const december = new Date('2026-12-01T00:00:00Z')
    assert.deepEqual(offersOf(catalog, 'm', december), [['openai', 'm', 70, 10_000, 10]])
  })
})

describe('who serves a model', () => {
  beforeEach(async () => {
    await clear()
    for (const model of ['a', 'b', 'c']) {
      await add(model)
      await sale(model, 5)
    }
  })
  const who = (catalog: Catalog, name: string) => offersOf(catalog, name)?.map(([it]) => it)

  test('is the environment’s upstream, but for what others name and it does not', async () => {
    await upstream('second', null)
    await serve('second', 'b')
    await serve('second', 'c', 'see')
    await serve('openai', 'c', 'their-c')
    // An upstream that is not there names nothing.
    await serve('gone', 'a')
    const catalog = await open()
    assert.deepEqual(who(catalog, 'a'), ['openai'])
    assert.deepEqual(who(catalog, 'b'), ['second'])
    assert.deepEqual(offersOf(catalog, 'c'), [
      ['second', 'see', 5, 10_000, null],
      ['openai', 'their-c', 5, 10_000, null],
    ])
  })

  test('is nobody where there is none: then it is not on sale', async () => {
    await upstream('second', null)
    await serve('second', 'b')
    const catalog = await createCatalog(books.pool, [])
    assert.deepEqual([who(catalog, 'a'), who(catalog, 'b')], [undefined, ['second']])
    assert.deepEqual(
      catalog.list(now).map(({ name }) => name),
      ['b'],
    )
  })

  test('is told by priority, and a row of the environment’s name takes its place', async () => {
    await upstream('low', null, -5)
    await upstream('openai', 'mistral', 1)
    await upstream('high', null, 9)
    for (const name of ['low', 'high', 'openai']) await serve(name, 'b')
    await cost('list:mistral', 'a', flat(2))
    const catalog = await open()
    assert.deepEqual(who(catalog, 'b'), ['high', 'openai', 'low'])
    // And goes on serving what nobody names.
    assert.deepEqual(offersOf(catalog, 'a'), [['openai', 'a', 5, 10_000, 2]])
  })

  test('is known after a refresh, and never by a definition that cannot be read', async () => {
    const catalog = await open()
    await books.sql("insert into upstreams (name, definition) values ('odd', 'no JSON')")
    await serve('odd', 'a')
    assert.deepEqual(who(catalog, 'a'), ['openai'])
    await catalog.refresh()
    assert.deepEqual(offersOf(catalog, 'a'), [['odd', 'a', 5, 10_000, null]])
    await books.sql('delete from upstreams')
    await catalog.refresh()
    assert.deepEqual(who(catalog, 'a'), ['openai'])
  })

  test('is nothing by a row that cannot be read, nor by an older one, and all else stands', async () => {
    for (const model of ['sold', 'later', 'factored', 'listed']) await add(model, 10_000)
    await add('well')
    await sale('well', 5)
    await upstream('a', 'openai')
    for (const model of ['sold', 'later', 'factored', 'listed', 'well']) await serve('a', model)
    const unread = JSON.stringify({ tiers: 'of another time' })
    const unreadSale = (model: string, from: Date) =>
      books.sql('insert into prices (model, effective_from, terms, actor) values (?)', [
        [model, from, unread, 'test'],
      ])
    await sale('sold', 7, past)
    await cost('list:openai', 'sold', flat(3))
    await unreadSale('sold', new Date(past.getTime() + 1_000))
    await sale('later', 8, past)
    await unreadSale('later', new Date(now.getTime() + 60_000))
    // Its own row goes before the list's, also where nobody can read it.
    await cost('list:openai', 'factored', flat(3))
    await cost('upstream:a', 'factored', flat(2), past)
    await cost('upstream:a', 'factored', unread, new Date(past.getTime() + 1_000))
    await cost('list:openai', 'listed', unread)
    await cost('list:openai', 'well', unread)
    const said: unknown[] = []
    const catalog = await createCatalog(books.pool, environment, (row) => said.push(row))
    for (const model of ['sold', 'factored', 'listed'])
      assert.equal(catalog.find(model, now), undefined, model)
    assert.deepEqual(offersOf(catalog, 'well'), [['a', 'well', 5, 10_000, null]])
    assert.deepEqual(offersOf(catalog, 'later'), [['a', 'later', 8, 10_000, null]])
    assert.equal(catalog.find('later', new Date(now.getTime() + 60_000)), undefined)
    assert.equal(said.length, 5)
    // Said once while it stays as it is, and sold again once a newer row can be read.
    await sale('sold', 9, new Date(past.getTime() + 2_000))
    await catalog.refresh()
    assert.equal(said.length, 5)
    assert.deepEqual(offersOf(catalog, 'sold'), [['a', 'sold', 9, 10_000, 3]])
  })
})
