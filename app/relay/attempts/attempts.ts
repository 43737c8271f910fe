import { limits } from '../../config/limits.ts'
import { askToWait } from '../../errors/errors.ts'
import { isUpstreams, Refused, type CallFailure, type PassedOn } from '../../errors/refusal.ts'
import { refusedByCut } from '../failures.ts'
import type { Run } from '../run.ts'
import { Try } from './try.ts'

/*
 * A call that fails at one upstream is tried at the next one, as long as nothing of an answer has
 * gone out and somebody still waits for it (docs/decisions/0033).
 */

const { triesMax } = limits.retries

/** Begins a call at the best that can serve it. Throws `Refused` where nobody can. */
export function firstTry(run: Run): Try {
  const tried = begin(run)
  if (!tried) throw new Refused('upstream_unavailable')
  return tried
}

/** Begins the next attempt after one that has failed so; undefined where its failure stands. */
export async function nextTry(
  run: Run,
  failed: Try,
  failure: CallFailure | PassedOn,
): Promise<Try | undefined> {
  failed.fail(failure, run.earlyEnd.by)
  if (!isUpstreams(failure) || failed.hasBegun || !mayTryAgain(run)) return undefined
  const giveBack = await run.services.upstreams.retries.take(run.candidates.outlook)
  // Whoever waits for a place may leave meanwhile.
  const next = giveBack && mayTryAgain(run) ? begin(run, giveBack) : undefined
  if (!next) giveBack?.()
  return next
}

function begin(run: Run, giveBack?: () => void): Try | undefined {
  const attempt = run.candidates.next()
  if (!attempt) return undefined
  if (run.tries.length > 0) run.earlyEnd.beginAnother()
  const isLast = run.tries.length + 1 >= mostTries(run)
  const tried = new Try(run, attempt, { isLast, giveBack })
  run.tries.push(tried)
  return tried
}

const mostTries = ({ candidates }: Run) => Math.min(candidates.targets.length, triesMax)

function mayTryAgain(run: Run): boolean {
  const { earlyEnd, exchange, tries } = run
  const isWanted = !exchange.gone.aborted && earlyEnd.by === undefined && !earlyEnd.isLastTry
  return isWanted && tries.length < mostTries(run)
}

/**
 * What the client is told of a call that could have gone to several upstreams: that none of them
 * can serve it now, where one alone would be said to have failed; and that it is a limit only where
 * each of them says so.
 */
export function lastOf(run: Run, failure: CallFailure | PassedOn): CallFailure | PassedOn {
  if (!isUpstreams(failure)) return failure
  // Whoever ended it between two of them has ended it.
  if (run.earlyEnd.by !== undefined) return refusedByCut(run.earlyEnd.by)
  if (run.call.offers.length < 2 || failure.code === 'upstream_timeout') return failure
  const areLimits =
    run.tries.length === mostTries(run) && run.tries.every(({ isLimited }) => isLimited)
  if (areLimits) return failure
  const refused = new Refused('upstream_unavailable')
  const waitMs = Number(failure.wire.headers['retry-after-ms'])
  if (waitMs > 0) askToWait(refused.wire, waitMs)
  return refused
}
