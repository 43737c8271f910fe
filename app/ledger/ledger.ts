import { setTimeout as sleep } from 'node:timers/promises'
import { limits as bounds } from '../config/limits.ts'
import { createLane, type DatabaseAddress, type Lane } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'
import { BatchFailed } from './batch.ts'
import { GivenUp, type Turn } from './given-up.ts'
import {
  LedgerAway,
  mapKey,
  type CallFacts,
  type LoseOp,
  type Op,
  type Reservation,
  type ReserveOp,
  type Settlement,
  type SettleOp,
} from './ops.ts'
import { LedgerQueue, type QueueLimits, type Readiness } from './queue.ts'

/** The money of all accounts, as one process moves it. */
export type Ledger = {
  relayId: Buffer
  /**
   * Sets money aside before a call. Rejects with `LedgerAway` when the database does not answer, and
   * while it does not take a settlement of the same account.
   */
  reserve(op: Omit<ReserveOp, 'kind'>): Promise<Reservation>
  /**
   * Charges a call and frees the rest. Keeps trying while the database is away, or cannot do it,
   * and for a while also where it refuses; rejects when the call has then been given up as lost.
   */
  settle(op: Omit<SettleOp, 'kind'>): Promise<Settlement>
  lose(op: Omit<LoseOp, 'kind'>): Promise<Settlement>
  waiting(): number
  idle(): Promise<void>
  close(): Promise<void>
}

/** A ledger with what only the process that it belongs to asks of it. */
export type OwnLedger = Ledger & {
  /**
   * Closes a call of this process that cannot be settled, for `error`, as lost; until that is done
   * each `tryGivenUp` tries it again, as it does the settlements that were refused. The last time
   * it gives those up too.
   */
  giveUp(facts: CallFacts, error: unknown): void
  tryGivenUp(turn?: Turn): Promise<void>
  /** The bills that are not booked yet: what is lost with this process. */
  owed(): SettleOp[]
  /** Whether money can be moved: it was just now, or the database takes a rehearsal in time. */
  readiness(): Promise<Readiness>
}

export type LedgerOptions = {
  relayId: Buffer
  limits: QueueLimits & { lanes: number; givenUpCallsMax: number }
  onFault?: (failed: BatchFailed, ops: number) => void
  /** Notes what goes wrong behind the backs of those who asked. */
  failed?: Log['failed']
  /** Hears of each bill that will not be booked: only whoever hears can still charge it. */
  onBillLost?: (op: SettleOp) => void
  /** Hears of each account that may have got back what was held of it. */
  onFreed?: (accountId: number) => void
  /** Tests put a faulty lane here, for an address that is text. */
  laneOf?: (url: string) => Lane
}

/** Each lane keeps one connection of its own. */
export function createLedger(address: DatabaseAddress, options: LedgerOptions): OwnLedger {
  const { relayId, limits, laneOf } = options
  const newLane = () =>
    laneOf && typeof address === 'string' ? laneOf(address) : createLane(address)
  const { failed = () => {}, onBillLost = () => {} } = options
  const events = {
    onFault(batch: BatchFailed, ops: number) {
      options.onFault?.(batch, ops)
      failed('ledger_batch_failed', batch, { fault: batch.fault, ops })
      const { rollbackFailure } = batch
      if (rollbackFailure !== undefined) failed('ledger_rollback_failed', rollbackFailure)
    },
    onUnbookable(op: Op, error: Error) {
      if (op.kind === 'settle' && error instanceof BatchFailed && error.isAnswer)
        return givenUp.keep(op, error, error.fault === 'unable')
      if (op.kind === 'settle') onBillLost(op)
      givenUp.giveUp(op.facts, error)
    },
    maySetAside: (facts: CallFacts): boolean => givenUp.maySetAside(facts),
    onBooked: () => givenUp.noteBooked(),
    onEnded: ({ accountId }: CallFacts) => options.onFreed?.(accountId),
  }
  const queues = Array.from(
    { length: limits.lanes },
    () => new LedgerQueue(newLane(), relayId, limits, events),
  )
  // Two lanes never share an account: its ops stay in order and never wait for each other's locks.
  const push = (op: Op) => queues[op.facts.accountId % queues.length]!.push(op)
  const end = (op: SettleOp | LoseOp) => push(op) as Promise<Settlement>
  const givenUp: GivenUp = new GivenUp(end, limits.givenUpCallsMax, failed, onBillLost)
  return {
    relayId,
    async reserve({ facts, ask, lastTry, asker }) {
      if (givenUp.owes(facts.accountId)) throw new LedgerAway('calls of the account are not booked')
      return (await push({
        kind: 'reserve',
        facts,
        ask,
        lastTry,
        ...(asker && { asker }),
      })) as Reservation
    },
    settle: ({ facts, bill, mayBeAbsent }) =>
      end({ kind: 'settle', facts, bill, mayBeAbsent }).catch((error: unknown) => {
        const later = givenUp.endOf(facts)
        if (!later) throw error
        return later
      }),
    lose: (op) => end({ ...op, kind: 'lose' }),
    giveUp: (facts, error) => givenUp.giveUp(facts, error),
    tryGivenUp: (turn) => givenUp.tryAgain(turn),
    readiness: async () => {
      const { readyFreshMs, readyMsMax } = bounds.ledger
      const all = Promise.all(queues.map((queue) => queue.prove(readyFreshMs)))
      const late = sleep<Readiness[]>(readyMsMax, ['database unreachable'], { ref: false })
      return (await Promise.race([all, late])).find((one) => one !== 'ready') ?? 'ready'
    },
    owed: () => {
      const bills = [...queues.flatMap((queue) => queue.owed()), ...givenUp.owed()]
      return [...new Map(bills.map((op) => [mapKey(op.facts.callId), op])).values()]
    },
    waiting: () => queues.reduce((sum, queue) => sum + queue.length, 0),
    idle: async () => void (await Promise.all(queues.map((queue) => queue.idle()))),
    close: async () => void (await Promise.all(queues.map((queue) => queue.close()))),
  }
}
