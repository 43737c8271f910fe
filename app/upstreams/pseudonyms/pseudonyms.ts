import { createHmac } from 'node:crypto'
import { deriveKey } from '../../config/derive-key.ts'
import type { Env } from '../../config/env.ts'

/** Of a name: as long as a UUID, which providers take. */
const nameLength = 32

/**
 * The names under which upstreams know accounts, and what is an account's own: whoever has not the
 * key cannot tell whose they are, and no account can take another one's. Those of the accounts that
 * were named last are kept, because most calls are theirs.
 */
export class Pseudonyms {
  private readonly key: Buffer
  private readonly known = new Map<number, string>()

  constructor(
    env: Pick<Env, 'SESSION_SECRET'>,
    private readonly keptMax: number,
  ) {
    this.key = deriveKey(env, 'names with upstreams')
  }

  ofAccount(accountId: number): string {
    const known = this.known.get(accountId)
    if (known !== undefined) return known
    if (this.known.size >= this.keptMax) this.known.clear()
    const name = this.hmac(`account ${accountId}`).slice(0, nameLength)
    this.known.set(accountId, name)
    return name
  }

  /** For what an account calls the beginning that its prompts share. */
  ofCache(accountId: number, given: string): string {
    return this.hmac(`cache ${accountId} ${given}`).slice(0, nameLength)
  }

  /** For what an account says in a member by which an upstream tells its customers apart. */
  ofSaid(accountId: number, member: string, given: string): string {
    if (member === 'prompt_cache_key') return this.ofCache(accountId, given)
    return this.hmac(`said ${accountId} ${member} ${given}`).slice(0, nameLength)
  }

  /**
   * For an idempotency key: all customers share the operator's key with an upstream, where two of
   * them with the same one would share an answer. Each upstream has its own, because two of them
   * may be one provider, to whom their bodies are not the same.
   */
  ofIdempotencyKey(accountId: number, upstream: string, given: string): string {
    return this.hmac(`idempotency ${upstream} ${accountId} ${given}`)
  }

  private hmac(text: string) {
    return createHmac('sha256', this.key).update(text).digest('hex')
  }
}
