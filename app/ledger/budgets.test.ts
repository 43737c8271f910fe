import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { askOf, callOf, hold, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, newKey, type Customer } from '../../test/customer.ts'
import { present } from '../../test/present.ts'
import { setTimeZone } from '../accounts/accounts.server.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { changeKey, readKey, versionOf, type NewKey } from '../keys/keys.server.ts'
import type { Period } from '../values/keys/periods.ts'
import { repairTotals, verify } from './ledger.server.ts'
import type { CallFacts, Refusal, Reservation } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const { pool, sql } = books
const [ledger, other] = [books.ledger(), books.ledger()]

const thrifty = (key: Partial<NewKey> = {}) =>
  newCustomer(pool, { balanceNanos: 10_000, period: 'day', periodBudgetNanos: 100, ...key })

/** Nothing of an account is booked before then, whatever the server's clock says. */
const setClock = ({ accountId }: Customer, moment: string) =>
  sql('update accounts set booked_at = ? where id = ?', [moment, accountId])

function refused(answer: Reservation): Refusal {
  assert.ok(!answer.granted && answer.code === 'key_budget_exceeded', JSON.stringify(answer))
  return answer
}
const expectNoMoreThan = async (customer: Customer, nanos: number) => {
  refused(await reserve(ledger, callOf(customer), nanos + 1))
  const last = callOf(customer)
  await hold(ledger, last, nanos)
  await ledger.lose({ facts: last })
}
async function spend(customer: Customer, nanos: number) {
  const call = callOf(customer)
  await hold(ledger, call, nanos)
  await settle(ledger, call, nanos)
}
async function heldCall(customer: Customer, nanos: number): Promise<CallFacts> {
  const call = callOf(customer)
  await hold(ledger, call, nanos)
  return call
}

