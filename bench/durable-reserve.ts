import assert from 'node:assert/strict'
import { newCallId } from '../app/values/call-id.ts'
import { accountColumns, keyColumns } from '../app/ledger/ledger.server.ts'
import { createLane, written } from '../app/db/db.server.ts'
import { runSql } from '../test/sql.ts'
import type { Payer } from './callers.ts'

/** The least that a reservation can be on disk, for the last account there is. */
export async function durableReserve(databaseUrl: string) {
  const [payer] = await runSql<Payer & { balanceNanos: number }>(
    databaseUrl,
    `select accounts.id as accountId, api_keys.id as keyId, balance_nanos as balanceNanos
       from accounts join api_keys on account_id = accounts.id order by accounts.id desc limit 1`,
  )
  assert.ok(payer, 'there is an account with a key')
  const { accountId, keyId, balanceNanos } = payer
  const lane = createLane(databaseUrl)
  const relayId = newCallId(Date.now())

  /** Opens a hold, which is timed; and takes it back, which is not. */
  async function once(): Promise<number> {
    const callId = newCallId(Date.now())
    const hold = { callId, accountId, keyId, planNanos: 0, balanceNanos: 1_000, relayId }
    const more = { model: 'gpt-4o-mini', priceId: 1, outputTokensMax: 200, streamed: 1 }
    const account = {
      id: accountId,
      planNanos: 0,
      planHeldNanos: 0,
      balanceNanos,
      entrySeq: 1,
      bookedAt: new Date().toISOString().slice(0, 23).replace('T', ' '),
    }
    const startMs = performance.now()
    await lane.send([
      written('ledger/begin', {}),
      written('ledger/lock-accounts', { ids: [accountId] }),
      written('ledger/read-keys', { ids: [keyId] }),
    ])
    await lane.send(
      [
        written('ledger/write-accounts', accountColumns([{ ...account, balanceHeldNanos: 1_000 }])),
        written('ledger/write-keys', keyColumns([{ id: keyId, spentNanos: 0, heldNanos: 1_000 }])),
        written('ledger/insert-holds', { holds: [{ ...hold, ...more, startedAt: new Date() }] }),
        written('ledger/commit', {}),
      ],
      { continues: true },
    )
    const ms = performance.now() - startMs
    await lane.send([
      written('ledger/begin', {}),
      written('ledger/delete-holds', { gone: [{ callId }] }),
      written('ledger/write-accounts', accountColumns([{ ...account, balanceHeldNanos: 0 }])),
      written('ledger/write-keys', keyColumns([{ id: keyId, spentNanos: 0, heldNanos: -1_000 }])),
      written('ledger/commit', {}),
    ])
    return ms
  }
  return { once, close: () => lane.close() }
}
