import type { MessageDescriptor } from '@lingui/core'
import { createHash, randomBytes } from 'node:crypto'
import { limits } from '../../config/limits.ts'
import { charactersIn } from '../../values/characters.ts'
import { msg } from '../../values/language/msg.ts'

/** Crockford's base32: no I, L, O and U, which people take for others. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const form = /^[0-9A-HJKMNP-TV-Z]+$/
const randomBytesOfCode = 16
const checkBits = 12n
/** 128 random bits and 12 that follow from them, five a character. */
const codeLength = 28
const groupLength = 4

/** So that a slip of the fingers is told from a code that nobody has made. */
function checkOf(bits: bigint): bigint {
  const bytes = Buffer.from(bits.toString(16).padStart(2 * randomBytesOfCode, '0'), 'hex')
  return BigInt(createHash('sha256').update(bytes).digest().readUInt16BE()) >> (16n - checkBits)
}

/** A new code as it is printed: seven groups of four characters. */
export function newCode(): string {
  const bits = BigInt(`0x${randomBytes(randomBytesOfCode).toString('hex')}`)
  let rest = (bits << checkBits) | checkOf(bits)
  let text = ''
  for (let at = 0; at < codeLength; at++) {
    text = (alphabet[Number(rest & 31n)] ?? '') + text
    rest >>= 5n
  }
  return text.replaceAll(/.{4}(?=.)/g, '$&-')
}

/** What is kept of a code. Of 128 random bits a plain hash is enough to find it by. */
export const digestOfCode = (code: string): Buffer =>
  createHash('sha256').update(code.replaceAll('-', '')).digest()

/** Blanks of every script, hyphens and dashes, and what is not seen at all. */
const between = /[\s\p{Z}\p{Cf}\p{Pd}]/gu

const valueOf = (text: string) =>
  [...text].reduce((sum, character) => sum * 32n + BigInt(alphabet.indexOf(character)), 0n)

/** Why a folded text is no code, in words; undefined where it is one. */
function faultIn(folded: string): MessageDescriptor | undefined {
  if (folded === '') return msg`Type the code that you were given.`
  const foreign = [...folded].find((character) => !form.test(character))
  if (foreign === 'U') return msg`There is no letter U in a code. It may be a V.`
  if (foreign !== undefined && foreign <= '~')
    return msg`There is no “${foreign}” in a code: it has letters and digits only.`
  if (foreign !== undefined) {
    const point = (foreign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return msg`“${foreign}” (U+${point}) is in no code, though it may look like a letter or digit that is. Type it anew with the plain letters A to Z and digits 0 to 9.`
  }
  const chars = folded.length
  if (chars !== codeLength)
    return msg`A code has ${codeLength} letters and digits, in groups of ${groupLength}; this one has ${chars}.`
  const value = valueOf(folded)
  if ((value & ((1n << checkBits) - 1n)) === checkOf(value >> checkBits)) return undefined
  return msg`This code has a slip in it: one of its characters is another one. Compare it once more.`
}

type ReadCode = { state: 'read'; digest: Buffer } | { state: 'no code'; why: MessageDescriptor }

/**
 * Reads a code as people type and paste it: in either case, with or without hyphens, blanks where
 * they like, O for 0, I and L for 1. Whatever else it is, is told in words.
 */
export function readCode(given: unknown): ReadCode {
  if (typeof given !== 'string')
    return { state: 'no code', why: msg`A code is a text. Type it into its field.` }
  if (charactersIn(given) > limits.codes.typedCharsMax)
    return { state: 'no code', why: msg`This is longer than any code. Type the code alone.` }
  const folded = given
    .replace(between, '')
    // Only of these letters: others become them in capitals too, as ı and ſ do.
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const why = faultIn(folded)
  if (why !== undefined) return { state: 'no code', why }
  return { state: 'read', digest: digestOfCode(folded) }
}
