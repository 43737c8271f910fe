import type { findCall } from '../../usage/usage.server.ts'
import { done, money, timeText, type VerbResult } from '../verb-result.ts'
import { receiptOf } from './call-receipt.ts'
import { usd } from './what-it-cost.ts'

type Found = NonNullable<Awaited<ReturnType<typeof findCall>>>

/** A call in whichever state it is: ended, open, or gone but for its charge. */
export function foundCall(id: string, call: Found): VerbResult {
  if (call.state === 'ended') return receiptOf(call.receipt)
  if (call.state === 'open') {
    const { accountId, keyId, model, planNanos, balanceNanos, startedAt } = call.hold
    const holdNanos = planNanos + balanceNanos
    return done(
      {
        state: call.state,
        id,
        account_id: accountId,
        key_id: keyId,
        model,
        ...money('hold', holdNanos),
        started_at: timeText(startedAt),
      },
      `Call ${id} of account ${accountId} (key ${keyId}, ${model}) has not ended: it holds ` +
        `${usd(holdNanos)} since ${timeText(startedAt)}.`,
    )
  }
  const entries = call.entries.map(({ accountId, seq, kind, createdAt, ...entry }) => ({
    account_id: accountId,
    seq,
    kind,
    ...money('plan', entry.planNanos),
    ...money('balance', entry.balanceNanos),
    created_at: timeText(createdAt),
  }))
  const lines = entries.map(
    (entry) =>
      `Account ${entry.account_id}, entry No. ${entry.seq} of ${entry.created_at}: ` +
      `plan ${entry.plan_usd}, balance ${entry.balance_usd}.`,
  )
  const text = [`The row of call ${id} was dropped by retain; its charge is kept.`, ...lines]
  return done({ state: call.state, id, entries }, text.join('\n'))
}
