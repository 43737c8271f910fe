import { deflateRawSync } from 'node:zlib'
import { limits } from './limits.ts'

/** Words of placeholders and of first attempts, as they stand without what is between letters. */
const known = [
  'changeme',
  'changethis',
  'replaceme',
  'replacethis',
  'secret',
  'password',
  'passphrase',
  'default',
  'example',
  'placeholder',
  'keyboardcat',
  'letmein',
  'qwerty',
  'deadbeef',
  '12345678',
]

const { kindsLeast, packedBytesLeast, stepShareMax } = limits.sessionSecret

/** The share of characters that only count on, as in `abcd` or `4321`, or stand still. */
function stepShare(text: string): number {
  const steps = [...Buffer.from(text)].filter(
    (code, at, codes) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1,
  )
  return steps.length / text.length
}

/**
 * True of a secret that somebody typed rather than drew: one with a word of placeholders in it, or
 * with too little in it to be random. Whoever guesses it can sign in as anybody.
 */
export function isGuessable(secret: string): boolean {
  const bare = secret.toLowerCase().replace(/[^a-z0-9]/g, '')
  return (
    known.some((word) => bare.includes(word)) ||
    new Set(secret).size < kindsLeast ||
    deflateRawSync(secret).length < packedBytesLeast ||
    stepShare(secret) > stepShareMax
  )
}
