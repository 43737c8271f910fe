import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, afterEach, describe, test } from 'node:test'
import { callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { openSql } from '../../test/sql.ts'
import { limits } from '../config/limits.ts'
import { LedgerAway } from './ledger.server.ts'
import { LockedAccounts } from './locked-accounts.ts'
import type { Op } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))

/** Somebody at a prompt, who locks what `statement` finds until they are told to let go. */
async function lock(statement: string, id: number) {
  const { sql, end } = openSql(books.url)
  await sql('start transaction')
  await sql(`${statement} for update`, [id])
  return async () => {
    await sql('rollback')
    await end()
  }
}

test('accounts are read alike, whether they are waited for or not', () => {
  const selected = (name: string) =>
    readFileSync(`sql/ledger/${name}.sql`, 'utf8').replace(/^--.*\n/gm, '')
  const atOnce = selected('lock-accounts-at-once')
  assert.match(atOnce, / nowait\n$/)
  assert.equal(atOnce.replace(' nowait', ''), selected('lock-accounts'))
})

describe('an account of which somebody keeps a row locked holds up nobody else', () => {
  const rows = {
    account: ['select id from accounts where id = ?', 'accountId'],
    key: ['select id from api_keys where id = ?', 'keyId'],
  } as const
  for (const [name, [statement, id]] of Object.entries(rows))
    test(`the row of its ${name}`, async () => {
      // Long enough for whoever waits for one turn of a lane, and not for one turn after another.
      const ledger = books.ledger({ limits: { lanes: 1, reserveWaitMsMax: 12_000 } })
      const locked = await newCustomer(books.pool, { balanceNanos: 1_000 })
      const others = await Promise.all(
        Array.from({ length: 5 }, () => newCustomer(books.pool, { balanceNanos: 1_000 })),
      )
      const owed = Array.from({ length: 3 }, () => callOf(locked))
      for (const call of owed) await hold(ledger, call, 50)
      const letGo = await lock(statement, locked[id])
      const settling = Promise.all(owed.map((call) => settle(ledger, call, 10)))
      try {
        await Promise.all(
          others.map(async (other) => {
            for (let times = 0; times < 5; times++) {
              const call = callOf(other)
              await hold(ledger, call, 50)
              await settle(ledger, call, 10)
            }
          }),
        )
        assert.equal(ledger.waiting(), owed.length)
        assert.equal(await ledger.readiness(), 'ready')
        assert.equal((await moneyOf(books, locked)).balanceHeld, 150)
      } finally {
        await letGo()
      }
      assert.deepEqual(new Set((await settling).map(({ state }) => state)), new Set(['settled']))
      await ledger.idle()
      assert.equal((await moneyOf(books, locked)).balance, 970)
    })
})

test('a reservation of an account that is locked is refused in time, and holds nothing', async () => {
  const ledger = books.ledger({ limits: { lanes: 1, reserveWaitMsMax: 300 } })
  const locked = await newCustomer(books.pool, { balanceNanos: 1_000 })
  const letGo = await lock('select id from accounts where id = ?', locked.accountId)
  await assert.rejects(reserve(ledger, callOf(locked), 50), LedgerAway)
  await assert.rejects(reserve(ledger, callOf(locked), 50), LedgerAway)
  await letGo()
  await ledger.idle()
  assert.equal((await moneyOf(books, locked)).balanceHeld, 0)
})

describe('accounts that are set aside', () => {
  const { asideMsMax, asideOpsMax, asideShare, waryMs } = limits.ledger.locked
  const op = (accountId: number) => ({
    op: { kind: 'lose', facts: callOf({ accountId, keyId: 1 }) } satisfies Op,
  })
  const [one, two, three, other] = [op(1), op(1), op(1), op(2)]
  const longMs = asideMsMax

  test('keep the order of their ops, whatever comes and is tried meanwhile', () => {
    const locked = new LockedAccounts<{ op: Op }>()
    locked.setAside(1, [one, two], 0, 0)
    assert.deepEqual([locked.join(three), locked.join(other)], [true, false])
    const tried = locked.take(1, longMs)
    assert.deepEqual([tried, locked.take(0, longMs)], [[one], []])
    locked.setAside(1, tried, 0, longMs)
    assert.deepEqual(locked.free(1, true), [one, two, three])
    assert.equal(locked.join(three), false)
  })

  test('leave the others most of the time', () => {
    const locked = new LockedAccounts<{ op: Op }>()
    locked.setAside(1, [one], 0, 0)
    locked.setAside(2, [other], longMs, 0)
    assert.deepEqual(locked.take(9, longMs * asideShare - 1), [])
    assert.equal(locked.dueInMs(longMs), longMs * (asideShare - 1))
    assert.equal(locked.take(9, longMs * asideShare).length, 1)
  })

  test('stay aside for a while where the lock was long, and else go back at once', () => {
    const locked = new LockedAccounts<{ op: Op }>()
    locked.setAside(1, [one], 0, 0)
    locked.setAside(2, [other], longMs, 0)
    assert.deepEqual([locked.free(1, false, 1).length, locked.join(op(1))], [1, false])
    assert.deepEqual([locked.free(2, false, waryMs - 1).length, locked.join(op(2))], [0, true])
    assert.equal(locked.free(2, false, waryMs + 1).length, 2)
  })

  test('have only so many ops', () => {
    const locked = new LockedAccounts<{ op: Op }>()
    locked.setAside(
      1,
      Array.from({ length: asideOpsMax - 1 }, () => one),
      0,
      0,
    )
    assert.equal(locked.isFull(1), false)
    locked.join(two)
    assert.deepEqual(
      [locked.isFull(1), locked.isFull(2), locked.length],
      [true, false, asideOpsMax],
    )
  })
})
