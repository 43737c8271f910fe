import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import { termsAt } from '../catalog/catalog.server.ts'
import { readJson } from './json-text.ts'
import { readList } from './read-list.ts'

const read = (text: string) => readList(readJson(text), null)
const one = (text: string) => {
  const { listed, unread } = read(text)
  assert.deepEqual([listed.length, unread], [1, []])
  return present(listed[0])
}
const whyNot = (text: string) => {
  const { listed, unread } = read(text)
  assert.equal(listed.length, 0)
  return present(unread[0]).why
}
const tiersOf = (text: string) => present(one(text).prices[0]?.terms.times[0]).tiers
const genai = (prices: string, rest = '') =>
  `[{"id": "acme", "models": [{"id": "m", ${rest} "prices": ${prices}}]}]`
const litellm = (members: string, key = 'm') =>
  `{"sample_spec": {"input_cost_per_token": "text"},
    "${key}": {"litellm_provider": "openai", "mode": "chat", ${members}}}`
const modelsDev = (cost: string, rest = '') =>
  `{"acme": {"id": "acme", "models": {"m": {"id": "m", ${rest} "cost": ${cost}}}}}`

describe('genai-prices', () => {
  test('tiers begin behind the number they name, off by one on purpose too', () => {
    const tiers = tiersOf(
      genai(`{"input_mtok": {"base": 2.5, "tiers": [{"start": 271999, "price": 5}]},
              "output_mtok": {"base": 10, "tiers": [{"price": 20, "start": 300000}]}}`),
    )
    assert.deepEqual(tiers, [
      { upToInputTokens: 271_999, prices: { input: 2_500_000_000, output: 10_000_000_000 } },
      { upToInputTokens: 300_000, prices: { input: 5_000_000_000, output: 10_000_000_000 } },
      { upToInputTokens: null, prices: { input: 5_000_000_000, output: 20_000_000_000 } },
    ])
  })

  test('every unit has its own scale', () => {
    const [tier] = tiersOf(
      genai(`{"cache_read_mtok": 0.1, "cache_write_1h_mtok": 2, "audio_hours": 0.36,
              "web_searches_kcount": 10, "requests_kcount": 5, "input_mchars": 15}`),
    )
    assert.deepEqual(present(tier).prices, {
      input: 0,
      output: 0,
      cachedInput: 100_000_000,
      cacheWrite1h: 2_000_000_000,
      seconds: 100_000_000_000,
      searches: 10_000_000_000_000,
      requests: 5_000_000_000_000,
      characters: 15_000_000_000,
    })
  })

  test('dates are rows, and times of the day are windows in UTC, the last that holds first', () => {
    const { prices } = one(
      genai(`[{"prices": {"input_mtok": 1}},
        {"constraint": {"start_date": "2026-08-17"}, "prices": {"input_mtok": 2}},
        {"constraint": {"start_time": "09:00:00+08:00", "end_time": "12:00:00+08:00"},
         "prices": {"input_mtok": 4}},
        {"constraint": {"type": "time_of_date", "start_time": "23:00:00Z", "end_time": "00:30:00Z"},
         "prices": {"input_mtok": 4}}]`),
    )
    assert.deepEqual(
      prices.map(({ effectiveFrom }) => effectiveFrom?.toISOString() ?? null),
      [null, '2026-08-17T00:00:00.000Z'],
    )
    const at = (row: number, time: string) =>
      termsAt(present(prices[row]).terms, new Date(`2026-09-01T${time}Z`)).tiers[0]?.prices.input
    const inputs = [
      '00:59:59',
      '01:00:00',
      '03:59:59',
      '04:00:00',
      '23:30:00',
      '00:29:59',
      '00:30:00',
    ]
    assert.deepEqual(
      inputs.map((time) => [at(0, time), at(1, time)].map((it) => Number(it) / 1e9)),
      [
        [1, 2],
        [4, 4],
        [4, 4],
        [1, 2],
        [4, 4],
        [4, 4],
        [1, 2],
      ],
    )
  })

  test('names that mean the model one by one are its aliases, and rules are none', () => {
    const match = `"match": {"or": [{"equals": "m-1"}, {"starts_with": "m-"}, {"equals": "m"}]},`
    assert.deepEqual(one(genai('{"input_mtok": 1}', match)).aliases, ['m-1'])
  })

  test('a part is no loss at its whole’s price, and a reason to refuse at another', () => {
    const video = (price: number) => genai(`{"input_mtok": 1, "input_video_mtok": ${price}}`)
    assert.deepEqual(tiersOf(video(1))[0]?.prices, { input: 1_000_000_000, output: 0 })
    assert.match(whyNot(video(2)), /input_video_mtok has a price of its own/)
    const tiered = `{"base": 1, "tiers": [{"start": 10, "price": 2}]}`
    assert.match(
      whyNot(genai(`{"input_mtok": 1, "input_video_mtok": ${tiered}}`)),
      /input_video_mtok has a price of its own/,
    )
  })

  test('what no call can use is left out and said', () => {
    const { notes } = one(genai('{"input_mtok": 1, "storage_searches_kcount": 2.5}'))
    assert.deepEqual(notes, ['storage_searches_kcount is left out: no call can use it'])
  })

  const refused: [prices: string, why: RegExp][] = [
    ['{}', /it has no price/],
    ['[]', /it has no price/],
    ['{"input_mtok": true}', /input_mtok is no object/],
    ['{"input_mtok": {"base": 1}}', /neither a price nor tiers/],
    ['{"input_mtok": {"base": 1, "tiers": [{"start": 1.5, "price": 1}]}}', /no start or no price/],
    [
      '{"input_mtok": {"base": 1, "tiers": [{"start": 9, "price": 1}, {"start": 9, "price": 2}]}}',
      /begin at one number/,
    ],
    ['[{"constraint": {"start_date": "2026-02-30"}, "prices": {"input_mtok": 1}}]', /is no date/],
    [
      '[{"constraint": {"start_time": "01:00:30Z", "end_time": "02:00:00Z"}, "prices": {"input_mtok": 1}}]',
      /whole minutes/,
    ],
    [
      '[{"constraint": {"weekday": 1}, "prices": {"input_mtok": 1}}]',
      /condition that is not known/,
    ],
    ['{"audio_hours": 0.36, "input_audio_hours": 0.72}', /another price/],
  ]
  for (const [prices, why] of refused)
    test(`is not read: ${prices.slice(0, 60)}`, () => assert.match(whyNot(genai(prices)), why))
})

