import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../../test/database.ts'
import { startTestPages, startTestSite, type TestPages } from '../../../test/pages.ts'
import { present } from '../../../test/present.ts'
import { openSql, type Sql } from '../../../test/sql.ts'
import { findOrSignUp, startSession } from '../../auth/auth.server.ts'
import { createKey } from '../../keys/keys.server.ts'

const slashed = 'maker/a-model'
const timesOf = (input: number) => [
  {
    when: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
    tiers: [{ upToInputTokens: null, prices: { input: 9e9, output: 18e9 } }],
  },
  {
    when: null,
    tiers: [
      { upToInputTokens: 1_000, prices: { input, output: 6e9, searches: 10_000_000e9 / 1e3 } },
      { upToInputTokens: null, prices: { input: input * 2, output: 12e9 } },
    ],
  },
]

let database: Awaited<ReturnType<typeof migratedDatabase>>
let pages: TestPages
let books: { sql: Sql; end(): Promise<unknown> }
let cookie = ''
const routes = {
  models: () => import('./route.tsx'),
  'models/*': () => import('../models_.$/route.tsx'),
  'models.json': () => import('../models[.]json.ts'),
}

before(async () => {
  database = await migratedDatabase()
  books = openSql(database.url)
  const { sql } = books
  const stores = { databaseUrl: database.url, redisUrl: testRedisUrl() }
  pages = await startTestPages({ ...stores, routes })
  const { db, catalog } = pages.services
  await sql(
    `insert into models (name, kind, context_tokens, output_tokens_max, reasoning, vision, owned_by)
     values (?, 'chat', 8000, 1000, 0, 1, 'maker')`,
    [slashed],
  )
  const terms = { times: timesOf(3e9), basisPoints: { flex: 5_000 }, serviceTiers: ['flex'] }
  await sql('insert into prices (model, effective_from, terms, actor) values (?, ?, ?, ?)', [
    slashed,
    '2026-01-01',
    JSON.stringify(terms),
    'test',
  ])
  await sql('insert into model_aliases (alias, model) values (?, ?)', ['maker/latest', slashed])
  await catalog.refresh()
  const who = { provider: 'github', providerUserId: '1', name: 'Reader', email: null } as const
  const { accountId, userId } = await findOrSignUp(db, who)
  cookie = present((await startSession(pages.services, userId, null)).split(';')[0])
  await createKey(db, accountId, { name: 'for one model', models: [slashed] }, userId)
  await createKey(db, accountId, { name: 'for another', models: ['gpt-4o'] }, userId)
  await sql('update accounts set factor = 5000, own_factor = 5000 where id = ?', [accountId])
})
after(async () => {
  await pages.stop()
  await books.end()
  await database.drop()
})

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(pages.url + path, { headers, redirect: 'manual' })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
/** As it is read, without what is written around it. */
const wordsIn = (html: string) =>
  html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

type Unit = { usd: string; per: number }
type Doc = {
  data: {
    id: string
    aliases: string[]
    endpoints: string[]
    prices: { times: { hours: string | null; tiers: { units: Record<string, Unit> }[] }[] }[]
  }[]
}

describe('models and prices', () => {
  test('are there for anybody, with every unit, tier and hour', async () => {
    const list = await get('/models?q=MAKER')
    assert.equal(list.status, 200)
    assert.match(list.text, /href="\/models\/maker\/a-model"/)
    const words = wordsIn((await get(`/models/${slashed}`)).text)
    for (const text of [
      'At mon-fri@08:00-18:00 UTC',
      'Calls of up to 1,000 input tokens',
      '$3.00 a million',
      '$10.00 a thousand',
      'flex times 0.5',
      '/v1/chat/completions',
      'maker/latest',
      'In force since 2026-01-01 UTC',
    ])
      assert.ok(words.includes(text), `${text} in ${words}`)
    // Since when a published list's first price holds nobody knows.
    assert.doesNotMatch((await get('/models/gpt-4o')).text, /In force since|2000-01-01/)
    assert.ok(!words.includes('Works with these keys'))
    assert.match(wordsIn((await get('/models/maker/latest')).text), /is another name of it/)
    assert.equal((await get('/models/none/such')).status, 404)
    assert.match(wordsIn((await get('/models?q=nobody+makes+it')).text), /No model is called like/)
  })

  test('are at what the account pays, and with the keys that may call them, when signed in', async () => {
    const words = wordsIn((await get(`/models/${slashed}`, { cookie })).text)
    assert.ok(words.includes('$1.50 a million'), words)
    assert.match(words, /Works with these keys for one model/)
    assert.ok(!words.includes('for another'))
    assert.match(wordsIn((await get('/models?q=maker', { cookie })).text), /1 of your 2 keys may/)
  })

  test('are the same as JSON', async () => {
    const anybody = await get('/models.json?q=maker')
    const { data } = JSON.parse(anybody.text) as Doc
    assert.deepEqual([data.length, data[0]!.id, data[0]!.aliases], [1, slashed, ['maker/latest']])
    const [rush, usual] = data[0]!.prices[0]!.times
    assert.equal(rush!.hours, 'mon-fri@08:00-18:00')
    assert.deepEqual(usual!.tiers[0]!.units, {
      input: { usd: '3.00', per: 1_000_000 },
      output: { usd: '6.00', per: 1_000_000 },
      searches: { usd: '10.00', per: 1_000 },
    })
    assert.match(anybody.headers.get('cache-control')!, /^public/)
    const own = await get(`/models.json?model=maker%2Flatest`, { cookie })
    assert.equal(own.headers.get('cache-control'), 'no-store')
    assert.equal(
      (JSON.parse(own.text) as Doc).data[0]!.prices[0]!.times[1]!.tiers[0]!.units.input!.usd,
      '1.50',
    )
    assert.equal((await get('/models.json?model=none')).status, 404)
    assert.ok((JSON.parse((await get('/models.json')).text) as Doc).data.length > 20)
  })
})

test('what comes to /models with a key is a program that forgot /v1, and is told so', async () => {
  const stores = { databaseUrl: database.url, redisUrl: testRedisUrl() }
  const site = await startTestSite({ ...stores, routes, env: { APP_URL: 'https://relay.example' } })
  const asked = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${site.port}/models`, { headers })
  try {
    for (const [name, value] of [
      ['authorization', 'Bearer sk-x'],
      ['x-api-key', 'sk-x'],
    ] as const) {
      const answer = await asked({ [name]: value })
      assert.equal(answer.status, 404)
      assert.match(await answer.text(), /The right one is https:\/\/relay\.example\/v1\/models/)
    }
    const page = await asked({ authorization: 'Basic cGVyc29u' })
    assert.deepEqual(
      [page.status, page.headers.get('content-type')],
      [200, 'text/html; charset=utf-8'],
    )
  } finally {
    await site.stop()
  }
})
