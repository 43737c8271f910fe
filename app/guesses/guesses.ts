import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { limits } from '../config/limits.ts'
import { placeOf } from '../http/http.server.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import { BoundedLimiter } from './bounded-limiter.ts'
import { storeOf } from './store.ts'

export type GuessKind = keyof typeof limits.addresses.guesses
type Who = { address: string } | { accountId: number }

/** One try is let in, and may be given back where it was right; or it is one too many. */
type Taken = { giveBack(): Promise<void> } | { waitMs: number }

export type Guesses = {
  /** Counts one try of an address (of IPv6 its network), or of an account. */
  take(kind: GuessKind, who: Who): Promise<Taken>
}

type By = 'anAddress' | 'anAccount'

function limiterOf(redis: RedisClient, kind: GuessKind, by: By) {
  const { seconds: duration, [by]: points } = limits.addresses.guesses[kind]
  const keyPrefix = keyspace.guesses(kind)
  return new RateLimiterRedis({
    storeClient: storeOf(redis),
    keyPrefix,
    points,
    duration,
    insuranceLimiter: new BoundedLimiter({ keyPrefix, points, duration }),
  })
}

/** A failure of the limiter is ours; what it answers a try too many with is no error. */
const asWait = (thrown: unknown): { waitMs: number } => {
  if (!(thrown instanceof RateLimiterRes)) throw thrown
  return { waitMs: thrown.msBeforeNext }
}

/** All relays count together in Redis; while it is away, each by itself. */
export function createGuesses(redis: RedisClient): Guesses {
  const kinds = Object.keys(limits.addresses.guesses) as GuessKind[]
  const limiters = new Map(
    kinds.map((kind) => [
      kind,
      {
        anAddress: limiterOf(redis, kind, 'anAddress'),
        anAccount: limiterOf(redis, kind, 'anAccount'),
      },
    ]),
  )
  return {
    async take(kind, who) {
      // Each kind has its limiters.
      const { anAddress, anAccount } = limiters.get(kind)!
      const [limiter, name] =
        'address' in who
          ? [anAddress, `from:${placeOf(who.address)}`]
          : [anAccount, `account:${who.accountId}`]
      return limiter
        .consume(name)
        .then(() => ({ giveBack: async () => void (await limiter.reward(name)) }), asWait)
    },
  }
}