describe('LiteLLM', () => {
  test('dollars a token, with lengths, hours, sound and pictures', () => {
    const text = litellm(`"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05,
      "input_cost_per_token_above_272k_tokens": 5e-06, "cache_read_input_token_cost": 2.5e-07,
      "cache_creation_input_token_cost": 3.125e-06, "input_cost_per_token_batches": 1.25e-06,
      "cache_creation_input_token_cost_above_1hr": 5e-06, "input_cost_per_audio_token": 4e-05,
      "cache_creation_input_token_cost_above_1hr_above_272k_tokens": 1e-05,
      "output_cost_per_image": 0.04, "max_input_tokens": 400000, "max_output_tokens": 128000.0,
      "output_cost_per_pixel": 0.0, "supports_vision": true`)
    const { contextTokens, outputTokensMax } = one(text)
    assert.deepEqual([contextTokens, outputTokensMax], [400_000, 128_000])
    const short = {
      input: 2_500_000_000,
      output: 10_000_000_000,
      cachedInput: 250_000_000,
      cacheWrite: 3_125_000_000,
      cacheWrite1h: 5_000_000_000,
      inputAudio: 40_000_000_000,
      images: 40_000_000_000_000,
    }
    const long = { ...short, input: 5_000_000_000, cacheWrite1h: 10_000_000_000 }
    assert.deepEqual(tiersOf(text), [
      { upToInputTokens: 272_000, prices: short },
      { upToInputTokens: null, prices: long },
    ])
  })

  test('service tiers are factors of the plain price, or are left out', () => {
    const plain = `"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06`
    const terms = (text: string) => present(one(litellm(text)).prices[0]).terms
    const flex = `"input_cost_per_token_flex": 1e-06, "output_cost_per_token_flex": 4e-06`
    assert.deepEqual(terms(`${plain}, ${flex}`).basisPoints, { flex: 5_000 })
    const cached = `"cache_read_input_token_cost": 2e-07`
    assert.deepEqual(terms(`${plain}, ${flex}, ${cached}`).serviceTiers, [])
    const priority = `"input_cost_per_token_priority": 4e-06, "output_cost_per_token_priority": 1e-05`
    const { notes, prices } = one(litellm(`${plain}, ${priority}`))
    assert.deepEqual(present(prices[0]).terms.basisPoints, {})
    assert.match(notes.join(), /service tier priority is left out: it is no single factor/)
  })

  test('a search with one price is charged, and with several is no price of a call', () => {
    const sizes = (high: string) => `"input_cost_per_token": 1e-06, "search_context_cost_per_query":
      {"search_context_size_low": 0.03, "search_context_size_high": ${high}}`
    assert.equal(tiersOf(litellm(sizes('0.03')))[0]?.prices.searches, 30_000_000_000_000)
    assert.match(one(litellm(sizes('0.05'))).notes.join(), /searches have several prices/)
    assert.match(whyNot(litellm(sizes('0.05'), 'm-search-preview')), /a search has several prices/)
  })

  test('providers have the names that the other lists give them', () => {
    const entry = (provider: string, price = 1) =>
      `{"litellm_provider": "${provider}", "input_cost_per_token": ${price}e-06}`
    const { listed, unread } = read(`{"gemini/g": ${entry('gemini')}, "xai/x": ${entry('xai')},
      "azure/a/b": ${entry('azure')}, "bedrock/c": ${entry('bedrock')}, "c": ${entry('bedrock', 2)}}`)
    assert.deepEqual(
      listed.map(({ provider, model }) => `${provider} ${model}`),
      ['google g', 'x-ai x', 'azure a/b'],
    )
    assert.match(present(unread[0]).why, /twice, with two prices/)
  })

  const refused: [members: string, why: RegExp][] = [
    ['"input_cost_per_token": 1e-06, "ocr_cost_per_page": 0.001', /charged by ocr_cost_per_page/],
    ['"input_cost_per_token": "1e-06"', /input_cost_per_token is no number/],
    ['"input_cost_per_token": 1.5e-16', /whole nano-dollars/],
    ['"input_cost_per_token": null, "mode": "embedding"', /has "mode" twice/],
    ['"input_cost_per_token": null', /it has no price/],
    ['"input_cost_per_token_above_200k_tokens": 1e-06', /and none below/],
    ['"input_cost_per_token": 1e-06, "off_peak_pricing": {"hours_utc": "1-2"}', /off_peak_pricing/],
    ['"input_cost_per_second": 0.1, "output_cost_per_second": 0.2', /two prices of the same/],
    ['"input_cost_per_token": 1e-06, "citation_cost_per_token": 2e-06', /citation_cost_per_token/],
  ]
  for (const [members, why] of refused)
    test(`is not read: ${members.slice(0, 70)}`, () => assert.match(whyNot(litellm(members)), why))
})

