import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { handsOn, type Ordered } from '../../test/payments/hands.ts'
import { startTills, type Line } from '../../test/payments/tills.ts'
import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import { createPool, rollBack } from '../db/db.server.ts'
import { credit, writeNotice } from '../ledger/ledger.server.ts'
import { createLog } from '../telemetry/log.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { askDue, hearing, mayAsk, readOrder, settleOrder, startOrder } from './payments.server.ts'

const tills = await startTills(1)
after(tills.close)
const { books, fakes, payments, order } = tills
const { stripe, epay } = fakes
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))

const { balanceOf, stateOf, makeDue, ask, expired } = handsOn(tills)
const read = async ({ number }: Ordered) =>
  present(await readOrder(pool, present(parseOrderId(number))))
const relay = capturedCli(tills.env)
/** What a verb about an order has ended with, and its error's code. */
const cli = async (verb: string, { number }: Ordered, ...more: string[]) => {
  const { exitCode, out, err } = await relay('order', verb, number, ...more, '--json')
  const { error } = JSON.parse(out || err) as { error?: { code: string } }
  return [exitCode, error?.code]
}
const settle = (one: Ordered, usd = '4.40') => cli('settle', one, '--credit', usd)
const noticesOf = async ({ number }: Ordered) => {
  const text = `select payload from notices where kind = 'payment.unclear' and payload like ?`
  const rows = await sql<{ payload: string }>(text, [`%${number}%`])
  return rows.map(({ payload }) => (JSON.parse(payload) as { why: string }).why)
}
/** Pays an order at a provider that takes something else. */
const paidWrongly = async (provider: 'stripe' | 'epay', usd = 5.44) => {
  const one = await order(usd, provider)
  await (provider === 'stripe' ? stripe : epay).pay(one.number)
  assert.equal(await stateOf(one), 'unclear')
  return one
}
const grantTo = ({ accountId }: Ordered, balanceNanos: number) =>
  credit(pool, {
    accountId,
    kind: balanceNanos < 0 ? 'adjust' : 'grant',
    planNanos: 0,
    balanceNanos,
    actor: 'test',
    note: null,
    ref: `${accountId} ${balanceNanos}`,
  })

