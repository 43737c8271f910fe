import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import type { KeyStatus } from '../values/key-statuses.ts'
import { readKey, type ApiKey } from './keys.ts'

type Search = {
  /** Part of a name, in either case. */
  name?: string | null
  status?: KeyStatus | null
  /** Whose keys; null for all of the account. */
  userId?: number | null
  /** The key that the page begins behind, or ends before; at most one of them. */
  after?: number | null
  before?: number | null
  rows?: number
}
/** Those that are not revoked first, the newest of each at the top. */
type KeyPage = {
  keys: ApiKey[]
  /** `before` of the page in front, and `after` of the next one, where there are any. */
  before: number | null
  after: number | null
}

const first = { isRevoked: 0, id: Number.MAX_SAFE_INTEGER }

/** Where a key stands now: one that was revoked meanwhile has moved. */
async function placeOf(db: Db, accountId: number, userId: number | null, id: number | null) {
  const key = id === null ? undefined : await readKey(db, accountId, id)
  if (userId !== null && key?.userId !== userId) return undefined
  return key && { isRevoked: Number(key.revokedAt !== null), id: key.id }
}

/** One page of an account's keys, narrowed by name and status. A place that is not is the first. */
export async function listKeyPage(db: Db, accountId: number, search: Search): Promise<KeyPage> {
  const { name = null, status = null, userId = null, after = null, before = null } = search
  const { rows = limits.keys.pageRows } = search
  const place = await placeOf(db, accountId, userId, after ?? before)
  const isBack = before !== null && place !== undefined
  // One more than is shown tells whether there is another page.
  const asked = { accountId, name, status, userId, rows: rows + 1 }
  const { isRevoked, id } = place ?? first
  const from = { isBack: Number(isBack), fromRevoked: isRevoked, fromId: id }
  const found = await run(db, 'keys/list', { ...asked, ...from })
  const isMore = found.length > rows
  const some = found.slice(0, rows)
  const keys = isBack ? some.reverse() : some
  // Where a page was reached from, there are keys on that side too.
  const isBefore = isBack ? isMore : place !== undefined
  const isAfter = isBack || isMore
  return {
    keys,
    before: isBefore ? (keys[0]?.id ?? null) : null,
    after: isAfter ? (keys.at(-1)?.id ?? null) : null,
  }
}

/** The first keys of an account or one of its people: all not revoked, unless fewer are asked for. */
export const listKeys = async (
  db: Db,
  accountId: number,
  rows: number = limits.keys.perAccountMax,
  userId: number | null = null,
): Promise<ApiKey[]> => (await listKeyPage(db, accountId, { rows, userId })).keys
