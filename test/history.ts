import { newCallId } from '../app/values/call-id.ts'
import { slotOf } from '../app/values/zones/zone-days.ts'
import { run, type Params, type Pool } from '../app/db/db.server.ts'
import { accountQuartersOf } from '../app/ledger/ledger.server.ts'

export type PastCall = Params<'ledger/insert-calls'>['calls'][number]

/** A call of the past; whatever a test does not name is as plain as can be. */
export function pastCall(
  more: Partial<PastCall> & { accountId: number; keyId: number; startedAt: Date },
): PastCall {
  const costNanos = more.costNanos ?? 0
  return {
    id: newCallId(more.startedAt.getTime()),
    model: 'gpt-test',
    priceId: 1,
    upstream: 'demo',
    upstreamRequestId: null,
    upstreamStatus: 200,
    upstreamCode: null,
    priceFactor: null,
    accountFactor: null,
    otherUnits: null,
    upstreamNanos: null,
    upstreamKey: null,
    tries: null,
    waivedNanos: 0,
    otherModel: null,
    statusCode: 200,
    errorCode: null,
    outcome: 'completed',
    streamed: 0,
    inputTokens: costNanos,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 20,
    reasoningTokens: 0,
    outputTokensMax: 100,
    usageSource: 'upstream',
    usageFlag: null,
    serviceTier: null,
    holdNanos: costNanos,
    neededNanos: null,
    leftNanos: null,
    costNanos,
    planNanos: 0,
    balanceNanos: costNanos,
    overrunNanos: 0,
    firstByteMs: 1,
    totalMs: 2,
    attempts: 1,
    clientRetry: 0,
    client: null,
    endedAt: more.startedAt,
    ...more,
  }
}

/** Writes calls and their totals, but moves no money: the books do not agree afterwards. */
export async function writeHistory(pool: Pool, calls: PastCall[]): Promise<void> {
  for (let at = 0; at < calls.length; at += 1_000) {
    const some = calls.slice(at, at + 1_000)
    await run(pool, 'ledger/insert-calls', { calls: some })
    const quarters = some.map((call) => ({
      accountId: call.accountId,
      slot: slotOf(call.startedAt.getTime()),
      keyId: call.keyId,
      model: call.model,
      statusCode: call.statusCode,
      outcome: call.outcome,
      calls: 1,
      inputTokens: call.inputTokens,
      cachedTokens: call.cachedTokens,
      cacheWriteTokens: call.cacheWriteTokens,
      outputTokens: call.outputTokens,
      reasoningTokens: call.reasoningTokens,
      costNanos: call.costNanos,
    }))
    await run(pool, 'ledger/add-usage-quarters', { quarters })
    await run(pool, 'ledger/add-account-quarters', { quarters: accountQuartersOf(quarters) })
  }
}
