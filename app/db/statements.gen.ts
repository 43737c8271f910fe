// Made by `npm run sql:types` from sql/ and the live schema. Do not edit.
export type Statements = {
  'ledger/add-usage-days': {
    params: { days: readonly { accountId: number; day: string; keyId: number; model: string; statusCode: number; calls: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; costNanos: number }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/beat': {
    params: { id: Uint8Array; host: string; pid: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/begin': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/commit': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/delete-holds': {
    params: { callIds: readonly (Uint8Array)[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/delete-old-relays': {
    params: { staleSeconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/find-entry-by-ref': {
    params: { ref: string }
    row: { accountId: number; seq: number }
    returns: 'maybe'
  }
  'ledger/finish-late-call': {
    params: { id: Uint8Array; upstream: string | null; upstreamRequestId: string | null; statusCode: number; errorCode: string | null; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; usageSource: string; usageFlag: string | null; serviceTier: string | null; costNanos: number; planNanos: number; balanceNanos: number; overrunNanos: number; firstByteMs: number | null; totalMs: number | null; attempts: number; endedAt: Date }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/insert-calls': {
    params: { calls: readonly { id: Uint8Array; accountId: number; keyId: number; model: string; priceId: number; upstream: string | null; upstreamRequestId: string | null; statusCode: number; errorCode: string | null; outcome: string; streamed: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; outputTokensMax: number; usageSource: string; usageFlag: string | null; serviceTier: string | null; holdNanos: number; costNanos: number; planNanos: number; balanceNanos: number; overrunNanos: number; firstByteMs: number | null; totalMs: number | null; attempts: number; clientRetry: number; client: string | null; startedAt: Date; endedAt: Date }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/insert-entries': {
    params: { entries: readonly { accountId: number; seq: number; kind: string; planNanos: number; balanceNanos: number; planAfterNanos: number; balanceAfterNanos: number; callId: Uint8Array | null; ref: string | null; actor: string | null; note: string | null }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/insert-holds': {
    params: { holds: readonly { callId: Uint8Array; accountId: number; keyId: number; planNanos: number; balanceNanos: number; relayId: Uint8Array; model: string; priceId: number; outputTokensMax: number; streamed: number; startedAt: Date }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/lock-accounts': {
    params: { ids: readonly (number)[] }
    row: { id: number; status: string; planNanos: number; planHeldNanos: number; balanceNanos: number; balanceHeldNanos: number; entrySeq: number }
    returns: 'many'
  }
  'ledger/read-calls': {
    params: { callIds: readonly (Uint8Array)[] }
    row: { id: Buffer; outcome: string; statusCode: number; holdNanos: number; costNanos: number; overrunNanos: number; startedAt: Date; keyId: number; model: string }
    returns: 'many'
  }
  'ledger/read-holds': {
    params: { callIds: readonly (Uint8Array)[] }
    row: { callId: Buffer; accountId: number; keyId: number; planNanos: number; balanceNanos: number; relayId: Buffer; model: string; priceId: number; outputTokensMax: number; streamed: number; startedAt: Date }
    returns: 'many'
  }
  'ledger/read-keys': {
    params: { ids: readonly (number)[] }
    row: { id: number; accountId: number; revoked: number; expired: number; budgetNanos: number | null; spentNanos: number; heldNanos: number; models: string | null }
    returns: 'many'
  }
  'ledger/retire-relay': {
    params: { id: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/rollback': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/stale-holds': {
    params: { staleSeconds: number; rows: number }
    row: { callId: Buffer; accountId: number; keyId: number; model: string; priceId: number; streamed: number; startedAt: Date }
    returns: 'many'
  }
  'ledger/write-account': {
    params: { id: number; planNanos: number; planHeldNanos: number; balanceNanos: number; balanceHeldNanos: number; entrySeq: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/write-key': {
    params: { id: number; spentNanos: number; heldNanos: number }
    row: Record<never, never>
    returns: 'count'
  }
}