describe('a budget that begins anew', () => {
  test('does so at the midnight of the account’s zone, and a refusal says when', async () => {
    const customer = await thrifty()
    await setTimeZone(pool, { ...customer, zone: 'Asia/Shanghai', userId: null })
    await setClock(customer, '2090-03-10 15:59:59.999')
    await spend(customer, 60)
    const { budget } = refused(await reserve(ledger, callOf(customer), 41))
    const endsMs = Date.parse('2090-03-10T16:00:00Z')
    const beganMs = Date.parse('2090-03-09T16:00:00Z')
    const figures = { budgetNanos: 100, spentNanos: 60, heldNanos: 0 }
    assert.deepEqual(budget, { ...figures, period: 'day', beganMs, endsMs })
    await expectNoMoreThan(customer, 40)
    await setClock(customer, '2090-03-10 16:00:00.000')
    await expectNoMoreThan(customer, 100)
  })

  test('counts what is held over midnight, and what becomes of it, in the new day', async () => {
    const customer = await thrifty()
    await setClock(customer, '2090-03-10 23:59:00.000')
    const [long, longer] = [await heldCall(customer, 30), await heldCall(customer, 60)]
    await setClock(customer, '2090-03-11 00:00:00.000')
    await expectNoMoreThan(customer, 10)
    await settle(ledger, long, 30)
    await expectNoMoreThan(customer, 10)
    await settle(ledger, longer, 20)
    await expectNoMoreThan(customer, 50)
  })

  test('leaves to the old day what ends before the first call of the new one', async () => {
    const customer = await thrifty()
    await setClock(customer, '2090-03-10 23:59:00.000')
    const call = await heldCall(customer, 90)
    await setClock(customer, '2090-03-11 00:00:00.000')
    await settle(ledger, call, 90)
    await expectNoMoreThan(customer, 100)
  })

  test('counts in one batch what comes before its first call as the old day’s', async () => {
    const customer = await thrifty()
    const one = books.ledger({ limits: { lanes: 1 } })
    await setClock(customer, '2090-03-10 23:59:00.000')
    const call = callOf(customer)
    await hold(one, call, 90)
    await setClock(customer, '2090-03-11 00:00:00.000')
    const next = callOf(customer)
    const together = [
      settle(one, call, 80),
      reserve(one, next, 100),
      reserve(one, callOf(customer), 1),
    ]
    const [, first, second] = await Promise.all(together)
    assert.ok(first && 'granted' in first && first.granted)
    assert.ok(second && 'granted' in second && !second.granted)
    await one.lose({ facts: next })
  })

  test('charges what comes late to the day in which it comes', async () => {
    const customer = await thrifty()
    await setClock(customer, '2090-03-10 23:59:00.000')
    const call = await heldCall(customer, 90)
    await ledger.lose({ facts: call })
    await setClock(customer, '2090-03-11 00:00:00.000')
    await spend(customer, 5)
    await settle(ledger, call, 70)
    await expectNoMoreThan(customer, 25)
  })

  test('is never spent twice, however many relays begin it at once', async () => {
    const customer = await thrifty()
    for (const moment of ['2090-03-10 12:00:00.000', '2090-03-11 12:00:00.000']) {
      await setClock(customer, moment)
      const calls = Array.from({ length: 12 }, () => callOf(customer))
      const answers = await Promise.all(
        calls.map((call, i) => reserve(i % 2 ? ledger : other, call, 30)),
      )
      assert.equal(answers.filter(({ granted }) => granted).length, 3)
      const granted = calls.filter((_, i) => answers[i]?.granted)
      await Promise.all(granted.map((call, i) => settle(i % 2 ? ledger : other, call, 30)))
    }
    await expectNoMoreThan(customer, 10)
  })

  test('stands beside the one for all time, and the tighter of the two decides', async () => {
    const customer = await thrifty({ budgetNanos: 150 })
    await setClock(customer, '2090-03-10 12:00:00.000')
    await spend(customer, 100)
    assert.equal(refused(await reserve(ledger, callOf(customer), 1)).budget?.period, 'day')
    await setClock(customer, '2090-03-11 12:00:00.000')
    assert.equal(refused(await reserve(ledger, callOf(customer), 51)).budget?.period, undefined)
    await spend(customer, 50)
  })

  test('goes on when it is raised, begins at once when it is of another period', async () => {
    const customer = await thrifty()
    const { accountId, keyId } = customer
    const change = async (period: Period | null, periodBudgetNanos: number | null) => {
      const key = present(await readKey(pool, accountId, keyId))
      const fields = {
        name: key.name,
        expiresAt: null,
        budgetNanos: null,
        period,
        periodBudgetNanos,
        models: null,
        addresses: null,
        responsesAtChat: false,
      }
      const which = { accountId, keyId, userId: null }
      assert.equal(await changeKey(pool, which, versionOf(key), fields), 'changed')
    }
    await spend(customer, 70)
    await change('day', 120)
    await expectNoMoreThan(customer, 50)
    await change('month', 120)
    await expectNoMoreThan(customer, 120)
    await change(null, null)
    await spend(customer, 500)
  })

  test('has its people told at 80 and at 100 percent, once in each period', async () => {
    const customer = await thrifty()
    const told = async () => {
      const rows = await sql<{ payload: string }>(
        `select payload from notices where account_id = ? and kind = 'key.budget'`,
        [customer.accountId],
      )
      const payloads = rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>)
      return payloads.map(({ percent, period }) => `${String(period)} ${String(percent)}`).sort()
    }
    await setClock(customer, '2090-03-10 12:00:00.000')
    await spend(customer, 85)
    refused(await reserve(ledger, callOf(customer), 20))
    await spend(customer, 15)
    const first = ['day 2090-03-10T00:00:00Z 100', 'day 2090-03-10T00:00:00Z 80']
    assert.deepEqual(await told(), first)
    await setClock(customer, '2090-03-11 12:00:00.000')
    await spend(customer, 80)
    assert.deepEqual(await told(), [...first, 'day 2090-03-11T00:00:00Z 80'])
  })

  test('is recomputed from the charges by verify, and set right by repair', async () => {
    const customer = await thrifty()
    await spend(customer, 60)
    const damage = 'update api_keys set period_base_nanos = period_base_nanos + 7 where id = ?'
    await sql(damage, [customer.keyId])
    const { differences } = await verify(pool, readCosts)
    assert.deepEqual(differences, [
      {
        check: 'key periods',
        subject: `key ${customer.keyId}`,
        expected: 'spent 60',
        found: 'spent 53',
      },
    ])
    const note = () => Promise.resolve()
    const { changes } = await repairTotals(pool, { apply: true, note })
    assert.deepEqual(
      changes.map(({ change }) => change),
      ['spent in its period 53 to 60'],
    )
    await expectNoMoreThan(customer, 40)
  })

  test('of a zone that was changed ends when it would have', async () => {
    const customer = await thrifty()
    await setClock(customer, '2090-03-10 12:30:00.000')
    await spend(customer, 100)
    // There it is past midnight.
    await setTimeZone(pool, { ...customer, zone: 'Pacific/Auckland', userId: null })
    refused(await reserve(ledger, callOf(customer), 1))
    await setClock(customer, '2090-03-11 00:00:00.000')
    await spend(customer, 100)
  })
})

