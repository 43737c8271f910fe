import type { CallErrorCode } from '../../values/error-codes.ts'
import type { Outcome } from '../../values/outcomes.ts'
import type { Tone } from '../badge.tsx'

export type CallEnd = { outcome: Outcome; errorCode: CallErrorCode | null }
type EndLook = { tone: Tone; word: string }

const ends = {
  completed: { tone: 'good', word: 'Completed' },
  refused: { tone: 'warn', word: 'Refused' },
  failed: { tone: 'bad', word: 'Failed' },
  disconnected: { tone: 'plain', word: 'Left by client' },
  revoked: { tone: 'warn', word: 'Cut off: key revoked' },
  lost: { tone: 'bad', word: 'Lost with its relay' },
  late: { tone: 'warn', word: 'Charged late' },
} satisfies Record<Outcome, EndLook>

const errors = {
  invalid_api_key: { tone: 'warn', word: 'Refused: key' },
  insufficient_balance: { tone: 'warn', word: 'Refused: balance' },
  key_budget_exceeded: { tone: 'warn', word: 'Refused: budget' },
  rate_limit_exceeded: { tone: 'bad', word: 'Failed: provider at its limit' },
  internal_error: { tone: 'bad', word: 'Failed: relay' },
  upstream_error: { tone: 'bad', word: 'Failed: provider broke off' },
  upstream_unavailable: { tone: 'bad', word: 'Failed: provider not reached' },
  upstream_timeout: { tone: 'bad', word: 'Failed: provider timed out' },
  upstream_refused: { tone: 'bad', word: 'Failed: provider refused it' },
  overloaded: { tone: 'bad', word: 'Failed: relay was busy' },
  client_closed_request: { tone: 'plain', word: 'Left by client' },
} satisfies Record<CallErrorCode, EndLook>

/** How calls ended, in a word, where people choose among all ways to. */
export const outcomeWord = (outcome: Outcome): string => ends[outcome].word

/** What became of a call and why, in as few words as a list has room for. */
export function endLook({ outcome, errorCode }: CallEnd): EndLook {
  const isOfError = outcome === 'refused' || outcome === 'failed'
  return isOfError && errorCode !== null ? errors[errorCode] : ends[outcome]
}
