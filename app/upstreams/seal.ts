import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { limits } from '../config/limits.ts'

/** A key with an upstream as the database has it. */
export type SealedKey = { sealed: Uint8Array; sealedBy: Uint8Array }
/** Whose key it is: one that is moved to another row opens nowhere. */
type KeyPlace = { upstream: string; name: string }

export type Sealer = {
  seal(place: KeyPlace, key: string): SealedKey
  /** Undefined where it was sealed by a secret that is not here, for another place, or is damaged. */
  open(place: KeyPlace, sealed: SealedKey): string | undefined
  /** Whether it is sealed by the secret that seals now. */
  isCurrent(sealed: Pick<SealedKey, 'sealedBy'>): boolean
}

const { nonceBytes, tagBytes } = limits.upstreams.seal

const derived = (secret: Uint8Array, purpose: string, bytes: number) =>
  Buffer.from(hkdfSync('sha256', secret, '', `ai-api-relay upstream keys, ${purpose}`, bytes))

/** A secret's key, and a name of it that tells nothing of it. */
const lockOf = (secret: Uint8Array) => ({
  key: derived(secret, 'sealing', 32),
  id: derived(secret, 'name of the secret', 8),
})

const aadOf = ({ upstream, name }: KeyPlace) => Buffer.from(`${upstream}\0${name}`)

/**
 * Seals keys with AES-256-GCM under the first of the secrets, and opens what any of them sealed. A
 * sealed key is its nonce, its tag and then itself.
 */
export function createSealer(secrets: readonly Uint8Array[]): Sealer {
  const locks = secrets.map(lockOf)
  const [current] = locks
  if (!current) throw new Error('a sealer needs a secret')
  return {
    seal(place, key) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(aadOf(place))
      const text = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()])
      return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]), sealedBy: current.id }
    },
    open(place, { sealed, sealedBy }) {
      const lock = locks.find(({ id }) => id.equals(sealedBy))
      if (!lock || sealed.length < nonceBytes + tagBytes) return undefined
      const bytes = Buffer.from(sealed)
      const options = { authTagLength: tagBytes }
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', lock.key, nonce, options)
        .setAAD(aadOf(place))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      const text = decipher.update(bytes.subarray(nonceBytes + tagBytes))
      return isGenuine(decipher) ? text.toString('utf8') : undefined
    },
    isCurrent: ({ sealedBy }) => current.id.equals(sealedBy),
  }
}

function isGenuine(decipher: { final(): Buffer }): boolean {
  try {
    decipher.final()
    return true
  } catch {
    // Node's only answer to a tag that does not fit.
    return false
  }
}
