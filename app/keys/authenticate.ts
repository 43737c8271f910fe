import { limits } from '../config/limits.ts'
import { inTime, run, type Db } from '../db/db.server.ts'
import { Pace } from '../http/http.server.ts'
import { digestOf, digestTextOf, secretIn, type KeyHeaders } from './secret.ts'

/**
 * Facts of a secret that never change: the how many-th it is of its key. Whether it is still good,
 * the reservation reads.
 */
export type Caller = { keyId: number; accountId: number; secretNo: number }

export type Authenticator = (request: KeyHeaders) => Promise<Caller | undefined>

/**
 * Finds the caller of a request by its key. Answers undefined for anything missing, malformed or
 * unknown, and asks the database only about text of a key's form.
 */
export function createAuthenticator(db: Db, cachedMax: number): Authenticator {
  const cache = new Map<string, Caller>()
  const unknown = new Pace(limits.keys.unknown)
  return async (request) => {
    const secret = secretIn(request)
    if (secret === undefined) return undefined
    // By the whole digest: a part of it would let one key stand for another.
    const id = digestTextOf(secret)
    const cached = cache.get(id)
    if (cached) return cached
    const found = run(db, 'keys/find-by-digest', { digest: digestOf(secret) })
    const caller = (await inTime(limits.keys.findMsMax, found)) as Caller | undefined
    if (!caller) {
      // Whoever guesses asks again at once; whoever has mistyped can wait this long.
      await unknown.wait('')
      return undefined
    }
    const [oldest] = cache.keys()
    if (oldest !== undefined && cache.size >= cachedMax) cache.delete(oldest)
    cache.set(id, caller)
    return caller
  }
}
