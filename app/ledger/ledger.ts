import { createLane, type Lane } from '../db/db.server.ts'
import type { BatchFailed } from './batch.ts'
import type { Op, Reservation, ReserveOp, Settlement, SettleOp, LoseOp } from './ops.ts'
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

export type LedgerOptions = {
  relayId: Buffer
  limits: QueueLimits & { lanes: number }
  onFault?: (failed: BatchFailed, ops: number) => void
  /** Tests put a faulty lane here. */
  laneOf?: (url: string) => Lane
}

/** `url` is a mysql:// address; each lane keeps one connection of its own. */
export function createLedger(url: string, options: LedgerOptions): Ledger {
  const { relayId, limits, onFault = () => {}, laneOf = createLane } = options
  const queues = Array.from(
    { length: limits.lanes },
    () => new LedgerQueue(laneOf(url), relayId, limits, onFault),
  )
  // Two lanes never share an account: its ops stay in order and never wait for each other's locks.
  const push = (op: Op) => queues[op.facts.accountId % queues.length]!.push(op)
  return {
    relayId,
    reserve: ({ facts, ask, lastTry }) =>
      push({ kind: 'reserve', facts, ask, lastTry }) as Promise<Reservation>,
    settle: ({ facts, bill, mayBeAbsent }) =>
      push({ kind: 'settle', facts, bill, mayBeAbsent }) as Promise<Settlement>,
    lose: ({ facts }) => push({ kind: 'lose', facts }) as Promise<Settlement>,
    waiting: () => queues.reduce((sum, queue) => sum + queue.length, 0),
    idle: async () => void (await Promise.all(queues.map((queue) => queue.idle()))),
    close: async () => void (await Promise.all(queues.map((queue) => queue.close()))),
  }
}
