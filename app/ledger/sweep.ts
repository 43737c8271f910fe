import { limits } from '../config/limits.ts'
import { run, type Pool } from '../db/db.server.ts'
import { oneByOne } from '../values/one-by-one.ts'
import type { Ledger } from './ledger.ts'
import type { Silence } from './ops.ts'
import type { StoodStill } from './stood-still.ts'

/** How a relay judges others by their silence; whatever is left out is asked of nobody. */
type Judging = Partial<Silence> & {
  /** What it has seen of them since it began to look. */
  still?: StoodStill
}

const { heartbeatSecondsMax, staleHoldsAtOnce, breakSeconds } = limits.ledger

/**
 * Releases what one relay has open: outcome `lost`, cost 0, so a crash costs the operator and never
 * the user. With `ifSilent` each call is spared whose relay is heard after all by the moment it is
 * given up; without, who calls knows that the relay is dead. Answers how many holds it released.
 */
async function sweepRelay(
  pool: Pool,
  ledger: Ledger,
  relayId: Buffer,
  ifSilent?: Silence,
): Promise<number> {
  let released = 0
  for (;;) {
    const found = await run(pool, 'ledger/sweep/holds-of-relay', {
      relayId,
      rows: staleHoldsAtOnce,
    })
    const ends = found.map(({ streamed, ...rest }) => {
      const facts = { ...rest, streamed: streamed === 1, client: null, clientRetry: 0 }
      return ledger.lose({ facts, ...(ifSilent && { ifSilent }) })
    })
    const results = await Promise.allSettled(ends)
    const count = results.filter(
      (it) => it.status === 'fulfilled' && it.value.state === 'settled',
    ).length
    released += count
    // What was spared, or failed, would be found again.
    if (count > 0 && found.length === staleHoldsAtOnce) continue
    const failed = results.find((it) => it.status === 'rejected')
    if (failed) throw failed.reason
    return released
  }
}

/**
 * Whether this relay may judge others: it was heard just now, and for long enough without a break.
 * One that has slept, or whose database was away or had its clock set, would find those silent
 * that did as it did.
 */
async function mayJudge(pool: Pool, { relayId }: Ledger, silence: Silence): Promise<boolean> {
  const { steady } = await run(pool, 'ledger/sweep/read-steadiness', {
    relayId,
    steadySeconds: silence.steadySeconds,
    breakSeconds: silence.breakSeconds,
  })
  return steady === 1
}

/**
 * Releases the holds of relays that have gone silent. Any number of replicas may sweep at once;
 * none sweeps its own calls. Answers how many holds it released. One that fails does not keep the
 * others from it; its failure is thrown at the end.
 */
export async function sweep(
  pool: Pool,
  ledger: Ledger,
  { still, ...asked }: Judging = {},
): Promise<number> {
  const { relayId } = ledger
  const silence = {
    silentSeconds: heartbeatSecondsMax,
    steadySeconds: 0,
    breakSeconds,
    ...asked,
  }
  const { silentSeconds } = silence
  if (silence.steadySeconds > 0 && !(await mayJudge(pool, ledger, silence))) return 0
  let released = 0
  const relays = await run(pool, 'ledger/sweep/silent-relays', { relayId, silentSeconds })
  const sweepAll = oneByOne(relays, async (silent) => {
    if (still?.has(silent) ?? true) released += await sweepRelay(pool, ledger, silent.id, silence)
  })
  const deleteOld = () => run(pool, 'ledger/delete-old-relays', { staleSeconds: silentSeconds })
  await sweepAll.finally(deleteOld)
  return released
}

/**
 * Releases the holds of one relay that is known to be dead, without waiting for its silence: only
 * whoever saw its process end may say so. What it sent last may be carried out later, so that
 * another look is due.
 */
export async function sweepDead(pool: Pool, ledger: Ledger, relayId: Buffer): Promise<number> {
  if (relayId.equals(ledger.relayId)) throw new Error('a relay that sweeps is not dead')
  return sweepRelay(pool, ledger, relayId)
}
