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

/** What the database keeps of a key. Looked up whole, as bytes: no collation, no numbers. */
export const digestOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')
