import { hash, randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const form = /^sk-[0-9A-Za-z]{32}$/

/** `sk-` and 32 random base62 characters: 190 bits, so a plain hash is enough to keep it by. */
export function newSecret(): string {
  let secret = 'sk-'
  for (let i = 0; i < 32; i++) secret += alphabet[randomInt(alphabet.length)]
  return secret
}

/** The secret that 32 bytes stand for, which are as good as random and are as secret. */
export function secretOf(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let secret = 'sk-'
  for (let i = 0; i < 32; i++) {
    secret += alphabet[Number(rest % 62n)]
    rest /= 62n
  }
  return secret
}

/** True for text of a key's form; anything else is refused without asking the database. */
const isSecret = (text: string) => form.test(text)

/** The head of a request, in which a key may be. */
export type KeyHeaders = { header(name: string): string | null }

/** What an `Authorization: Bearer …` header says. */
const bearerOf = (authorization: string | null) =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]

/**
 * The key that a request comes with: in `Authorization: Bearer …`, or in `x-api-key` as clients of
 * Anthropic send theirs. The first of the two that has a key's form: some programs send both, and one
 * of them is another service's.
 */
export function secretIn({ header }: KeyHeaders): string | undefined {
  const bearer = bearerOf(header('authorization'))
  if (bearer !== undefined && isSecret(bearer)) return bearer
  const own = header('x-api-key')
  return own !== null && isSecret(own) ? own : undefined
}

/**
 * Of the key in a request what its page shows of it, for a log. What has not a key's form may be
 * anybody's secret: nothing is said of it but that it is there.
 */
export function shownEnds(request: KeyHeaders): string {
  const secret = secretIn(request)
  if (secret !== undefined) return `${secret.slice(0, 7)}…${secret.slice(-4)}`
  const isThere = request.header('authorization') !== null || request.header('x-api-key') !== null
  return isThere ? 'malformed' : 'none'
}

/** What the database keeps of a key. Looked up whole, as bytes: no collation, no numbers. */
export const digestOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')

/** The same as a key of a map: each byte a letter, with no Buffer made on the way. */
export const digestTextOf = (secret: string): string => hash('sha256', secret, 'binary')
