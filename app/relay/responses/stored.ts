import { createHash } from 'node:crypto'
import { limits } from '../../config/limits.ts'
import { inTime, run, type Db } from '../../db/db.server.ts'
import type { Place } from '../endpoint.ts'

/** Answers that upstreams keep: whose they are, and where (docs/decisions/0038). */

const { idCharsMax, stored: bounds } = limits.responses

/** Where an answer lies, and the model that gave it, by our name. */
type StoredResponse = { place: Place; model: string }

const digestOf = (id: string) => createHash('sha256').update(id).digest()

/**
 * Writes whose an answer is. To do so twice changes nothing but its end; one whose id comes for a
 * second account is nobody's any more. Rejects where the database does not take it in time.
 */
export async function noteStored(
  db: Db,
  id: string,
  { accountId, place, model }: StoredResponse & { accountId: number },
): Promise<void> {
  // No client may name a longer one, and dots alone are no name in a path.
  if (id.length > idCharsMax || /^\.*$/.test(id)) return
  const { upstream, key: upstreamKey } = place
  const { days, noteMsMax } = bounds
  const row = { digest: digestOf(id), accountId, upstream, upstreamKey, model, days }
  await inTime(noteMsMax, run(db, 'relay/note-stored', row))
}

/** An account's own answer of this id, or undefined for another's and nobody's alike. */
export async function findStored(
  db: Db,
  id: string,
  accountId: number,
): Promise<StoredResponse | undefined> {
  const asked = { digest: digestOf(id), accountId }
  const found = await inTime(bounds.findMsMax, run(db, 'relay/find-stored', asked))
  if (!found) return undefined
  const { upstream, upstreamKey: key, model } = found
  return { place: { upstream, key }, model }
}

/** The answer is nobody's any more. To say so twice changes nothing. */
export async function forgetStored(db: Db, id: string, accountId: number): Promise<void> {
  const asked = { digest: digestOf(id), accountId }
  await inTime(bounds.findMsMax, run(db, 'relay/forget-stored', asked))
}

/** Takes away what has expired, in turns, so that no statement is long. */
export async function deleteExpiredResponses(
  db: Db,
  { rows, turnsMax }: { rows: number; turnsMax: number } = bounds.sweep,
): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn++)
    if ((await run(db, 'relay/delete-expired-stored', { rows })) < rows) return
}
