import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { billOf, callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { openSql } from '../../test/sql.ts'
import { newCustomer } from '../../test/customer.ts'
import { silence } from '../../test/time/silence.ts'
import { createLane, run, type Lane } from '../db/db.server.ts'
import { createKey, revokeKey } from '../keys/keys.server.ts'
import { beat, retire, setPlan, StoodStill, sweep, type Ledger } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const { pool, sql } = books
const ledger = books.ledger()
await beat(pool, ledger.relayId)

/** A relay that beat once and has been silent since. */
async function deadRelay() {
  const dead = books.ledger()
  await beat(pool, dead.relayId)
  return {
    dead,
    die: () => silence(sql, dead.relayId),
  }
}
/** A lane of one who does something else after it has looked, and before it does what follows. */
const laneAfter =
  (work: () => Promise<unknown>) =>
  (url: string): Lane => {
    const lane = createLane(url)
    return {
      send: async (batch, how) => {
        if (!how?.continues) await work()
        return lane.send(batch, how)
      },
      close: () => lane.close(),
    }
  }
const outcomeOf = async ({ callId }: CallFacts) => {
  const text = 'select outcome, cost_nanos as cost from calls where id = ?'
  const rows = await sql<{ outcome: string; cost: number }>(text, [callId])
  return rows.map(({ outcome, cost }) => `${outcome} ${cost}`)
}
const isListed = async ({ relayId }: Ledger) =>
  (await sql('select id from relays where id = ?', [relayId])).length === 1

describe('the sweep', () => {
  test('releases what a silent relay held, at no cost to anybody, and takes it off', async () => {
    const { dead, die } = await deadRelay()
    const customer = await newCustomer(pool, { planNanos: 10, balanceNanos: 100 })
    const calls = [callOf(customer), callOf(customer, { streamed: true })]
    for (const call of calls) await hold(dead, call, 50)
    await die()
    assert.equal(await sweep(pool, ledger), 2)
    assert.deepEqual(await moneyOf(books, customer), {
      plan: 10,
      planHeld: 0,
      balance: 100,
      balanceHeld: 0,
    })
    for (const call of calls) assert.deepEqual(await outcomeOf(call), ['lost 0'])
    assert.equal(await isListed(dead), false)
    assert.equal(await sweep(pool, ledger), 0)
  })

  test('leaves a living relay’s holds alone, and those of one that has yet to beat', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const [old, young] = [callOf(customer), callOf(customer)]
    await hold(ledger, old, 10)
    await hold(books.ledger(), young, 10)
    await sql('update holds set created_at = created_at - interval 1 hour where call_id = ?', [
      old.callId,
    ])
    assert.equal(await sweep(pool, ledger), 0)
    assert.equal((await settle(ledger, old, 10)).state, 'settled')
    assert.equal((await settle(ledger, young, 10)).state, 'settled')
  })

  test('by a relay that was stopped itself leaves its own calls to it', async () => {
    const { dead: stopped, die } = await deadRelay()
    const call = callOf(await newCustomer(pool, { balanceNanos: 100 }))
    await hold(stopped, call, 10)
    await die()
    assert.equal(await sweep(pool, stopped), 0)
    assert.equal((await settle(stopped, call, 10)).state, 'settled')
  })

  test('finds holds of a relay that is not on the list at all', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const call = callOf(customer)
    await hold(books.ledger(), call, 10)
    await sql('update holds set created_at = created_at - interval 61 second where call_id = ?', [
      call.callId,
    ])
    assert.equal(await sweep(pool, ledger), 1)
  })

  test('spares a relay that is heard after it was found silent', async () => {
    const { dead: asleep, die } = await deadRelay()
    const call = callOf(await newCustomer(pool, { balanceNanos: 100 }))
    await hold(asleep, call, 10)
    await die()
    const wakes = () => beat(pool, asleep.relayId)
    assert.equal(await sweep(pool, books.ledger({ laneOf: laneAfter(wakes) })), 0)
    assert.equal((await settle(asleep, call, 10)).state, 'settled')
  })

  test('takes a hold for a sign of life: who has woken up need not have beaten yet', async () => {
    const { dead: asleep, die } = await deadRelay()
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const [old, young] = [callOf(customer), callOf(customer)]
    await hold(asleep, old, 10)
    await die()
    await hold(asleep, young, 10)
    assert.equal(await sweep(pool, ledger), 0)
    for (const call of [old, young]) assert.equal((await settle(asleep, call, 10)).state, 'settled')
  })

  test('by many replicas at once releases each hold once', async () => {
    const { dead, die } = await deadRelay()
    const customers = await Promise.all(
      [1, 2, 3].map(() => newCustomer(pool, { balanceNanos: 1_000 })),
    )
    const calls = customers.flatMap((customer) =>
      Array.from({ length: 20 }, () => callOf(customer)),
    )
    await Promise.all(calls.map((call) => hold(dead, call, 50)))
    await die()
    const sweepers = [ledger, books.ledger(), books.ledger()]
    const released = await Promise.all(sweepers.map((each) => sweep(pool, each)))
    assert.equal(
      released.reduce((total, count) => total + count, 0),
      60,
    )
  })

  test('that meets a settlement lets it through, whichever comes first', async () => {
    const { dead, die } = await deadRelay()
    const customer = await newCustomer(pool, { balanceNanos: 10_000 })
    const calls = Array.from({ length: 30 }, () => callOf(customer))
    await Promise.all(calls.map((call) => hold(dead, call, 50)))
    await die()
    const settling = Promise.all(calls.map((call) => settle(dead, call, 20)))
    await Promise.all([sweep(pool, ledger), sweep(pool, books.ledger())])
    const ends = await settling
    assert.ok(ends.every(({ chargedNanos }) => chargedNanos === 20))
    assert.equal((await moneyOf(books, customer)).balance, 10_000 - 30 * 20)
  })

  test('spares a relay that retired, and one that retired with open holds until it is due', async () => {
    const idle = books.ledger()
    await beat(pool, idle.relayId)
    await retire(pool, idle.relayId)
    assert.equal(await isListed(idle), false)
    const { dead, die } = await deadRelay()
    const call = callOf(await newCustomer(pool, { balanceNanos: 100 }))
    await hold(dead, call, 10)
    await retire(pool, dead.relayId)
    assert.equal(await isListed(dead), true)
    assert.equal(await sweep(pool, ledger), 0)
    await die()
    assert.equal(await sweep(pool, ledger), 1)
  })
})

