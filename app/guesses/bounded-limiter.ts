import { createHmac, randomBytes } from 'node:crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { limits } from '../config/limits.ts'

/**
 * Counts in this process, where the package would keep a number and a timer for every name that
 * comes: names share a bounded number of counts. Which do, nobody outside can work out.
 */
export class BoundedLimiter extends RateLimiterMemory {
  private readonly secret = randomBytes(16)

  override getKey(name: string | number): string {
    const digest = createHmac('sha256', this.secret).update(String(name)).digest()
    return String(digest.readUInt32BE() % limits.addresses.ownCountsMax)
  }
}
