import { limits } from '../../config/limits.ts'

/** What is decoded of it, nobody reads. */
const decoded = Buffer.allocUnsafe(limits.tokens.base64CharsAtOnce)

/**
 * Looks at text piece by piece for whether all of it is base64, with its padding or without. Node's
 * decoder passes over what is none, and then writes less; a regular expression takes six times as
 * long.
 */
export class Base64Check {
  private rest = ''
  private isGood = true

  /** Answers whether all so far may be base64. */
  add(text: string): boolean {
    for (let at = 0; this.isGood && at < text.length; at += limits.tokens.base64CharsAtOnce)
      this.addPiece(this.rest + text.slice(at, at + limits.tokens.base64CharsAtOnce))
    return this.isGood
  }

  /** The last four characters wait for what comes: some of them may be padding. */
  private addPiece(text: string) {
    const chars = Math.max(0, text.length - 1 - ((text.length - 1) % 4))
    this.rest = text.slice(chars)
    this.isGood = decoded.write(text.slice(0, chars), 'base64') === (chars / 4) * 3
  }

  /** Whether all of it, from the first piece to the last, was base64. */
  end(): boolean {
    const { rest, isGood } = this
    const padding = /={0,2}$/.exec(rest)?.[0].length ?? 0
    const chars = rest.length - padding
    if (!isGood || chars === 0 || chars === 1 || (padding > 0 && rest.length !== 4)) return false
    return decoded.write(rest.slice(0, chars), 'base64') === Math.floor((chars * 3) / 4)
  }
}
