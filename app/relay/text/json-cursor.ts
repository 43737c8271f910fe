import { skipString } from './json-members.ts'

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
const ends: ReadonlySet<number | undefined> = new Set([undefined, 0x2c, 0x5d, 0x7d])
const isEnd = (byte: number | undefined) => isSpace(byte) || ends.has(byte)

/** A place in JSON. Throws where there is something else than JSON.parse would have. */
export class JsonCursor {
  at = 0

  constructor(readonly json: Buffer) {}

  /** The next byte that says something; undefined at the end. */
  get next(): number | undefined {
    while (isSpace(this.json[this.at])) this.at++
    return this.json[this.at]
  }

  /** Goes on behind the byte, where it is the next one. */
  take(byte: number): boolean {
    if (this.next !== byte) return false
    this.at++
    return true
  }

  expect(byte: number) {
    if (!this.take(byte)) throw new SyntaxError(`no ${String.fromCharCode(byte)} at ${this.at}`)
  }

  readString(): string {
    const from = this.at
    this.at = skipString(this.json, from)
    return JSON.parse(this.json.toString('utf8', from, this.at)) as string
  }

  /** A number, or one of the three words. */
  readWord(): unknown {
    const from = this.at
    while (!isEnd(this.json[this.at])) this.at++
    return JSON.parse(this.json.toString('latin1', from, this.at))
  }
}
