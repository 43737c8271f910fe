import { limits } from '../config/limits.ts'
import { Refused } from '../errors/refusal.ts'
import { goDuration } from './headers.ts'
import { figureInEnglish } from '../errors/english.ts'
import type { Limited } from './pass.ts'
import type { Rule } from './rule.ts'

function nameOf({ scope, model }: Rule): string {
  if (scope === 'key') return 'this API key'
  if (scope === 'model') return `this account with ${model}`
  if (scope === 'model-total') return `${model}, of all accounts together`
  return 'this account'
}

function wordsOf({ kind, rule, tokens }: Limited): string {
  const of = nameOf(rule)
  if (kind === 'requests')
    return `Rate limit reached for ${of} on requests per minute (RPM): limit ${figureInEnglish(rule.requests?.limit ?? 0)}.`
  if (kind === 'calls')
    return `Rate limit reached for ${of} on calls at once: limit ${figureInEnglish(rule.calls ?? 0)}.`
  const limit = figureInEnglish(rule.tokens?.limit ?? 0)
  return (
    `Rate limit reached for ${of} on tokens per minute (TPM): limit ${limit}, ` +
    `requested ${figureInEnglish(tokens)}.`
  )
}

/** What a client is told of a limit: which it is, and when to try again, in the words that agents look for. */
export function refusedByLimit(limited: Limited): Refused<'rate_limit_exceeded'> {
  const waitMs = limited.kind === 'calls' ? limits.rates.callsWaitMs : Math.max(1, limited.waitMs)
  const message = `${wordsOf(limited)} Nothing was charged. Please try again in ${goDuration(waitMs)}.`
  const type = limited.kind === 'tokens' ? 'tokens' : 'requests'
  const refused = new Refused('rate_limit_exceeded', { message, type })
  refused.wire.headers['retry-after'] = String(Math.ceil(waitMs / 1_000))
  refused.wire.headers['retry-after-ms'] = String(waitMs)
  return refused
}
