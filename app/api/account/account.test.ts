import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { callOf, hold, settle } from '../../../test/books.ts'
import { newKey, type Customer } from '../../../test/customer.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { findOrSignUp } from '../../auth/auth.server.ts'
import { createKey } from '../../keys/keys.server.ts'
import { addMember, setMember } from '../../teams/teams.server.ts'
import { clockMs } from '../../values/clock.ts'
import { addDays, dayOf } from '../../values/days.ts'
import { formatUsd } from '../../values/money.ts'
import { dayIn } from '../../values/zones/zone-days.ts'

let stage: Stage
before(async () => (stage = await startStage()))
after(() => stage.stop())

type Body = Record<string, unknown> & { error?: { code: string | null; param: string | null } }

async function get(path: string, { secret }: Pick<Customer, 'secret'>) {
  const headers = { authorization: `Bearer ${secret}` }
  const answer = await fetch(`${stage.relay.url}${path}`, { headers })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body }
}

const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] }
async function call(customer: Customer) {
  const { status, headers } = await stage.ask({ customer, path: 'chat/completions', body })
  assert.equal(status, 200)
  return String(headers['x-request-id'])
}

/** Somebody in the customer's account, with a key of their own. */
async function member(customer: Customer, role: 'member' | 'admin') {
  const { db } = stage.relay.services
  const { accountId } = customer
  const name = `person-${role}-${accountId}`
  const who = { provider: 'github', providerUserId: name, name, email: null } as const
  const { userId } = await findOrSignUp(db, who)
  const by = { userId: null, actor: 'test' } as const
  await addMember(db, { accountId, userId, role, capNanos: 5e9, by })
  const key = await createKey(db, accountId, { name: 'theirs' }, userId)
  return { accountId, userId, keyId: key!.id, secret: key!.secret }
}

