import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import {
  createCatalog,
  readModels,
  readOwnCosts,
  seedCatalog,
  termsAt,
} from '../../catalog/catalog.server.ts'

let books: TestBooks
let relay: ReturnType<typeof capturedCli>
before(async () => {
  books = await testBooks()
  await seedCatalog(books.pool)
  relay = capturedCli({ DATABASE_URL: books.url })
})
after(() => books.close())

const basis = ['--input', '2', '--output', '8']
const add = (name: string, ...options: string[]) =>
  relay('price', 'add', name, ...basis, ...options)
const pricesOf = async (name: string, at: string) => {
  const model = (await readModels(books.pool)).find((it) => it.name === name)
  const [price] = model?.prices ?? []
  assert.ok(price?.terms)
  return termsAt(price.terms, new Date(at)).tiers
}

describe('relay price', () => {
  test('add takes every unit, for as many as people say its price', async () => {
    const options = (text: string) => text.split(' ').flatMap((unit) => ['--unit', unit])
    const units = [
      ...options('cache-write-1h=4 reasoning=16 input-audio=40 cached-audio=2.5 output-audio=80'),
      ...options('input-image=5 output-image=30 searches=10 requests=5 seconds=0.0001'),
      ...options('characters=15 images=0.04'),
    ]
    const { exitCode, err } = await add(
      'gpt-4o',
      '--cached',
      '0.5',
      '--cache-write',
      '2.5',
      ...units,
    )
    assert.equal(exitCode, 0, err)
    assert.deepEqual(await pricesOf('gpt-4o', '2026-11-26T00:00:00Z'), [
      {
        upToInputTokens: null,
        prices: {
          input: 2e9,
          cachedInput: 0.5e9,
          cacheWrite: 2.5e9,
          cacheWrite1h: 4e9,
          output: 8e9,
          reasoning: 16e9,
          inputAudio: 40e9,
          cachedInputAudio: 2.5e9,
          outputAudio: 80e9,
          inputImage: 5e9,
          outputImage: 30e9,
          searches: 10e12,
          requests: 5e12,
          seconds: 0.1e12,
          characters: 15e9,
          images: 40e12,
        },
      },
    ])
    const { out } = await relay('price', 'show', 'gpt-4o')
    assert.match(
      out,
      /sale +\S+ +in force +all +any +input 2.00, cached 0.50, .*searches 10.00 a thousand/,
    )
    assert.match(out, /seconds 0.0001 each, characters 15.00, images 0.04 each/)
    assert.match(out, /past +all +any +input 2.50/)
  })

  test('add says what it leaves out of the price before it, and adds it all the same', async () => {
    const left = await add('gpt-4.1-mini')
    assert.equal(left.exitCode, 0, left.err)
    assert.match(
      left.out,
      /^Warning: .* also has .*searches 10.00 a thousand, which this one leaves out/m,
    )
    const kept = await add('gpt-4.1-mini', '--from', '2030-01-01T00:00:00Z', '--unit', 'searches=9')
    assert.equal(kept.exitCode, 0, kept.err)
    assert.doesNotMatch(kept.out, /Warning/)
  })

  test('add takes hours before the plain price, each with its own tiers', async () => {
    const night =
      'mon-fri@22:00-02:00+sun@00:00-24:00/input=1,output=4,searches=1/1000:input=0.5,output=2'
    const noon = '11:00-13:00/input=9,output=9'
    const more = [
      '--hours',
      night,
      '--hours',
      noon,
      '--tier',
      '1000:1:7',
      '--tier',
      '9:input=1,output=1',
    ]
    const { exitCode, err, out } = await add('gpt-4.1', ...more)
    assert.equal(exitCode, 0, err)
    assert.match(out, /^mon-fri@22:00-02:00\+sun@00:00-24:00 +1000 +input 0.50, output 2.00$/m)
    assert.match(out, /^11:00-13:00 +any +input 9.00, output 9.00$/m)
    assert.match(out, /^all others +9 +input 1.00, output 1.00$/m)
    const inputAt = async (at: string) =>
      (await pricesOf('gpt-4.1', at)).map(({ prices }) => prices.input / 1e9)
    // A Saturday, which its Friday's night goes on into.
    assert.deepEqual(await inputAt('2026-11-28T01:59:59Z'), [0.5, 1])
    assert.deepEqual(await inputAt('2026-11-28T02:00:00Z'), [1, 1, 2])
    assert.deepEqual(await inputAt('2026-11-28T11:00:00Z'), [9])
    assert.deepEqual(await inputAt('2026-11-29T11:00:00Z'), [0.5, 1])
    const { out: listed } = await relay('price', 'list')
    assert.match(listed, /^gpt-4.1 +\d+ +11:00-13:00 +any +input 9.00, output 9.00/m)
    const { prices } = JSON.parse((await relay('price', 'show', 'gpt-4.1', '--json')).out)
    assert.equal(prices[0].times[0].hours, 'mon-fri@22:00-02:00+sun@00:00-24:00')
    assert.deepEqual(prices[0].times[0].tiers[1].prices.searches, {
      usd: '1.000000000',
      for: 1_000,
      nanos_a_million: 1e12,
    })
    assert.equal(prices[0].per_million_tokens.length, 3)
    assert.equal(prices[1].state, 'past')
  })

  test('add takes what an upstream charges, which the sale is not', async () => {
    const cost = ['--upstream', 'openai', '--hours', '01:00-04:00/input=1,output=1']
    const { exitCode, err, out } = await add('o3', ...cost)
    assert.equal(exitCode, 0, err)
    assert.match(out, /^o3 costs at openai from /)
    assert.equal((await pricesOf('o3', '2026-11-26T00:00:00Z'))[0]?.prices.output, 8e9)
    const { out: shown } = await relay('price', 'show', 'o3')
    assert.match(shown, /^ *\d+ +sale +2000-\S+ +in force +all +any/m)
    assert.match(shown, /^\d{13} +openai +\S+ +in force +01:00-04:00 +any +input 1.00/m)
    const dear = ['--service-tier', 'priority:2.5', '--from', '2030-01-01T00:00:00Z']
    await add('o3', '--upstream', 'openai', ...dear)
    await add('o3', '--upstream', 'openai', '--from', '2031-01-01T00:00:00Z')
    const prices = await readOwnCosts(books.pool, 'o3')
    assert.deepEqual(prices[0]?.terms?.basisPoints, { priority: 25_000 })
    assert.deepEqual(prices[0]?.terms?.serviceTiers, ['priority'])
    assert.deepEqual(prices[2]?.terms?.basisPoints, {})
    const none = await add('o3', '--upstream', 'nobody')
    assert.deepEqual([none.exitCode, none.err.trim()], [1, 'There is no upstream nobody.'])
  })

  test('end ends a price of its own, of the sale or of an upstream, and nothing before it', async () => {
    await relay('model', 'set', 'o4-mini', '--sale-factor', '1.2')
    const ended = await relay('price', 'end', 'o4-mini')
    assert.equal(ended.exitCode, 0, ended.err)
    assert.match(ended.out, /It is sold at 1.2 times what its upstream charges then/)
    const again = await relay('price', 'end', 'o4-mini')
    assert.deepEqual([again.exitCode, /no price of its own/.test(again.err)], [1, true])
    const { out: shown } = await relay('price', 'show', 'o4-mini')
    assert.match(shown, /sale +\S+ +ended /)
    assert.match(shown, /sale +2000-\S+ +past /)
    const none = await relay('price', 'end', 'o4-mini', '--upstream', 'openai')
    assert.match(none.err, /has no price of its own at openai/)

    const environment = [
      { name: 'openai', definition: { kind: 'openai', prices: 'openai' } },
    ] as const
    const offersNow = async () => {
      const catalog = await createCatalog(books.pool, environment)
      const offers = catalog.find('o4-mini', new Date())?.offers ?? []
      return offers.map(({ price, priceFactor }) => [
        price.terms.times[0]!.tiers[0]!.prices.output,
        priceFactor,
      ])
    }
    assert.deepEqual(await offersNow(), [])
    await add('o4-mini', '--upstream', 'openai')
    assert.deepEqual(await offersNow(), [[8e9, 12_000]])
    await relay('price', 'end', 'o4-mini', '--upstream', 'openai')
    assert.deepEqual(await offersNow(), [])
    await add('o4-mini')
    assert.deepEqual(await offersNow(), [[8e9, 10_000]])
  })

  const wrong: [string[], RegExp][] = [
    [['--unit', 'smells=1'], /there is no unit "smells"; there are input, cached/],
    [['--unit', 'searches=cheap'], /unit: "searches=cheap" must be NAME=USD/],
    [['--unit', 'searches=-1'], /must be NAME=USD/],
    [['--unit', 'searches=1', '--unit', 'searches=2'], /unit: a unit is priced twice/],
    [['--unit', 'input=1'], /unit: input is priced twice/],
    [['--unit', 'images=10'], /images .*9000000000000000/],
    [['--hours', '01:00-04:00'], /hours must be WINDOWS\/UNIT,UNIT/],
    [['--hours', 'noon/input=1,output=1'], /hours must be/],
    [['--hours', 'fri-mon@01:00-04:00/input=1,output=1'], /hours must be/],
    [['--hours', '25:00-26:00/input=1,output=1'], /hours 1: must be a time such as 08:30/],
    [['--hours', '08:00-08:00/input=1,output=1'], /hours 1: must not end when it begins/],
    [['--hours', '01:00-04:00/input=1'], /hours 1: output/],
    [['--hours', '01:00-04:00/input=1,output=1/5:1:1/5:2:2'], /hours 1: tiers must rise/],
    [['--tier', '5:searches=1'], /the price is not right: input/],
    [['--tier', '5'], /tier must be TOKENS/],
    [Array(10).fill(['--hours', '01:00-04:00/input=1,output=1']).flat(), /the price is not right/],
  ]
  for (const [options, complaint] of wrong) {
    test(`add refuses ${options.slice(0, 4).join(' ')} and changes nothing`, async () => {
      const { exitCode, err } = await add('gpt-4', ...options)
      assert.equal(exitCode, 2, err)
      assert.match(err, complaint)
      const rows = await books.sql(`select id from prices where model = 'gpt-4'`)
      assert.equal(rows.length, 1)
    })
  }
})
