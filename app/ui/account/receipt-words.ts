import type { Outcome } from '../../values/outcomes.ts'
import type { Unit } from '../../values/units.ts'
import type { UsageFlag, UsageSource } from '../../values/usage-sources.ts'

/** What a receipt says, on its page and on the command line. */

export const howItEnded = {
  completed: 'completed',
  refused: 'refused before it was sent to the upstream',
  failed: 'failed at the upstream',
  disconnected: 'the client left before the end',
  revoked: 'cut off, because the key was revoked',
  lost: 'lost with the relay that made it',
  late: 'booked after its hold had been released',
} satisfies Record<Outcome, string>

export const unitNames = {
  input: 'Input',
  cachedInput: 'Input from the cache',
  cacheWrite: 'Input written to the cache',
  cacheWrite1h: 'Input written to the cache for an hour',
  output: 'Output',
  reasoning: 'Reasoning',
  inputAudio: 'Sound in the input',
  cachedInputAudio: 'Sound from the cache',
  outputAudio: 'Sound in the output',
  inputImage: 'Pictures in the input',
  outputImage: 'Pictures in the output',
  searches: 'Searches',
  requests: 'Requests',
  seconds: 'Seconds',
  characters: 'Characters',
  images: 'Images',
} satisfies Record<Unit, string>

/** A price that follows what the upstream takes has an id from here on, which says nothing to people. */
const firstOfUpstreams = 1_000_000_000_000

/** Which price a call was charged by. */
export const priceName = (id: number) =>
  id < firstOfUpstreams ? `Price ${id}` : 'A price that follows the list of its upstream'

/** Why a receipt has no lines. */
export const unknownWords = {
  price: 'is no longer known here; the cost is what was booked.',
  units: 'is known, but what was used besides tokens cannot be read; the cost is what was booked.',
} as const

/** Behind what a service tier multiplies. */
export const feeWords = 'which leaves fees of requests and searches as they are'

export const sourceWords = {
  upstream: 'The tokens are those that the upstream reported.',
  counted:
    'The upstream did not say how many tokens it was; they were counted here, which is an estimate ' +
    'for models of other makers than OpenAI.',
  none: 'No tokens were used.',
} satisfies Record<UsageSource, string>

export const flagWords = {
  clamped: 'A part that was reported as more than its whole was taken as its whole.',
  summed: 'The parts did not add up to the total that was reported; what was missing is output.',
  zeros: 'The upstream reported nothing where there was something; that was counted here.',
  early: 'The upstream did not report to the end; the output was counted here.',
  absurd: 'What the upstream reported could not be; the tokens were counted here.',
} satisfies Record<UsageFlag, string>

/** What became of the hold of a call that did not end with its relay's own settlement. */
export const holdNotes = {
  completed: null,
  refused: null,
  failed: null,
  disconnected: null,
  revoked: null,
  lost: 'The relay that made this call went silent: its hold was released, and nothing was charged.',
  late: 'The relay that made this call was silent for too long: its hold was released, and what the call had cost was charged when it was heard of again.',
} satisfies Record<Outcome, string | null>

/** Why an attempt failed, without words that are the operator's own to read. */
export const whyTryFailed = {
  unreachable: 'could not be reached',
  late: 'did not answer in time',
  refused: 'refused',
  failed: 'failed',
} as const

/** Of what the relay has no charge for: an attempt that failed, or an answer that nobody got. */
export const waivedWords = 'Nobody is charged for (the operator may have to pay it)'

/** Whether a provider was paid for an attempt, which its customer is not charged for beside the call. */
export const chargedWords = (charged: boolean | 'maybe') =>
  charged === 'maybe' ? 'may be billed to the operator' : charged ? 'billed' : 'not billed'