describe('what came in otherwise than it was asked for', () => {
  test('waits for a person, who is told once, and is settled once, for what they say', async () => {
    for (const [provider, cameMinor] of [
      ['stripe', 5],
      ['epay', 1],
    ] as const) {
      const one = await paidWrongly(provider)
      assert.deepEqual(await noticesOf(one), ['mismatch'])
      const { payUrl, cameMinor: came } = await read(one)
      assert.deepEqual([payUrl, came], [null, cameMinor])
      await makeDue(one)
      await ask()
      assert.equal((await read(one)).askedAt, null, 'nobody asks about it any more')
      const twice = await Promise.all([settle(one), settle(one)])
      assert.deepEqual(twice.toSorted(), [
        [0, undefined],
        [1, 'not_unclear'],
      ])
      assert.deepEqual([await stateOf(one), await balanceOf(one)], ['paid', 4.4e9])
      assert.deepEqual(await cli('close', one), [1, 'not_unclear'])
      const log = await sql<{ action: string }>('select action from admin_log where subject = ?', [
        `order ${one.number}`,
      ])
      assert.deepEqual(
        log.map(({ action }) => action),
        ['order settle'],
      )
    }
  })

  test('takes its share of what was given for it, when it goes back after that', async () => {
    const one = await paidWrongly('stripe')
    assert.deepEqual(await settle(one), [0, undefined])
    await stripe.refundElsewhere(one.number, 2)
    assert.equal(await balanceOf(one), 2.64e9)
    await stripe.refundElsewhere(one.number, 3)
    assert.deepEqual([await stateOf(one), await balanceOf(one)], ['refunded', 0])
  })

  test('is closed once, and then nothing books it or takes anything for it', async () => {
    const one = await paidWrongly('stripe')
    const ends = await Promise.all([cli('close', one), settle(one)])
    assert.equal(ends.filter(([exitCode]) => exitCode === 0).length, 1)
    const other = await paidWrongly('stripe')
    assert.deepEqual(await cli('close', other), [0, undefined])
    await stripe.refundElsewhere(other.number, 1)
    // The provider says that all was paid after all.
    stripe.sessionOf(other.number).amount_total = 544
    await cli('check', other)
    assert.deepEqual([await stateOf(other), await balanceOf(other)], ['closed', 0])
    assert.equal(mayAsk(await read(other), true), false)
  })

  test('is not settled after its provider has told that it went back', async () => {
    const one = await paidWrongly('stripe')
    await stripe.refundElsewhere(one.number, 5)
    assert.deepEqual(await settle(one), [1, 'went_back'])
    // A session that was refunded says that it is paid: neither does a question give credit for it.
    stripe.sessionOf(one.number).amount_total = 544
    await cli('check', one)
    assert.deepEqual([await stateOf(one), await balanceOf(one)], ['unclear', 0])
    assert.deepEqual(await cli('close', one), [0, undefined])
    assert.equal(await balanceOf(one), 0)
  })

  test('is paid where its provider says later that all of it was, and the books agree', async () => {
    const one = await paidWrongly('stripe')
    stripe.sessionOf(one.number).amount_total = 544
    await cli('check', one)
    assert.deepEqual([await stateOf(one), (await read(one)).cameMinor], ['paid', 544])
  })

  test('is kept without an amount where it has none that can be read, and is closed then', async () => {
    const yen = await paidWrongly('stripe', 5.45)
    assert.deepEqual([(await read(yen)).cameCurrency, await settle(yen)], ['JPY', [1, 'no_amount']])
    const parts = await order(5, 'stripe')
    const session = { ...stripe.sessionOf(parts.number), payment_status: 'paid' }
    const event = { ...session, payment_intent: 'pi_parts', amount_total: 5.44, currency: 'u$' }
    const body = stripe.eventOf('checkout.session.completed', event)
    assert.deepEqual(await stripe.send(body, undefined, session.success_url), [200])
    const { state, cameAt, cameMinor, cameCurrency } = await read(parts)
    assert.deepEqual([state, cameMinor, cameCurrency], ['unclear', null, null])
    assert.ok(cameAt)
    assert.deepEqual(await settle(parts), [1, 'no_amount'])
    assert.deepEqual(await cli('close', parts), [0, undefined])
  })

  test('or that an account has no room for, is booked by asking again when it has', async () => {
    const one = await order(10, 'epay')
    await grantTo(one, limits.accounts.nanosMax)
    await epay.pay(one.number)
    assert.deepEqual([await stateOf(one), await noticesOf(one)], ['unclear', ['over the limit']])
    assert.deepEqual(await settle(one, '10'), [1, 'over_the_limit'])
    await grantTo(one, -limits.accounts.nanosMax)
    assert.deepEqual(await cli('check', one), [0, undefined])
    assert.deepEqual([await stateOf(one), await balanceOf(one)], ['paid', 10e9])
  })

  test('is no open order of its account', async () => {
    const one = await order(5.44, 'stripe')
    const { accountId } = one
    const wish = { accountId, userId: null, provider: 'stripe', creditNanos: 5e9 } as const
    for (let open = 1; open < limits.payments.openOrdersMax; open++)
      await startOrder(payments, wish)
    assert.equal((await startOrder(payments, wish)).state, 'refused')
    await stripe.pay(one.number)
    assert.equal((await startOrder(payments, wish)).state, 'started')
  })

  test('is found by asking too, also after the order has ended, and leaves a line', async () => {
    const [open, ended] = [await order(5, 'epay'), await expired('epay')]
    for (const it of [open, ended])
      Object.assign(epay.tradeOf(it.number), { status: 1, money: '0.01' })
    const lines: Line[] = []
    const log = createLog('info', (line) => void lines.push(JSON.parse(line) as Line))
    await makeDue(open)
    await askDue(
      payments,
      hearing(log, () => Promise.resolve()),
      1_000,
    )
    assert.deepEqual(
      lines.map(({ event, order, verdict }) => [event, order, verdict]),
      [['payment_unclear', open.number, 'mismatch']],
    )
    await cli('check', ended)
    for (const it of [open, ended]) {
      assert.deepEqual([await stateOf(it), await noticesOf(it)], ['unclear', ['mismatch']])
      assert.equal(mayAsk(await read(it)), false)
    }
  })

  test('is as it was after whoever settles it has died in the middle, and is settled then', async () => {
    const one = await paidWrongly('stripe')
    const { accountId, number } = one
    const fact = {
      kind: 'payment.received',
      order: number,
      amount: '0.05',
      currency: 'USD',
    } as const
    // The notice's place is taken, so that the transaction waits for it behind what it has done.
    const holder = createPool(tills.env.DATABASE_URL ?? '', { size: 1 })
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let isHeld = false
    const holding = holder.transact(async (db) => {
      const about = `payment.received ${number}`
      await writeNotice(db, { about, accountId, fact: { ...fact, creditNanos: 1 } })
      isHeld = true
      await held
      return rollBack('held')
    })
    await eventually('the place is taken', () => Promise.resolve(isHeld))
    const dying = settleOrder(payments, await read(one), { creditNanos: 1e9, actor: 'test' }).then(
      (state) => state,
      () => 'died',
    )
    const waiting = await eventually('it waits', async () => {
      const list = await sql<{ Id: number; Info: string | null }>('show processlist')
      return list.find(({ Info }) => Info?.includes('into notices'))
    })
    await sql('kill ?', [waiting.Id])
    assert.equal(await dying, 'died')
    release()
    await holding
    await holder.close()
    assert.deepEqual([await stateOf(one), await balanceOf(one)], ['unclear', 0])
    assert.deepEqual(await settle(one), [0, undefined])
    assert.equal(await balanceOf(one), 4.4e9)
  })
})