describe('a member’s cap of a month', () => {
  let users = 1_000
  /** An account with two members, of whom the first has a cap of 100 and two keys. */
  async function team() {
    const first = await newCustomer(pool, { balanceNanos: 10_000 })
    const { accountId } = first
    const [second, third] = [await newKey(pool, accountId), await newKey(pool, accountId)]
    const [member, colleague] = [users++, users++]
    await sql('update api_keys set user_id = ? where id in (?)', [
      member,
      [first.keyId, second.keyId],
    ])
    await sql('update api_keys set user_id = ? where id = ?', [colleague, third.keyId])
    await sql('insert into memberships (account_id, user_id, role, cap_nanos) values ?', [
      [
        [accountId, member, 'member', 100],
        [accountId, colleague, 'member', null],
      ],
    ])
    return { first, second, third }
  }

  test('is of all their keys together, and of nobody else’s', async () => {
    const { first, second, third } = await team()
    await setClock(first, '2090-03-31 23:00:00.000')
    await spend(first, 30)
    const open = await heldCall(second, 40)
    const { budget } = refused(await reserve(ledger, callOf(first), 31))
    assert.deepEqual([budget?.isMembers, budget?.spentNanos, budget?.heldNanos], [true, 30, 40])
    await expectNoMoreThan(second, 30)
    await spend(third, 5_000)
    await setClock(first, '2090-04-01 00:00:00.000')
    await expectNoMoreThan(first, 60)
    await settle(ledger, open, 10)
    await expectNoMoreThan(second, 90)
  })

  test('is not passed by twelve calls of two keys at two relays at once', async () => {
    const { first, second } = await team()
    const calls = Array.from({ length: 12 }, (_, i) => callOf(i % 2 ? first : second))
    const answers = await Promise.all(
      calls.map((call, i) => reserve(i % 3 ? ledger : other, call, 30)),
    )
    assert.equal(answers.filter(({ granted }) => granted).length, 3)
  })

  test('counts what a key has spent that was revoked since', async () => {
    const { first, second } = await team()
    await spend(first, 80)
    await sql('update api_keys set revoked_at = now(3) where id = ?', [first.keyId])
    await expectNoMoreThan(second, 20)
  })
})

test('a key from elsewhere, with an old secret or disabled is refused by the books', async () => {
  const customer = await newCustomer(pool, { balanceNanos: 1_000, addresses: ['10.0.0.0/8'] })
  const ask = (secretNo: number, address: string) =>
    ledger.reserve({
      facts: callOf(customer),
      ask: askOf(0),
      lastTry: true,
      asker: { secretNo, address },
    })
  const whyNot = async (secretNo: number, address: string) => {
    const answer = await ask(secretNo, address)
    return answer.granted || answer.code === 'count_first'
      ? undefined
      : [answer.code, answer.deniedBy]
  }
  assert.equal(await whyNot(0, '::ffff:10.1.2.3'), undefined)
  assert.deepEqual(await whyNot(0, '203.0.113.7'), ['permission_denied', 'address'])
  // Whoever does not say where they are is not there.
  const answer = await reserve(ledger, callOf(customer), 1)
  assert.equal(!answer.granted && answer.code, 'permission_denied')
  assert.deepEqual(await whyNot(1, '10.1.2.3'), ['invalid_api_key', undefined])
  const set = (text: string) => sql(`update api_keys set ${text} where id = ${customer.keyId}`)
  await set('secret_no = 2, old_until = now(3) + interval 1 hour')
  assert.equal(await whyNot(2, '10.1.2.3'), undefined)
  assert.equal(await whyNot(1, '10.1.2.3'), undefined)
  assert.deepEqual(await whyNot(0, '10.1.2.3'), ['invalid_api_key', undefined])
  await set('old_until = now(3)')
  assert.deepEqual(await whyNot(1, '10.1.2.3'), ['invalid_api_key', undefined])
  await set('disabled_at = now(3)')
  assert.deepEqual(await whyNot(2, '10.1.2.3'), ['permission_denied', 'key'])
})
