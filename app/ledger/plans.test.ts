import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { callOf, hold, testBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { present } from '../../test/present.ts'
import { written, type Written } from '../db/db.server.ts'
import { beat } from './ledger.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

const ledger = books.ledger()
const customers = [await newCustomer(pool, { balanceNanos: 100 }), await newCustomer(pool)]
const [{ accountId, keyId }] = customers as [(typeof customers)[0], ...typeof customers]
const call = callOf({ accountId, keyId })
await hold(ledger, call, 50)
await beat(pool, ledger.relayId)
const ids = customers.map((customer) => customer.accountId)
const keyIds = customers.map((customer) => customer.keyId)
const callIds = [call.callId, callOf({ accountId, keyId }).callId]
const zeros = [0, 0]
const moments = ['2026-01-01 00:00:00.000', '2026-01-01 00:00:00.000']

/** Whatever locks rows, and what is read in between. */
const statements: Written[] = [
  written('ledger/lock-accounts', { ids }),
  written('ledger/lock-accounts-at-once', { ids }),
  written('ledger/lock-accounts', { ids: [accountId] }),
  written('ledger/read-keys', { ids: keyIds }),
  written('ledger/read-holds', { callIds }),
  written('ledger/read-calls', { callIds }),
  written('ledger/find-entry-by-ref', { ref: 'none' }),
  written('ledger/write-accounts', {
    ids,
    planNanos: zeros,
    planHeldNanos: zeros,
    balanceNanos: zeros,
    balanceHeldNanos: zeros,
    entrySeq: zeros,
    bookedAt: moments,
  }),
  written('ledger/write-keys', { ids: keyIds, spentNanos: zeros, heldNanos: zeros }),
  written('ledger/delete-holds', { gone: callIds.map((callId) => ({ callId })) }),
  written('ledger/plan/end-holds', { accountId }),
  written('ledger/retire-relay', { id: ledger.relayId }),
]

type Plan = { table: string | null; type: string | null; key: string | null }

async function expectRowsByIndex() {
  for (const { sql: text, statement } of statements) {
    const plans = await sql<Plan>(`explain format = traditional ${text}`)
    for (const { table, type, key } of plans) {
      // A table made of our own values, and a row that is known not to be there, are no scan.
      if (table === null || /^<|^given$/.test(table)) continue
      const at = `${statement.name} on ${table}: ${type} ${key}`
      assert.ok(key !== null && /^(const|eq_ref|ref|range)$/.test(present(type)), at)
    }
  }
}

describe('what a batch locks it finds by index, and touches no row of others', () => {
  test('where tables have a few rows, of which planners like to read all', expectRowsByIndex)

  test('where they have many', async () => {
    const names = Array.from({ length: 3_000 }, () => ['another'])
    await sql('insert into accounts (name) values ?', [names])
    const keys = names.map((_, i) => {
      const digest = Buffer.alloc(32)
      digest.writeUInt32BE(i)
      return [accountId, digest, 'a key', 'sk-abcd', 'wxyz']
    })
    await sql('insert into api_keys (account_id, digest, name, prefix, last_four) values ?', [keys])
    await sql('analyze table accounts, api_keys, holds, calls, entries, relays')
    await expectRowsByIndex()
  })
})
