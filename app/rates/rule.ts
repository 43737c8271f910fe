import { limits } from '../config/limits.ts'
import { rateOf, type Rate } from '../values/rates/gcra.ts'
import type { LimitScope } from '../values/rates/limit-scopes.ts'

/** What a limit says: null is what a wider scope says, 0 is none whatever that says. */
export type Figures = {
  requests: number | null
  tokens: number | null
  calls: number | null
  burstSeconds: number | null
}
/** What limits can be on. */
export type LimitKind = 'requests' | 'tokens' | 'calls'

/** A limit as it is reckoned with. */
export type Rule = {
  scope: LimitScope
  /** Of the model, where it is on one. */
  model: string | null
  /** A minute, and at once. */
  requests: { limit: number; rate: Rate } | undefined
  tokens: { limit: number; rate: Rate } | undefined
  calls: number | undefined
}

/**
 * What one call is counted by: a limit, in whose name, and of which moment that is known, by the
 * database's clock in milliseconds: of two relays that know another one, the later is right.
 */
export type Held = { id: string; rule: Rule; knownMs: number }

const none: Figures = { requests: null, tokens: null, calls: null, burstSeconds: null }

/** What the first of these says that says something, the narrowest first. */
export const firstOf = (all: readonly (Figures | undefined)[]): Figures =>
  all.reduceRight<Figures>(
    (wider, it) => ({
      requests: it?.requests ?? wider.requests,
      tokens: it?.tokens ?? wider.tokens,
      calls: it?.calls ?? wider.calls,
      burstSeconds: it?.burstSeconds ?? wider.burstSeconds,
    }),
    none,
  )

/** The rule of these figures; undefined where they limit nothing. */
export function ruleOf(
  { requests, tokens, calls, burstSeconds }: Figures,
  of: { scope: LimitScope; model?: string },
): Rule | undefined {
  if (!requests && !tokens && !calls) return undefined
  const seconds = burstSeconds || limits.rates.burstSecondsUsual
  const a = (limit: number | null) => (limit ? { limit, rate: rateOf(limit, seconds) } : undefined)
  return {
    scope: of.scope,
    model: of.model ?? null,
    requests: a(requests),
    tokens: a(tokens),
    calls: calls || undefined,
  }
}