describe('a relay that judges others', () => {
  const judging = { steadySeconds: 20 }
  /** One that has beaten without a break for an hour, and one that is silent, with a hold. */
  async function twoRelays(laneOf?: (url: string) => Lane) {
    const judge = books.ledger(laneOf && { laneOf })
    await beat(pool, judge.relayId)
    const hour = 'update relays set steady_since = steady_since - interval 1 hour where id = ?'
    await sql(hour, [judge.relayId])
    const { dead, die } = await deadRelay()
    const call = callOf(await newCustomer(pool, { balanceNanos: 100 }))
    await hold(dead, call, 10)
    await die()
    return { judge, dead, call }
  }

  test('has been heard without a break for long enough', async () => {
    const { judge } = await twoRelays()
    assert.equal(await sweep(pool, judge, judging), 1)
  })

  test('is not one that has just started', async () => {
    const { dead, call } = await twoRelays()
    const young = books.ledger()
    await beat(pool, young.relayId)
    assert.equal(await sweep(pool, young, judging), 0)
    assert.equal((await settle(dead, call, 10)).state, 'settled')
  })

  test('is not one that has slept as they did, before its next beat and after it', async () => {
    const { judge, dead, call } = await twoRelays()
    await silence(sql, judge.relayId, 72)
    assert.equal(await sweep(pool, judge, judging), 0)
    await beat(pool, judge.relayId)
    assert.equal(await sweep(pool, judge, judging), 0)
    assert.equal((await settle(dead, call, 10)).state, 'settled')
  })

  test('may miss no beat for longer than a break, and may be late by less', async () => {
    const { judge } = await twoRelays()
    await silence(sql, judge.relayId, 15)
    await beat(pool, judge.relayId)
    assert.equal(await sweep(pool, judge, judging), 1)
  })

  test('gives up nobody where it falls asleep between its look and what follows', async () => {
    let slept = () => Promise.resolve()
    const { judge, dead, call } = await twoRelays(laneAfter(() => slept()))
    slept = async () => {
      await silence(sql, judge.relayId, 72)
      await beat(pool, judge.relayId)
    }
    assert.equal(await sweep(pool, judge, judging), 0)
    assert.equal((await settle(dead, call, 10)).state, 'settled')
  })

  test('goes by what it sees move where the clocks of two servers are apart', async () => {
    const { judge, dead, call } = await twoRelays()
    await sql('update holds set created_at = created_at - interval 1 hour where relay_id = ?', [
      dead.relayId,
    ])
    const still = new StoodStill(0)
    const turn = () => sweep(pool, judge, { ...judging, still })
    // At a server whose clock is a hundred seconds behind.
    const beatFarBehind = (seconds: number) =>
      sql(
        'update relays set heartbeat_at = current_timestamp(3) - interval ? second where id = ?',
        [seconds, dead.relayId],
      )
    for (const seconds of [110, 100, 90, 80]) {
      await beatFarBehind(seconds)
      assert.equal(await turn(), 0)
      await still.look(pool, judge.relayId, 60)
    }
    assert.equal(await turn(), 1)
    assert.equal((await settle(dead, call, 10)).state, 'late')
  })
})