describe('what a key is told of its account', () => {
  test('the receipt of a call is its charge, line by line', async () => {
    const customer = await stage.newCustomer()
    const id = await call(customer)
    const [row] = await stage.callsOf(customer)
    const { status, headers, body: receipt } = await get(`/calls/${id}`, customer)
    assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store'])
    assert.equal(receipt.id, id)
    assert.deepEqual(
      [receipt.model, receipt.status, receipt.outcome, receipt.error_code],
      ['gpt-4o-mini', 200, 'completed', null],
    )
    assert.equal(receipt.cost_usd, formatUsd(row!.cost))
    assert.equal(receipt.charged_usd, formatUsd(row!.cost))
    assert.equal(receipt.held_usd, formatUsd(row!.hold))
    assert.equal((receipt.usage as Body).input_tokens, row!.input)
    const { items } = receipt.price as { items: { unit: string; count: number }[] }
    assert.equal(items[0]!.unit, 'input')
    const [entry] = receipt.ledger_entries as Body[]
    assert.equal(entry!.balance_after_usd, formatUsd(1_000_000_000_000 - row!.cost))
    // What the operator pays, and by which key, is nobody else's.
    assert.doesNotMatch(JSON.stringify(receipt), /upstream_key|upstreamNanos|priceFactor/)
    for (const no of ['nonsense', '00000000-0000-7000-8000-000000000000', `${id}/x`]) {
      const { status, body } = await get(`/calls/${no}`, customer)
      assert.deepEqual([status, body.error?.param], [404, 'id'])
    }
    const stranger = await stage.newCustomer()
    assert.equal((await get(`/calls/${id}`, stranger)).status, 404)
  })

  test('its money, its own facts and budgets are in dollars with nine decimals', async () => {
    const customer = await stage.newCustomer({ planNanos: 2e9, balanceNanos: 3e9 })
    await call(customer)
    const [row] = await stage.callsOf(customer)
    const { body: credits } = await get('/credits', customer)
    const left = formatUsd(5e9 - row!.cost)
    assert.deepEqual(
      [credits.available_usd, credits.held_usd, credits.open_calls],
      [left, '0.000000000', 0],
    )
    const { body: plain } = await get('/key', customer)
    assert.deepEqual(
      [plain.id, plain.status, plain.left_usd, plain.budgets, plain.limits],
      [customer.keyId, 'active', null, [], []],
    )
    assert.equal(plain.spent_usd, formatUsd(row!.cost))
    const budgeted = await newKey(stage.relay.services.db, customer.accountId, {
      budgetNanos: 1e9,
      period: 'day',
      periodBudgetNanos: 2e8,
      models: ['gpt-4o-mini'],
    })
    await call(budgeted)
    const [, own] = await stage.callsOf(customer)
    const { body: key } = await get('/key', budgeted)
    assert.deepEqual(key.models, ['gpt-4o-mini'])
    assert.equal(key.left_usd, formatUsd(2e8 - own!.cost))
    const budgets = key.budgets as { period: string | null; renews_at: string | null }[]
    assert.deepEqual(
      budgets.map(({ period }) => period),
      [null, 'day'],
    )
    assert.match(budgets[1]!.renews_at!, /T00:00:00.000Z$/)
    await stage.expectCleanBooks()
  })

  test('what calls under way hold is left to a key in no answer', async () => {
    const { db, ledger } = stage.relay.services
    const { accountId } = await stage.newCustomer({ balanceNanos: 3e9 })
    const budgeted = await newKey(db, accountId, { budgetNanos: 1e9 })
    const open = callOf(budgeted)
    await hold(ledger, open, 200_000_000)
    const { body: key } = await get('/key', budgeted)
    const { body: grants } = await get('/dashboard/billing/credit_grants', budgeted)
    const { body: plan } = await get('/dashboard/billing/subscription', budgeted)
    assert.equal(key.left_usd, '0.800000000')
    assert.deepEqual([grants.total_available, plan.hard_limit_usd], [0.8, 0.8])
    await settle(ledger, open, 50_000_000)
    const { body: after } = await get('/dashboard/billing/credit_grants', budgeted)
    assert.deepEqual(
      [after.total_available, after.total_used, after.total_granted],
      [0.95, 0.05, 1],
    )
  })

  test('a call that was refused for money says what it needed and what there was', async () => {
    const poor = await stage.newCustomer({ balanceNanos: 9 })
    const rich = await stage.newCustomer()
    const budgeted = await newKey(stage.relay.services.db, rich.accountId, { budgetNanos: 3 })
    for (const [customer, left] of [
      [poor, '0.000000009'],
      [budgeted, '0.000000003'],
    ] as const) {
      const { status, headers, text } = await stage.ask({
        customer,
        path: 'chat/completions',
        body,
      })
      assert.equal(status, 402)
      const { body: receipt } = await get(`/calls/${headers['x-request-id']}`, customer)
      const { error } = JSON.parse(text) as { error: { needed_usd: string } }
      assert.deepEqual([receipt.outcome, receipt.needed_usd], ['refused', error.needed_usd])
      assert.equal(receipt.left_usd, left)
    }
    const { body: receipt } = await get(`/calls/${await call(rich)}`, rich)
    assert.deepEqual([receipt.needed_usd, receipt.left_usd], [null, null])
  })

  test('limits on its calls are those that hold for it', async () => {
    const { accountId, keyId, ...customer } = await stage.newCustomer()
    await stage.sql(
      `insert into rate_limits (scope, subject, requests, tokens, calls, burst_seconds, version)
       values ('key', ?, 60, null, 3, null, 1), ('account', ?, null, 9000, null, null, 1)`,
      [String(keyId), String(accountId)],
    )
    await stage.relay.services.rates.rules.refresh()
    const { body: key } = await get('/key', customer)
    assert.deepEqual(key.limits, [
      { of: 'key', requests_per_minute: 60, tokens_per_minute: null, calls_at_once: 3 },
      { of: 'account', requests_per_minute: null, tokens_per_minute: 9000, calls_at_once: null },
    ])
  })
})

