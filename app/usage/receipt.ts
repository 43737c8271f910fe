import {
  readTerms,
  termsAt,
  timeAt,
  windowText,
  type Terms,
  type TermsNow,
} from '../catalog/catalog.server.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import { readOtherUnits } from '../values/other-units.ts'
import type { OtherUnits } from '../values/units.ts'
import { readTries, type Tried } from './tries.ts'

export type Receipt = {
  call: Omit<Row<'usage/read-call'>, 'terms' | 'otherUnits' | 'tries'>
  /** Where there was more than one attempt: all of them. */
  tries: Tried[]
  /** The prices that held when the call began; null where their row is gone. */
  terms: TermsNow | null
  /** Where the price has several times, when this one holds; null where it holds always. */
  when: string | null
  /** What was used besides tokens; null where that cannot be read any more. */
  more: OtherUnits | null
  /** Its charge in the ledger, with the balances it left; none where it cost nothing. */
  entries: Row<'usage/list-entries'>[]
}

/**
 * What there was for a call that was refused for money; null for others. Of a budget that was
 * lowered nothing is left; an account may be below zero.
 */
export const leftFor = ({
  errorCode,
  leftNanos,
}: Pick<Receipt['call'], 'errorCode' | 'leftNanos'>) =>
  leftNanos !== null && errorCode === 'key_budget_exceeded' ? Math.max(0, leftNanos) : leftNanos

/**
 * One call with all that its cost follows from; undefined where the account has no such call, or
 * where it is of another's key than this person's.
 */
export async function readCall(
  db: Db,
  accountId: number,
  callId: Uint8Array,
  userId: number | null = null,
): Promise<Receipt | undefined> {
  const [row, entries] = await Promise.all([
    run(db, 'usage/read-call', { accountId, id: callId }),
    run(db, 'usage/list-entries', { accountId, callId }),
  ])
  if (!row || (userId !== null && row.keyUserId !== userId)) return undefined
  const { terms: text, otherUnits, tries, ...call } = row
  const price = text === null ? null : readTerms(text)
  return {
    call,
    tries: readTries(tries),
    terms: price && termsAt(price, call.startedAt),
    when: price && whenText(price, call.startedAt),
    more: readOtherUnits(otherUnits) ?? null,
    entries,
  }
}

/** The hours of the prices that held then, as an operator types them; by UTC. */
function whenText(price: Terms, at: Date): string | null {
  if (price.times.length === 1) return null
  const { when } = timeAt(price, at)
  return when === null ? 'all other times' : when.map(windowText).join(', ')
}

type CallFound =
  | { state: 'ended'; receipt: Receipt }
  /** It is under way, or its relay has died and no sweep has come yet. */
  | { state: 'open'; hold: Row<'usage/read-open'> }
  /** `retain` has dropped its row, and its charge is still there. */
  | { state: 'dropped'; entries: Row<'usage/list-entries-of-call'>[] }

/** What there is of a call, whosever it is; for an operator. */
export async function findCall(db: Db, callId: Uint8Array): Promise<CallFound | undefined> {
  // A call that ends meanwhile is looked for where it went.
  const hold = await run(db, 'usage/read-open', { id: callId })
  const owner = await run(db, 'usage/find-owner', { id: callId })
  const receipt = owner && (await readCall(db, owner.accountId, callId))
  if (receipt) return { state: 'ended', receipt }
  if (hold) return { state: 'open', hold }
  const entries = await run(db, 'usage/list-entries-of-call', { callId })
  return entries.length ? { state: 'dropped', entries } : undefined
}
