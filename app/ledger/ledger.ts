import { createLane, type Lane } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'
import type { BatchFailed } from './batch.ts'
import { GivenUp } from './given-up.ts'
import type { CallFacts, Op, Reservation, ReserveOp, Settlement, SettleOp, LoseOp } from './ops.ts'
import { LedgerQueue, type QueueLimits } from './queue.ts'

/** The money of all accounts, as one process moves it. */
export type Ledger = {
  relayId: Buffer
  /** Sets money aside before a call. Rejects with `LedgerAway` when the database does not answer. */
  reserve(op: Omit<ReserveOp, 'kind'>): Promise<Reservation>
  /** Charges a call and frees the rest. Keeps trying while the database is away. */
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
   * each `tryGivenUp` tries it again. A settlement that is refused has been given up so already.
   */
  giveUp(facts: CallFacts, error: unknown): void
  tryGivenUp(): Promise<void>
}

export type LedgerOptions = {
  relayId: Buffer
  limits: QueueLimits & { lanes: number; givenUpCallsMax: number }
  onFault?: (failed: BatchFailed, ops: number) => void
  /** Notes what goes wrong behind the backs of those who asked. */
  failed?: Log['failed']
  /** Tests put a faulty lane here. */
  laneOf?: (url: string) => Lane
}

/** `url` is a mysql:// address; each lane keeps one connection of its own. */
export function createLedger(url: string, options: LedgerOptions): OwnLedger {
  const { relayId, limits, laneOf = createLane, failed = () => {} } = options
  const events = {
    onFault(batch: BatchFailed, ops: number) {
      options.onFault?.(batch, ops)
      failed('ledger_batch_failed', batch, { fault: batch.fault, ops })
      const { rollbackFailure } = batch
      if (rollbackFailure !== undefined) failed('ledger_rollback_failed', rollbackFailure)
    },
    onUnbookable: (facts: CallFacts, error: unknown) => givenUp.giveUp(facts, error),
  }
  const queues = Array.from(
    { length: limits.lanes },
    () => new LedgerQueue(laneOf(url), relayId, limits, events),
  )
  // Two lanes never share an account: its ops stay in order and never wait for each other's locks.
  const push = (op: Op) => queues[op.facts.accountId % queues.length]!.push(op)
  const lose = (facts: CallFacts) => push({ kind: 'lose', facts }) as Promise<Settlement>
  const givenUp = new GivenUp(lose, limits.givenUpCallsMax, failed)
  return {
    relayId,
    reserve: ({ facts, ask, lastTry }) =>
      push({ kind: 'reserve', facts, ask, lastTry }) as Promise<Reservation>,
    settle: ({ facts, bill, mayBeAbsent }) =>
      push({ kind: 'settle', facts, bill, mayBeAbsent }) as Promise<Settlement>,
    lose: ({ facts }) => lose(facts),
    giveUp: (facts, error) => givenUp.giveUp(facts, error),
    tryGivenUp: () => givenUp.tryAgain(),
    waiting: () => queues.reduce((sum, queue) => sum + queue.length, 0),
    idle: async () => void (await Promise.all(queues.map((queue) => queue.idle()))),
    close: async () => void (await Promise.all(queues.map((queue) => queue.close()))),
  }
}
