import { doubleKey, faultOf, written, type Lane, type Params } from '../db/db.server.ts'
import { BatchState, type CallRow, type HoldRow } from './batch-state.ts'
import type { AccountState } from './decide.ts'
import { keyStatesOf, type KeyRow } from './keys/key-state.ts'
import {
  LedgerAway,
  mapKey,
  type Op,
  type Reservation,
  type Settlement,
  type Silence,
} from './ops.ts'

export type Result = Reservation | Settlement | Error

/** A batch that did not commit, or (`commitSent` with fault `lost`) may have. */
export class BatchFailed extends Error {
  readonly fault: ReturnType<typeof faultOf>
  /** Why its ROLLBACK failed too; the connection was then closed, which rolls back as well. */
  rollbackFailure: unknown
  /** The server has said so; else no answer came, or the mistake is our own. */
  readonly isAnswer: boolean
  /** Somebody else has one of its rows, and kept it for as long as a lane waits. */
  readonly isLocked: boolean
  /** What it writes is there already, and was not seen: another server, or a COMMIT of its own. */
  readonly isDouble: boolean
  constructor(
    cause: unknown,
    readonly commitSent: boolean,
  ) {
    super('a ledger batch failed', { cause })
    this.fault = faultOf(cause)
    const { errno = 0 } = cause as { errno?: number }
    this.isAnswer = errno > 0
    this.isLocked = errno === 1205 || errno === 3572
    this.isDouble = errno === doubleKey
  }
}

export const begin = () => written('ledger/begin', {})
export const commit = () => written('ledger/commit', {})
export const rollback = () => written('ledger/rollback', {})
const unique = (ids: number[]) => [...new Set(ids)].sort((a, b) => a - b)

/** What a batch reads, each where there is something to read. */
type Rows = {
  accounts: (AccountState & { readAt: string })[]
  keys: KeyRow[]
  holds: HoldRow[]
  silent: { callId: Buffer }[]
  calls?: CallRow[]
}

/** How a batch is tried. */
type How = {
  /**
   * What comes of it rests on what is not there: after a COMMIT whose answer was lost, and for
   * whatever a server that lags would have missed. Sees what was committed on any server, looks for
   * reservations that had been made, too, and writes the accounts: a COMMIT on another server, if
   * it is yet to come, then fails there.
   */
  recheck: boolean
  /** An account that is locked is not waited for. */
  atOnce: boolean
  /** How far from the database's now a call may say that it began. */
  begunMsMax: number
}

/** What is asked of calls that are only given up where their relay is silent: the most of any. */
function silenceOf(ops: Op[], relayId: Buffer): Params<'ledger/sweep/read-silent'> | undefined {
  const swept = ops.flatMap(({ facts: { callId }, ...op }) =>
    op.kind === 'lose' && op.ifSilent ? [{ callId, ifSilent: op.ifSilent }] : [],
  )
  if (swept.length === 0) return undefined
  const most = (of: keyof Silence) => Math.max(...swept.map(({ ifSilent }) => ifSilent[of]))
  return {
    relayId,
    callIds: swept.map(({ callId }) => callId),
    silentSeconds: most('silentSeconds'),
    steadySeconds: most('steadySeconds'),
    breakSeconds: most('breakSeconds'),
  }
}

/** Calls to be given up only where their relay is silent, and it is not. */
function sparedOf(ops: Op[], silent: Rows['silent']): ReadonlySet<string> {
  const given = new Set(silent.map(({ callId }) => mapKey(callId)))
  const asked = ops.filter((op) => op.kind === 'lose' && op.ifSilent !== undefined)
  return new Set(asked.map(({ facts }) => mapKey(facts.callId)).filter((id) => !given.has(id)))
}

