import { randomInt } from 'node:crypto'
import { limits } from '../config/limits.ts'
import { written, type Lane } from '../db/db.server.ts'
import { newCallId } from '../values/call-id.ts'
import { clockMs, clockNow } from '../values/clock.ts'
import { factorMost, plainFactor } from '../values/factors.ts'
import { units } from '../values/units.ts'
import { begin, BatchFailed, commit, rollback, undo } from './batch.ts'
import { BatchState } from './batch-state.ts'
import { ownRow } from './beat.ts'
import type { AccountState } from './decide.ts'
import { unbounded, type KeyState } from './keys/key-state.ts'
import { unservedBill, type Ask, type Bill, type CallFacts } from './ops.ts'

/** Figures beyond it are not taken for figures. */
const tokensMost = limits.tokens.absurd

const ask: Ask = {
  inputScaled: 1_000_000n,
  outputScaledPerToken: 0n,
  outputTokensWanted: 0,
  outputTokensMax: 0,
}

/** All that there are, though some have columns of their own: their list is as long as it can be. */
const rehearsedUnits = Object.fromEntries(units.map((unit) => [unit, tokensMost]))

/** As long as each text of a bill may be: what has become shorter fails. */
const full = (chars: number) => 'r'.repeat(chars)
const rehearsedBill = (): Bill => ({
  ...unservedBill(0),
  outcome: 'completed',
  errorCode: 'client_closed_request',
  usage: {
    inputTokens: tokensMost,
    cachedTokens: tokensMost,
    cacheWriteTokens: 0,
    outputTokens: tokensMost,
    reasoningTokens: tokensMost,
    more: rehearsedUnits,
    source: 'upstream',
    flag: 'clamped',
  },
  priceFactor: factorMost,
  accountFactor: factorMost,
  costNanos: 1,
  upstreamNanos: Number.MAX_SAFE_INTEGER,
  waivedNanos: Number.MAX_SAFE_INTEGER,
  serviceTier: full(20),
  upstream: full(50),
  upstreamKey: full(50),
  upstreamRequestId: full(100),
  upstreamStatus: 599,
  upstreamCode: full(60),
  otherModel: full(100),
  firstByteMs: 3_600_000,
  totalMs: 3_600_000,
  attempts: 9,
  tries: full(limits.ledger.triesCharsMax),
})

/** All that a reservation and a settlement write, of an account that nobody has. */
function rehearsedWrites(relayId: Buffer) {
  // Accounts are numbered from 1 on; each rehearsal has one of its own, and so waits for nobody.
  const id = Number.MAX_SAFE_INTEGER - randomInt(2 ** 47)
  const account: AccountState = {
    id,
    status: 'active',
    planNanos: 0,
    planHeldNanos: 0,
    balanceNanos: 10,
    balanceHeldNanos: 1,
    entrySeq: 0,
    foldedSlot: 0,
    factor: plainFactor,
    planModels: null,
    bookedAt: '2000-01-01 00:00:00.000',
    notifyBelowNanos: null,
    notifiedLow: 0,
  }
  const key: KeyState = {
    id,
    ...unbounded,
    accountId: id,
    revoked: 0,
    expired: 0,
    spentNanos: 0,
    heldNanos: 1,
  }
  const facts = (): CallFacts => ({
    callId: newCallId(clockMs()),
    accountId: id,
    keyId: id,
    model: 'rehearsal'.padEnd(100, '.'),
    priceId: 0,
    streamed: false,
    startedAt: clockNow(),
    client: full(100),
    clientRetry: 0,
  })
  const ended = facts()
  const { callId } = ended
  const held = { callId, planNanos: 0, planEnded: 0, balanceNanos: 1, outputTokensMax: 0 }
  const state = new BatchState(new Map([[id, account]]), [key], [held], [], relayId)
  state.apply({ kind: 'settle', facts: ended, bill: rehearsedBill() })
  state.apply({ kind: 'reserve', facts: facts(), ask, lastTry: true })
  return state.statements()
}

/**
 * Whether the database takes what every call writes: in a transaction that is rolled back, and then
 * a heartbeat, which is committed, because a server may take every row and fail at the COMMIT.
 * Throws `BatchFailed`.
 */
export async function rehearse(lane: Lane, relayId: Buffer, breakSeconds: number): Promise<void> {
  try {
    await lane.send([
      begin(),
      ...rehearsedWrites(relayId),
      rollback(),
      begin(),
      written('ledger/beat', { ...ownRow(relayId), breakSeconds }),
      commit(),
    ])
  } catch (error) {
    throw await undo(lane, new BatchFailed(error, false))
  }
}
