import { limits } from '../../config/limits.ts'
import { corrected, moved, partOf, rateOf, taken, waitUs } from '../../values/rates/gcra.ts'
import type { Definition } from '../definition.ts'

type Bounds = Definition['limits']

/** A call at this moment, by the process's clock: what it is reckoned at, and how many relays call. */
type Asking = { tokens: number; nowMs: number; relays: number }

const { burstSecondsUsual } = limits.rates
const rateIn = (aMinute: number, relays: number) =>
  partOf(rateOf(aMinute, burstSecondsUsual), relays)

/** The moment of what was taken while another limit held. */
function movedTo(aMinute: number | undefined, was: number | undefined, us: number, nowUs: number) {
  if (aMinute === undefined || was === undefined) return us
  return moved(rateOf(was, burstSecondsUsual), rateOf(aMinute, burstSecondsUsual), us, nowUs)
}

/** Whether anything of it is bounded by the minute. */
export const isRated = (bounds: Bounds) =>
  bounds?.requestsPerMinute !== undefined || bounds?.tokensPerMinute !== undefined

/**
 * How many requests and tokens a minute go out with one key of an upstream from this process, which
 * keeps to its part of what the upstream takes: relays behind one balancer are asked alike, and an
 * attempt waits for nobody.
 */
export class KeyRate {
  /** What bounded it when it was asked last. */
  private bounds: Bounds
  private requestsUs = 0
  private tokensUs = 0

  lets(bounds: Bounds, { tokens, nowMs, relays }: Asking): boolean {
    const nowUs = nowMs * 1_000
    this.adopt(bounds, nowUs)
    const { requestsPerMinute, tokensPerMinute } = bounds ?? {}
    const hasRequest =
      requestsPerMinute === undefined ||
      waitUs(rateIn(requestsPerMinute, relays), this.requestsUs, 1, nowUs) === 0
    return (
      hasRequest &&
      (tokensPerMinute === undefined ||
        waitUs(rateIn(tokensPerMinute, relays), this.tokensUs, tokens, nowUs) === 0)
    )
  }

  /** Answers how many tokens it takes: of a call that is larger than all of it, all of it. */
  take(bounds: Bounds, { tokens, nowMs, relays }: Asking): number {
    const nowUs = nowMs * 1_000
    this.adopt(bounds, nowUs)
    const { requestsPerMinute, tokensPerMinute } = bounds ?? {}
    if (requestsPerMinute !== undefined)
      this.requestsUs = taken(rateIn(requestsPerMinute, relays), this.requestsUs, 1, nowUs)
    if (tokensPerMinute === undefined) return 0
    const rate = rateIn(tokensPerMinute, relays)
    this.tokensUs = taken(rate, this.tokensUs, tokens, nowUs)
    return Math.min(tokens, rate.burstUs / rate.everyUs)
  }

  /** It used so many tokens more than was taken, or less, by whatever bounds there are now. */
  correct({ tokens, nowMs, relays }: Asking) {
    const { tokensPerMinute } = this.bounds ?? {}
    if (tokensPerMinute === undefined) return
    const rate = rateIn(tokensPerMinute, relays)
    this.tokensUs = corrected(rate, this.tokensUs, tokens, nowMs * 1_000)
  }

  /** Another bound holds at once: what was taken counts on by number. */
  private adopt(bounds: Bounds, nowUs: number) {
    if (bounds === this.bounds) return
    const { requestsPerMinute, tokensPerMinute } = bounds ?? {}
    const was = this.bounds
    this.requestsUs = movedTo(requestsPerMinute, was?.requestsPerMinute, this.requestsUs, nowUs)
    this.tokensUs = movedTo(tokensPerMinute, was?.tokensPerMinute, this.tokensUs, nowUs)
    this.bounds = bounds
  }
}
