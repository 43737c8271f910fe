import { createLane, written, type Written, type Lane } from '../../app/db/db.server.ts'
import { randomFrom } from '../random.ts'

/** What becomes of one list of statements, of which the first `after` have run. */
export type InjectedFault =
  /** The server answers with an error; on all but 1205 it has rolled the transaction back. */
  | { kind: 'errno'; errno: number; after: number }
  /** The connection ends and no answer comes, be it before the list, within it or after COMMIT. */
  | { kind: 'lost'; after: number }
/** Chooses the fault of the lane's `index`th list; none lets it through. */
export type FaultPlan = (batch: Written[], index: number) => InjectedFault | undefined

const lockWaitTimeout = 1205
export const transientErrnos = [1213, lockWaitTimeout, 1020] as const

/** A lane on the real database on which faults come true as the plan says. */
export function faultyLane(url: string, plan: FaultPlan): Lane {
  const lane = createLane(url)
  let index = 0
  return {
    async send(batch, how) {
      const fault = plan(batch, index++)
      if (!fault) return lane.send(batch, how)
      const done = batch.slice(0, fault.after)
      if (done.length) await lane.send(done, how)
      if (fault.kind === 'lost') {
        await lane.close()
        throw Object.assign(new Error('injected'), { code: 'ECONNRESET', errno: -104, fatal: true })
      }
      if (fault.errno !== lockWaitTimeout)
        await lane.send([written('ledger/rollback', {})], { continues: true })
      throw Object.assign(new Error('injected'), { errno: fault.errno })
    },
    close: () => lane.close(),
  }
}

/** A ledger gives a lone reservation up, and rightly, at its sixth error that may pass. */
const errnosOnEndMax = 4

/**
 * Faults at `rate` of all lists, of every kind, before, within and after them; never so many errors
 * before a COMMIT comes through that a ledger would be right to give up.
 */
export function randomFaults(seed: number, rate: number): FaultPlan {
  let errnosOnEnd = 0
  const { part: random } = randomFrom(seed)
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  return (batch) => {
    const { length } = batch
    if (random() >= rate) {
      if (batch[length - 1]?.statement.name === 'ledger/commit') errnosOnEnd = 0
      return undefined
    }
    if (random() < 0.6 && errnosOnEnd < errnosOnEndMax) {
      errnosOnEnd++
      // It stays within the list.
      const errno = transientErrnos[upTo(transientErrnos.length - 1)]!
      // An error at COMMIT means that it was not done.
      return { kind: 'errno', errno, after: upTo(length - 1) }
    }
    // The two ends of COMMIT, which is the last of its list, more often than the rest.
    const after = random() < 0.5 ? length - upTo(1) : upTo(length)
    return { kind: 'lost', after }
  }
}