test('the sweep’s last look at the list of relays and a beat do not deadlock', async () => {
  const { relayId } = books.ledger()
  await beat(pool, relayId)
  await sql('update relays set heartbeat_at = heartbeat_at - interval 1 hour where id = ?', [
    relayId,
  ])
  const { sql: beating, end } = openSql(books.url)
  try {
    await beating('start transaction')
    // Where a beat stands when it has found its row, and has yet to move it in the index.
    await beating('select id from relays where id = ? for update', [relayId])
    const looking = run(pool, 'ledger/delete-old-relays', { staleSeconds: 60 })
    // The server renews that table only when nobody has read it for a tenth of a second.
    const seldom = { everyMs: 150 }
    const isWaiting = async () => {
      const text = `select 1 from information_schema.innodb_trx t
                      join information_schema.processlist p on p.id = t.trx_mysql_thread_id
                     where t.trx_state = 'LOCK WAIT' and p.db = database()`
      return (await sql(text)).length > 0
    }
    await eventually('the look waits for the beat', isWaiting, seldom)
    await beating('update relays set heartbeat_at = current_timestamp(3) where id = ?', [relayId])
    await beating('commit')
    assert.equal(await looking, 0)
    assert.equal((await sql('select id from relays where id = ?', [relayId])).length, 1)
  } finally {
    await end()
  }
})