describe('models.dev', () => {
  test('tiers by context go before the older word for 200,000', () => {
    const tiers = tiersOf(
      modelsDev(
        `{"input": 5, "output": 30, "cache_read": 0.5, "context_over_200k": {"input": 7, "output": 7},
          "tiers": [{"input": 10, "output": 45, "tier": {"type": "context", "size": 272000}}]}`,
      ),
    )
    assert.deepEqual(tiers, [
      {
        upToInputTokens: 272_000,
        prices: { input: 5_000_000_000, output: 30_000_000_000, cachedInput: 500_000_000 },
      },
      {
        upToInputTokens: null,
        prices: { input: 10_000_000_000, output: 45_000_000_000, cachedInput: 500_000_000 },
      },
    ])
    const older = tiersOf(modelsDev('{"input": 1, "context_over_200k": {"input": 2}}'))
    assert.deepEqual(
      older.map(({ upToInputTokens, prices }) => [upToInputTokens, prices.input]),
      [
        [200_000, 1_000_000_000],
        [null, 2_000_000_000],
      ],
    )
  })

  test('limits are read, and a limit of nothing is not known', () => {
    const limits = (text: string) => {
      const { contextTokens, outputTokensMax } = one(modelsDev('{"input": 1}', `"limit": ${text},`))
      return [contextTokens, outputTokensMax]
    }
    assert.deepEqual(limits('{"context": 128000, "output": 0}'), [128_000, null])
    assert.deepEqual(limits('{"context": "many"}'), [null, null])
  })

  const refused: [cost: string, why: RegExp][] = [
    ['null', /it has no price/],
    ['{"input": 1, "per_song": 2}', /charged by per_song/],
    ['{"input": 1, "tiers": [{"input": 2, "tier": {"type": "hour", "size": 1}}]}', /of a kind/],
    ['{"input": 1, "tiers": {}}', /no list/],
    ['{"input": -1}', /negative/],
  ]
  for (const [cost, why] of refused)
    test(`is not read: ${cost}`, () => assert.match(whyNot(modelsDev(cost)), why))
})