describe('usage by day', () => {
  test('has every day of the range, and sums that are those of the calls', async () => {
    const customer = await stage.newCustomer()
    await call(customer)
    await call(customer)
    const rows = await stage.callsOf(customer)
    const cost = formatUsd(rows.reduce((sum, row) => sum + row.cost, 0))
    const { body: usage } = await get('/usage', customer)
    const days = usage.days as { day: string; calls: number }[]
    const today = dayOf(clockMs())
    assert.deepEqual([usage.from, usage.to], [addDays(today, -29), today])
    assert.deepEqual([days.length, days.at(-1)!.day, days.at(-1)!.calls], [30, today, 2])
    const total = usage.total as Body
    assert.deepEqual([total.calls, total.cost_usd], [2, cost])
    const [model] = usage.models as Body[]
    assert.deepEqual([model!.model, model!.cost_usd], ['gpt-4o-mini', cost])
    const { body: none } = await get('/usage?status=4xx', customer)
    assert.equal((none.total as Body).calls, 0)
    const { body: one } = await get(`/usage?from=${today}&to=${today}&model=gpt-4o-mini`, customer)
    assert.equal((one.days as Body[]).length, 1)
  })

  test('days are those of the zone that is asked for', async () => {
    const customer = await stage.newCustomer()
    await call(customer)
    // Of these two no moment has the same day.
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const today = dayIn(zone, clockMs())
      const asked = async (from: string, to: string) => {
        const path = `/usage?time_zone=${encodeURIComponent(zone)}&from=${from}&to=${to}`
        const { body } = await get(path, customer)
        assert.equal(body.time_zone, zone)
        const days = body.days as { day: string; calls: number }[]
        return days.map(({ day, calls }) => [day, calls])
      }
      const [before, next] = [addDays(today, -1), addDays(today, 1)]
      assert.deepEqual(await asked(before, next), [
        [before, 0],
        [today, 1],
        [next, 0],
      ])
      const { body } = await get(`/usage?time_zone=${encodeURIComponent(zone)}`, customer)
      assert.equal(body.to, today)
    }
    const { body } = await get('/usage?time_zone=', customer)
    assert.deepEqual([body.time_zone, body.to], ['UTC', dayOf(clockMs())])
  })

  test('a range that is too long, and what is no filter, is refused by name', async () => {
    for (const [query, param] of [
      ['from=2026-01-01&to=2027-01-02', 'from'],
      ['from=2090-01-01', 'from'],
      ['from=2026-02-30', 'from'],
      ['from=2026-02-02&to=2026-02-01', 'to'],
      ['status=600', 'status'],
      ['group=x', 'group'],
      ['page=2', 'page'],
      ['after=x', 'after'],
      ['model=a&model=b', 'model'],
      ['time_zone=Mars/Phobos', 'time_zone'],
      ['time_zone=UTC&time_zone=Asia/Shanghai', 'time_zone'],
    ]) {
      const { status, body } = await get(`/usage?${query}`, stage.customer)
      assert.deepEqual([status, body.error?.param], [400, param], query)
    }
    const { status } = await get('/usage?from=2026-01-01&to=2027-01-01', stage.customer)
    assert.equal(status, 200)
  })
})

