import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { run } from '../../app/db/db.server.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { callsOf } from '../calls.ts'
import { newCustomer } from '../customer.ts'
import { present } from '../present.ts'
import { randomFrom } from '../random.ts'
import { ask } from '../raw-client.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, type Site } from './site.ts'

/** `RUNS=20 npm test -- crowd-of-endpoints` takes minutes. */
const seeds = Number(process.env.RUNS ?? 2)
const callers = 200
const affordable = 50
/** Of a token of output: nothing else costs anything here, so that a hold is what its call costs. */
const nanosPerToken = 1_000

/** Each with its owner, by whom it is known where it is served. */
const models = { 'crowd-chat': 'tests', 'crowd-message': 'anthropic' }

type Asked = { path: string; body: Record<string, unknown>; last: string }

/** One call of any endpoint, which is held and costs exactly this many tokens. */
function anyCall(tokens: number, random: ReturnType<typeof randomFrom>): Asked {
  const say = `[[repeat:${tokens}]]`
  const messages = [{ role: 'user', content: say }]
  const stream = random.chance(0.5)
  const chat = { model: 'crowd-chat', stream }
  const calls: Asked[] = [
    { path: 'chat/completions', body: { ...chat, messages, max_tokens: tokens }, last: '[DONE]' },
    {
      path: 'responses',
      body: { ...chat, input: say, max_output_tokens: tokens },
      last: 'event: response.completed',
    },
    {
      path: 'messages',
      body: { model: 'crowd-message', stream, messages, max_tokens: tokens },
      last: 'event: message_stop',
    },
  ]
  const call = present(calls[random.whole(0, calls.length - 1)])
  return stream ? call : { ...call, last: '' }
}

const opened = new Opened()
let site: Site
let relays: RelayChild[]

before(async () => {
  site = await openSite(opened)
  const { pool, sql } = site.books
  for (const [name, ownedBy] of Object.entries(models)) {
    await run(pool, 'catalog/insert-model', {
      name,
      kind: 'chat' as const,
      contextTokens: 128_000,
      outputTokensMax: 16_384,
      reasoning: 0,
      vision: 0,
      ownedBy,
      retiresOn: null,
    })
    const prices = { input: 0, output: nanosPerToken * 1e6, cachedInput: null, cacheWrite: null }
    const tier = { upToInputTokens: null, ...prices }
    const terms = JSON.stringify({ tiers: [tier], multipliers: {}, serviceTiers: [] })
    const effectiveFrom = new Date('2001-01-01T00:00:00Z')
    await run(pool, 'catalog/insert-price', { model: name, effectiveFrom, terms, actor: 'tests' })
  }
  // A look from outside would miss what lasts for one commit; the database notes each write.
  await sql('create table lows (account_id bigint primary key, low bigint) engine=innodb')
  const low = 'new.plan_nanos - new.plan_held_nanos + new.balance_nanos - new.balance_held_nanos'
  await sql(
    `create trigger note_low after update on accounts for each row
     insert into lows values (new.id, ${low})
         on duplicate key update low = least(low, values(low))`,
  )
  const patient = { reserveWaitMsMax: 60_000 }
  relays = await Promise.all([site.startRelay(patient), site.startRelay(patient)])
})
after(() => opened.close())

async function expectExactlyTheAffordable(seed: number, servers: RelayChild[]) {
  const { books, upstream } = site
  const random = randomFrom(seed)
  const tokens = random.whole(16, 40)
  const each = tokens * nanosPerToken
  const planNanos = random.chance(0.3) ? 0 : random.whole(0, affordable * each)
  const spare = random.whole(0, each - 1)
  const balanceNanos = affordable * each - planNanos + spare
  const customer = await newCustomer(books.pool, { planNanos, balanceNanos })
  // The lock under which it was given is written too, with nothing there yet.
  await books.sql('delete from lows where account_id = ?', [customer.accountId])
  // Whose key it is, is known by then: what is tried is money, and not a first look into a table.
  for (const { url } of servers)
    await ask({ ...upstream, url, apiKey: customer.secret }, { rawBody: '{}' })
  const served = upstream.served().length
  const calls = Array.from({ length: callers }, () => anyCall(tokens, random))
  const ends = await Promise.all(
    calls.map(async ({ last, ...call }, i) => {
      const { url } = present(servers[i % servers.length])
      const answer = await ask({ ...upstream, url, apiKey: customer.secret }, call)
      if (answer.status !== 200) return answer.broken ?? `${answer.status}`
      const isWhole = answer.broken === undefined && answer.text.includes(last)
      return isWhole ? 'answered' : `${call.path} ended as ${answer.text.slice(-300)}`
    }),
  )
  const count = (end: string) => ends.filter((it) => it === end).length
  const others = [...new Set(ends)].filter((end) => end !== 'answered' && end !== '402')
  assert.deepEqual(
    [others, count('answered'), count('402'), upstream.served().length - served],
    [[], affordable, callers - affordable, affordable],
    `seed ${seed}: ${servers.map((relay) => relay.logged()).join('')}`,
  )
  await whenNothingIsHeld(books.sql)
  const [left] = await books.sql<{ rest: number; low: number }>(
    `select plan_nanos + balance_nanos as rest, low from accounts join lows on account_id = id
      where id = ?`,
    [customer.accountId],
  )
  assert.deepEqual([left?.rest, left?.low], [spare, spare], `seed ${seed}`)
  const charged = (await callsOf(books.sql, customer)).filter(({ cost }) => cost > 0)
  assert.deepEqual(
    charged.map(({ outcome, cost, hold, charges }) => [outcome, cost, hold, charges]),
    Array.from({ length: affordable }, () => ['completed', each, each, 1]),
  )
}

describe('two hundred calls of mixed endpoints at once, with money for fifty', () => {
  for (const count of [1, 2]) {
    const through = count === 1 ? 'one relay' : 'two relays on one database'
    test(`are fifty answers and 150 refusals through ${through}, ${seeds} times`, async () => {
      for (let seed = 0; seed < seeds; seed++)
        await expectExactlyTheAffordable(seed + 1_000 * count, relays.slice(0, count))
      await expectCleanBooks(site.books.pool)
    })
  }
})
