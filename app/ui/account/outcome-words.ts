import type { MessageDescriptor } from '@lingui/core'
import type { CallErrorCode } from '../../values/error-codes.ts'
import { msg } from '../../values/language/msg.ts'
import type { Outcome } from '../../values/outcomes.ts'
import type { Tone } from '../badge.tsx'

export type CallEnd = { outcome: Outcome; errorCode: CallErrorCode | null }
type EndLook = { tone: Tone; word: MessageDescriptor }

const ends = {
  completed: { tone: 'good', word: msg`Completed` },
  refused: { tone: 'warn', word: msg`Refused` },
  failed: { tone: 'bad', word: msg`Failed` },
  disconnected: { tone: 'plain', word: msg`Left by client` },
  revoked: { tone: 'warn', word: msg`Cut off: key revoked` },
  lost: { tone: 'bad', word: msg`Lost with its relay` },
  late: { tone: 'warn', word: msg`Charged late` },
} satisfies Record<Outcome, EndLook>

const errors = {
  invalid_api_key: { tone: 'warn', word: msg`Refused: key` },
  insufficient_balance: { tone: 'warn', word: msg`Refused: balance` },
  key_budget_exceeded: { tone: 'warn', word: msg`Refused: budget` },
  rate_limit_exceeded: { tone: 'bad', word: msg`Failed: provider at its limit` },
  internal_error: { tone: 'bad', word: msg`Failed: relay` },
  upstream_error: { tone: 'bad', word: msg`Failed: provider broke off` },
  upstream_unavailable: { tone: 'bad', word: msg`Failed: provider not reached` },
  upstream_timeout: { tone: 'bad', word: msg`Failed: provider timed out` },
  upstream_refused: { tone: 'bad', word: msg`Failed: provider refused it` },
  overloaded: { tone: 'bad', word: msg`Failed: relay was busy` },
  client_closed_request: { tone: 'plain', word: msg`Left by client` },
} satisfies Record<CallErrorCode, EndLook>

/** How calls ended, in a word, where people choose among all ways to. */
export const outcomeWord = (outcome: Outcome): MessageDescriptor => ends[outcome].word

/** What became of a call and why, in as few words as a list has room for. */
export function endLook({ outcome, errorCode }: CallEnd): EndLook {
  const isOfError = outcome === 'refused' || outcome === 'failed'
  return isOfError && errorCode !== null ? errors[errorCode] : ends[outcome]
}