describe('what a key may see', () => {
  test('one with a budget sees itself alone, and a member’s the calls of that member', async () => {
    const owner = await stage.newCustomer()
    const handedOn = await newKey(stage.relay.services.db, owner.accountId, { budgetNanos: 1e9 })
    const [theirs, admin] = [await member(owner, 'member'), await member(owner, 'admin')]
    const calls = {
      owner: await call(owner),
      handedOn: await call(handedOn),
      theirs: await call(theirs),
    }
    const may: [who: Customer, money: number, sees: (keyof typeof calls)[]][] = [
      [owner, 200, ['owner', 'handedOn', 'theirs']],
      [admin, 200, ['owner', 'handedOn', 'theirs']],
      [handedOn, 403, ['handedOn']],
      [theirs, 403, ['theirs']],
    ]
    for (const [who, money, sees] of may) {
      assert.equal((await get('/credits', who)).status, money)
      for (const [name, id] of Object.entries(calls)) {
        const isSeen = sees.some((it) => it === name)
        const { status, body } = await get(`/calls/${id}`, who)
        assert.equal(status, isSeen ? 200 : 404, name)
        if (isSeen) assert.equal((body.ledger_entries as unknown[]).length, money === 200 ? 1 : 0)
      }
      const { body: usage } = await get('/usage', who)
      assert.equal((usage.total as Body).calls, sees.length)
    }
    assert.equal((await get(`/usage?key=${owner.keyId}`, handedOn)).status, 403)
    assert.equal((await get(`/usage?key=${handedOn.keyId}`, handedOn)).status, 200)
    const { body: key } = await get('/key', theirs)
    assert.deepEqual((key.budgets as Body[])[0]!.of, 'member')
  })

  test('the endpoints of old tell a key no more than these do', async () => {
    const owner = await stage.newCustomer({ balanceNanos: 2e9 })
    const { db } = stage.relay.services
    const theirs = await member(owner, 'member')
    const { userId } = theirs
    const fields = { name: 'handed on', budgetNanos: 4e9 }
    const made = await createKey(db, owner.accountId, fields, userId)
    const handedOn = { ...theirs, keyId: made!.id, secret: made!.secret }
    for (const who of [owner, owner, theirs, handedOn]) await call(who)
    const costs = new Map<number, number>()
    for (const { key_id, cost } of await stage.sql<{ key_id: number; cost: number }>(
      'select key_id, cast(sum(cost_nanos) as signed) as cost from calls where account_id = ? group by key_id',
      [owner.accountId],
    ))
      costs.set(key_id, cost)
    const costOf = ({ keyId }: Customer) => costs.get(keyId)!
    const their = costOf(theirs) + costOf(handedOn)
    const all = their + costOf(owner)
    const told = async (who: Customer) => {
      const { body: grants } = await get('/dashboard/billing/credit_grants', who)
      const { body: subscription } = await get('/dashboard/billing/subscription', who)
      const { body: usage } = await get('/dashboard/billing/usage', who)
      const { total_used: used, total_available: left, total_granted: granted } = grants
      assert.equal(subscription.hard_limit_usd, granted)
      return [used, left, usage.total_usage].map((it) => Number(Number(it).toFixed(9)))
    }
    const dollars = (...nanos: number[]) => nanos.map((it) => Number((it / 1e9).toFixed(9)))
    const cents = (nanos: number) => Number((nanos / 1e7).toFixed(9))
    assert.deepEqual(await told(owner), [...dollars(all, 2e9 - all), cents(all)])
    // Of the cap of five dollars, whatever the account has.
    assert.deepEqual(await told(theirs), [...dollars(their, 5e9 - their), cents(their)])
    const own = costOf(handedOn)
    assert.deepEqual(await told(handedOn), [...dollars(own, 4e9 - own), cents(own)])
    const none = await get('/dashboard/billing/usage?end_date=2001-01-01', theirs)
    assert.equal(none.body.total_usage, 0)
    const by = { userId: null, actor: 'test' } as const
    const uncapped = { accountId: owner.accountId, userId, role: 'member' as const, by }
    await setMember(db, { ...uncapped, capNanos: null })
    assert.deepEqual(await told(theirs), [...dollars(their, 1e17), cents(their)])
  })

  test('a key that was handed on is told nothing of its person’s other keys', async () => {
    const owner = await stage.newCustomer()
    const { db } = stage.relay.services
    const theirs = await member(owner, 'member')
    const made = await createKey(
      db,
      owner.accountId,
      { name: 'on', budgetNanos: 9e9 },
      theirs.userId,
    )
    await call(theirs)
    const { body: key } = await get('/key', { secret: made!.secret })
    // Though the cap of five dollars has less left.
    assert.equal(key.left_usd, '9.000000000')
    assert.deepEqual(
      (key.budgets as Body[]).map(({ of, left_usd }) => [of, left_usd]),
      [['key', '9.000000000']],
    )
    await stage.sql('update memberships set cap_nanos = 7 where user_id = ?', [theirs.userId])
    for (const [{ secret, keyId }, left] of [
      [{ secret: made!.secret, keyId: made!.id }, null],
      [theirs, '0.000000000'],
    ] as const) {
      const customer = { accountId: owner.accountId, keyId, secret }
      const asked = { customer, path: 'chat/completions', body }
      const { status, headers, text } = await stage.ask(asked)
      assert.equal(status, 402)
      assert.equal(/spent_usd|left_usd/.test(text), left !== null)
      const { body: receipt } = await get(`/calls/${headers['x-request-id']}`, customer)
      assert.deepEqual([receipt.error_code, receipt.left_usd], ['key_budget_exceeded', left])
    }
    const { body: own } = await get('/key', theirs)
    assert.deepEqual((own.budgets as Body[])[0]!.of, 'member')
  })

  test('none of it is a call, and nothing is told without a key', async () => {
    const customer = await stage.newCustomer()
    for (const path of ['/key', '/credits', '/usage', '/calls/x']) {
      await get(path, customer)
      const { status, body } = await get(path, { secret: 'sk-relay-none' })
      assert.deepEqual([status, body.error?.code], [401, 'invalid_api_key'])
      const refused = await fetch(`${stage.relay.url}${path}`, { method: 'POST', body: '{}' })
      assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD'])
    }
    assert.deepEqual(await stage.callsOf(customer), [])
  })

  test('more questions at once than may wait are told to come again', async () => {
    const customer = await stage.newCustomer()
    const leave = await stage.relay.services.reads.take(customer.accountId)
    const asked = Array.from({ length: 30 }, () => get('/key', customer))
    const first = await Promise.race(asked)
    assert.deepEqual([first.status, first.headers.get('retry-after')], [429, '1'])
    leave!()
    const all = await Promise.all(asked)
    assert.ok(all.some(({ status }) => status === 200))
    assert.ok(all.every(({ status }) => status === 200 || status === 429))
  })
})
