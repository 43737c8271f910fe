import type { Result } from './batch.ts'
import { unservedBill, type CallFacts, type Op, type SettleOp } from './ops.ts'

/** An op in the queue, and whoever waits for what comes of it. */
export type Waiting = {
  op: Op
  since: number
  resolve(result: Result): void
  reject(error: Error): void
  /** The client was told no; a grant that still comes true is given back. */
  abandoned: boolean
  /** What stands is looked at before it is made: a COMMIT, here or elsewhere, may have made it. */
  mayBeMade: boolean
  /** How often the database took a rehearsal, and not this. */
  failures: number
}

export const releaseOf = (facts: CallFacts): SettleOp => ({
  kind: 'settle',
  facts,
  mayBeAbsent: true,
  bill: unservedBill(facts.priceId),
})

export const accountOf = ({ op }: Waiting) => op.facts.accountId
export const isEnd = ({ op }: Waiting) => op.kind !== 'reserve'
