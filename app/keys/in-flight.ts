import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'

const { lookedUpAtOnce } = limits.keys

/** Why calls under way are ended from outside: their key is revoked, or the process ends. */
type CutBy = 'revoked' | 'shutdown'

/** The calls under way in this process by key, from before their reservation to their settlement. */
export class InFlight {
  private readonly calls = new Map<number, Set<(by: CutBy) => void>>()
  private readonly waiting: (() => void)[] = []
  private all = 0

  /** How many there are. */
  get count() {
    return this.all
  }

  /** Registers a call; the function returned takes it off again. */
  add(keyId: number, cut: (by: CutBy) => void): () => void {
    const ofKey = this.calls.get(keyId) ?? new Set()
    this.calls.set(keyId, ofKey.add(cut))
    this.all++
    return () => {
      if (ofKey.delete(cut)) this.all--
      if (ofKey.size === 0 && this.calls.get(keyId) === ofKey) this.calls.delete(keyId)
      if (this.calls.size === 0) this.waiting.splice(0).forEach((resolve) => resolve())
    }
  }

  cut(keyId: number, by: CutBy = 'revoked') {
    for (const cut of [...(this.calls.get(keyId) ?? [])]) cut(by)
  }

  cutAll() {
    for (const keyId of this.keyIds()) this.cut(keyId, 'shutdown')
  }

  keyIds() {
    return [...this.calls.keys()]
  }

  /** Resolves as soon as no call is under way. */
  async ended() {
    while (this.calls.size) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }
}

/** Tells every relay to end the streams of a key. Redis being away changes only how fast. */
export const announceRevocation = (redis: RedisClient, keyId: number) =>
  redis.publish(keyspace.revokedChannel, String(keyId))

/**
 * Ends the streams of keys that are revoked, by a look into the database: for when Redis is away.
 * One that is away itself also lets no new call start; the next look will find it.
 */
export async function cutDead(db: Db, inFlight: InFlight) {
  const ids = inFlight.keyIds()
  for (let from = 0; from < ids.length; from += lookedUpAtOnce) {
    const dead = await run(db, 'keys/find-dead', {
      ids: ids.slice(from, from + lookedUpAtOnce),
    })
    for (const { id } of dead) inFlight.cut(id)
  }
}

/** Ends streams of revoked keys at once, wherever they were revoked; says which have been. */
export const hearRevocations = (
  redis: RedisClient,
  inFlight: InFlight,
  onRevoked: (keyId: number) => void,
) =>
  redis.subscribe(keyspace.revokedChannel, (message) => {
    inFlight.cut(Number(message))
    onRevoked(Number(message))
  })
