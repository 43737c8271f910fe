import { hash, randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const form = /^sk-[0-9A-Za-z]{32}$/

/** `sk-` and 32 random base62 characters: 190 bits, so a plain hash is enough to keep it by. */
export function newSecret(): string {
  let secret = 'sk-'
  for (let i = 0; i < 32; i++) secret += alphabet[randomInt(alphabet.length)]
  return secret
}

/** True for text of a key's form; anything else is refused without asking the database. */
export const isSecret = (text: string) => form.test(text)

/**
 * Of the key in an `Authorization` header what its page shows of it, for a log. What has not a key's
 * form may be anybody's secret: nothing is said of it but that it is there.
 */
export function shownEnds(authorization: string | null): string {
  if (authorization === null) return 'none'
  const secret = bearerOf(authorization)
  return secret !== undefined && isSecret(secret)
    ? `${secret.slice(0, 7)}…${secret.slice(-4)}`
    : 'malformed'
}

/** What an `Authorization: Bearer …` header says. */
export const bearerOf = (authorization: string | null) =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]

/** What the database keeps of a key. Looked up whole, as bytes: no collation, no numbers. */
export const digestOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')

/** The same as a key of a map: each byte a letter, with no Buffer made on the way. */
export const digestTextOf = (secret: string): string => hash('sha256', secret, 'binary')