describe('a settlement after the sweep', () => {
  async function swept(planNanos: number, balanceNanos: number, nanos: number) {
    const customer = await newCustomer(pool, { balanceNanos })
    if (planNanos) await setPlan(pool, customer.accountId, planNanos, 'test')
    const call = callOf(customer)
    await hold(ledger, call, nanos)
    await ledger.lose({ facts: call })
    return { customer, call }
  }

  test('charges after all and turns the call from lost to late, once', async () => {
    const { customer, call } = await swept(30, 100, 50)
    assert.deepEqual(await settle(ledger, call, 40), {
      state: 'late',
      chargedNanos: 40,
      overrunNanos: 0,
    })
    assert.deepEqual(await outcomeOf(call), ['late 40'])
    const { plan, balance } = await moneyOf(books, customer)
    assert.deepEqual([plan, balance], [0, 90])
    const again = [ledger, books.ledger()].map((each) => settle(each, call, 40))
    for (const { state } of await Promise.all(again)) assert.equal(state, 'repeated')
    const days = await sql<{ status_code: number; calls: number }>(
      'select status_code, calls from usage_quarters where account_id = ? order by status_code',
      [customer.accountId],
    )
    assert.deepEqual(
      days.map((day) => [day.status_code, day.calls]),
      [
        [200, 1],
        [500, 0],
      ],
    )
  })

  test('charges at most what had been held; the rest is the operator’s', async () => {
    const { customer, call } = await swept(0, 100, 50)
    const { chargedNanos, overrunNanos } = await settle(ledger, call, 70)
    assert.deepEqual([chargedNanos, overrunNanos], [50, 20])
    assert.equal((await moneyOf(books, customer)).balance, 50)
  })

  test('may overdraw the account, which lets nothing in until it is paid', async () => {
    const { customer, call } = await swept(0, 100, 60)
    const second = callOf(customer)
    await hold(ledger, second, 100)
    assert.equal((await settle(ledger, call, 60)).state, 'late')
    await settle(ledger, second, 100)
    assert.equal((await moneyOf(books, customer)).balance, -60)
    const no = await reserve(ledger, callOf(customer), 1)
    assert.ok(!no.granted && no.code !== 'count_first')
    assert.equal(no.availableNanos, -60)
  })

  test('in one batch with the sweep’s own release comes out the same', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 100 })
    const calls = [callOf(customer), callOf(customer)]
    for (const call of calls) await hold(ledger, call, 50)
    const [first, second] = calls as [CallFacts, CallFacts]
    const ends = await Promise.all([
      ledger.lose({ facts: first }),
      settle(ledger, first, 20),
      settle(ledger, second, 20),
      ledger.lose({ facts: second }),
    ])
    assert.deepEqual(
      ends.map(({ state }) => state),
      ['settled', 'late', 'settled', 'repeated'],
    )
    assert.deepEqual(
      [await outcomeOf(first), await outcomeOf(second)],
      [['late 20'], ['completed 20']],
    )
  })
})

test('once a key is revoked, no reservation of it is granted anywhere', async () => {
  const others = [ledger, books.ledger(), books.ledger()]
  let grantedBefore = 0
  for (let round = 0; round < 10; round++) {
    const customer = await newCustomer(pool, { balanceNanos: 1_000_000 })
    const second = await createKey(pool, customer.accountId, { name: 'stays' })
    let revoked = false
    const grantedTooLate: CallFacts[] = []
    const open: [Ledger, CallFacts][] = []
    const hammer = async (each: Ledger) => {
      for (let tries = 0; tries < 200; tries++) {
        const wasRevoked = revoked
        const call = callOf(customer)
        const { granted } = await reserve(each, call, 10)
        if (!granted) return
        open.push([each, call])
        if (wasRevoked) grantedTooLate.push(call)
      }
    }
    const hammering = others.flatMap((each) => [hammer(each), hammer(each)])
    assert.equal(await revokeKey(pool, customer.accountId, customer.keyId), true)
    revoked = true
    const no = await reserve(ledger, callOf(customer), 10)
    assert.ok(!no.granted && no.code === 'invalid_api_key')
    await Promise.all(hammering)
    assert.deepEqual(grantedTooLate, [])
    grantedBefore += open.length
    await hold(ledger, callOf({ ...customer, keyId: present(second).id }), 10)
    const bill = billOf(5, { outcome: 'revoked', statusCode: 401 })
    await Promise.all(open.map(([each, facts]) => each.settle({ facts, bill })))
  }
  assert.ok(grantedBefore > 0, 'each revocation came before the first reservation')
})