/** Locks the accounts, then reads: the keys of reservations, and what is to be closed. */
async function openAndRead(
  lane: Lane,
  ops: Op[],
  relayId: Buffer,
  { recheck, atOnce }: How,
): Promise<Rows> {
  const accountIds = unique(ops.map((op) => op.facts.accountId))
  const reserving = ops.filter((op) => op.kind === 'reserve')
  const keyIds = unique(reserving.map((op) => op.facts.keyId))
  const callIds = (recheck ? ops : ops.filter((op) => op.kind !== 'reserve')).map(
    (op) => op.facts.callId,
  )
  const ids = { ids: accountIds }
  const lock = atOnce
    ? written('ledger/lock-accounts-at-once', ids)
    : written('ledger/lock-accounts', ids)
  const list = [begin(), lock]
  if (recheck) list.push(written('ledger/cluster/touch-accounts', ids))
  if (keyIds.length) list.push(written('ledger/read-keys', { ids: keyIds }))
  if (callIds.length) list.push(written('ledger/read-holds', { callIds }))
  const silence = silenceOf(ops, relayId)
  if (silence) list.push(written('ledger/sweep/read-silent', silence))
  if (recheck) list.push(written('ledger/read-calls', { callIds }))
  const [, accounts, ...answers] = await lane.send(list, { all: recheck })
  if (recheck) answers.shift()
  return {
    accounts: accounts as Rows['accounts'],
    keys: keyIds.length ? (answers.shift() as KeyRow[]) : [],
    holds: callIds.length ? (answers.shift() as HoldRow[]) : [],
    silent: silence ? (answers.shift() as Rows['silent']) : [],
    ...(recheck && { calls: answers.shift() as CallRow[] }),
  }
}

/** Calls whose hold is gone have a row that says why; it is read only then. */
async function readEnded(lane: Lane, ops: Op[], holds: HoldRow[]): Promise<CallRow[]> {
  const held = new Set(holds.map((hold) => mapKey(hold.callId)))
  const ended = ops.filter((op) => op.kind !== 'reserve' && !held.has(mapKey(op.facts.callId)))
  if (ended.length === 0) return []
  const callIds = ended.map((op) => op.facts.callId)
  const [calls] = await lane.send([written('ledger/read-calls', { callIds })], {
    continues: true,
  })
  return calls as CallRow[]
}

/** Left open, a transaction would be committed by the next `start transaction`. */
export async function undo(lane: Lane, failed: BatchFailed): Promise<BatchFailed> {
  if (failed.fault !== 'lost')
    await lane.send([rollback()], { continues: true }).catch((rollbackFailure: unknown) => {
      failed.rollbackFailure = rollbackFailure
      return lane.close()
    })
  return failed
}

/** Tells calls that began about when the database was asked; all where it knows no account. */
function isDatedBy(readAt: string | undefined, begunMsMax: number): (op: Op) => boolean {
  if (readAt === undefined) return () => true
  const readMs = Date.parse(`${readAt.replace(' ', 'T')}Z`)
  return ({ facts }) => Math.abs(facts.startedAt.getTime() - readMs) <= begunMsMax
}

function decide(state: BatchState, ops: Op[], isDatedRight: (op: Op) => boolean): Result[] {
  return ops.map((op) => {
    try {
      // Its row might fall into a month whose calls are gone, and whose sums have been noted.
      if (op.kind === 'reserve' && !isDatedRight(op))
        throw new LedgerAway('a clock is off: the call is dated wrongly')
      return state.apply(op)
    } catch (error) {
      // One call that makes no sense is its own failure, not its neighbours'.
      return error as Error
    }
  })
}

/**
 * One transaction for all of `ops`, in two round trips: lock and read; write and commit. Ops of one
 * account take effect in their order. Throws `BatchFailed`, rolled back unless the connection was
 * lost.
 */
export async function runBatch(
  lane: Lane,
  ops: Op[],
  relayId: Buffer,
  how: How,
): Promise<Result[]> {
  let commitSent = false
  try {
    const { accounts, keys, holds, silent, calls } = await openAndRead(lane, ops, relayId, how)
    const ended = calls ?? (await readEnded(lane, ops, holds))
    const state = new BatchState(
      new Map(accounts.map((row) => [row.id, row])),
      keyStatesOf(keys),
      holds,
      ended,
      relayId,
      !how.recheck && lane.mayLag?.() === true,
      sparedOf(ops, silent),
    )
    const results = decide(state, ops, isDatedBy(accounts[0]?.readAt, how.begunMsMax))
    const writes = state.statements()
    commitSent = true
    await lane.send([...writes, commit()], { continues: true })
    return results
  } catch (error) {
    throw await undo(lane, new BatchFailed(error, commitSent))
  }
}
