import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'
import type { Outcome } from '../../values/outcomes.ts'
import type { SaidForWord, Unit } from '../../values/units.ts'
import type { UsageFlag, UsageSource } from '../../values/usage-sources.ts'

/** What a receipt says on its page, and in English on the command line; so nothing is filled in. */

export const howItEnded = {
  completed: msg`completed`,
  refused: msg`refused before it was sent to the upstream`,
  failed: msg`failed at the upstream`,
  disconnected: msg`the client left before the end`,
  revoked: msg`cut off, because the key was revoked`,
  lost: msg`lost with the relay that made it`,
  late: msg`booked after its hold had been released`,
} satisfies Record<Outcome, MessageDescriptor>

export const unitNames = {
  input: msg`Input`,
  cachedInput: msg`Input from the cache`,
  cacheWrite: msg`Input written to the cache`,
  cacheWrite1h: msg`Input written to the cache for an hour`,
  output: msg`Output`,
  reasoning: msg`Reasoning`,
  inputAudio: msg`Sound in the input`,
  cachedInputAudio: msg`Sound from the cache`,
  outputAudio: msg`Sound in the output`,
  inputImage: msg`Pictures in the input`,
  outputImage: msg`Pictures in the output`,
  searches: msg`Searches`,
  requests: msg`Requests`,
  seconds: msg`Seconds`,
  characters: msg`Characters`,
  images: msg`Images`,
} satisfies Record<Unit, MessageDescriptor>

/** For how many of a unit a price is, behind it. */
export const perWords = {
  each: msg`each`,
  'a thousand': msg`a thousand`,
  'a million': msg`a million`,
} satisfies Record<SaidForWord, MessageDescriptor>

export const sourceWords = {
  upstream: msg`The tokens are those that the upstream reported.`,
  counted: msg`The upstream did not say how many tokens it was; they were counted here, which is an estimate for models of other makers than OpenAI.`,
  none: msg`No tokens were used.`,
} satisfies Record<UsageSource, MessageDescriptor>

export const flagWords = {
  clamped: msg`A part that was reported as more than its whole was taken as its whole.`,
  summed: msg`The parts did not add up to the total that was reported; what was missing is output.`,
  zeros: msg`The upstream reported nothing where there was something; that was counted here.`,
  early: msg`The upstream did not report to the end; the output was counted here.`,
  absurd: msg`What the upstream reported could not be; the tokens were counted here.`,
} satisfies Record<UsageFlag, MessageDescriptor>

/** What became of the hold of a call that did not end with its relay's own settlement. */
export const holdNotes = {
  completed: null,
  refused: null,
  failed: null,
  disconnected: null,
  revoked: null,
  lost: msg`The relay that made this call went silent: its hold was released, and nothing was charged.`,
  late: msg`The relay that made this call was silent for too long: its hold was released, and what the call had cost was charged when it was heard of again.`,
} satisfies Record<Outcome, MessageDescriptor | null>

/** Why an attempt failed, without words that are the operator's own to read. */
export const whyTryFailed = {
  unreachable: msg`could not be reached`,
  late: msg`did not answer in time`,
  refused: msg`refused`,
  failed: msg`failed`,
} as const

/** Of what the relay has no charge for: an attempt that failed, or an answer that nobody got. */
export const waivedWords = msg`Nobody is charged for (the operator may have to pay it)`

/** Whether a provider was paid for an attempt, which its customer is not charged for beside the call. */
export const chargedWords = (charged: boolean | 'maybe'): MessageDescriptor =>
  charged === 'maybe' ? msg`may be billed to the operator` : charged ? msg`billed` : msg`not billed`
