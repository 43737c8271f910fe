import { limits } from '../config/limits.ts'

/** A number as it is written: a float would round what it says. */
export class Numeral {
  constructor(readonly text: string) {}
}

export class JsonObject {
  readonly members = new Map<string, Json>()
  /** Names that stand in it more than once: which of their values is meant, nobody can say. */
  readonly twice = new Set<string>()

  add(name: string, value: Json) {
    if (this.members.has(name)) this.twice.add(name)
    this.members.set(name, value)
  }
}

export type Json = null | boolean | string | Numeral | Json[] | JsonObject

const { depthMax, valuesMax } = limits.priceLists

const space = /[ \t\n\r]*/y
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y
// Python writes the last three, which are no JSON: what they stand for is refused, and nothing else.
const word = /true|false|null|NaN|-?Infinity/y
const words = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** Where in a text something is wrong, as an editor counts. */
function placeIn(text: string, at: number): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`
}

class Reader {
  private at = 0
  private values = 0
  constructor(private readonly text: string) {}

  private fail(why: string): never {
    throw new SyntaxError(`${placeIn(this.text, this.at)}: ${why}`)
  }

  private taken(form: RegExp): string | undefined {
    form.lastIndex = this.at
    const found = form.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  private takes(sign: string): boolean {
    this.taken(space)
    if (this.text[this.at] !== sign) return false
    this.at++
    return true
  }

  private readText(): string {
    const from = this.at
    for (let end = from + 1; ; end++) {
      end = this.text.indexOf('"', end)
      if (end < 0) return this.fail('a text without an end')
      let first = end
      while (this.text[first - 1] === '\\') first--
      if ((end - first) % 2 !== 0) continue
      try {
        const text = JSON.parse(this.text.slice(from, end + 1)) as string
        this.at = end + 1
        return text
      } catch {
        // Its own words tell of a place within the slice.
        return this.fail('a text that is not one of JSON')
      }
    }
  }

  private readList(depth: number): Json[] {
    const list: Json[] = []
    if (this.takes(']')) return list
    do list.push(this.readValue(depth + 1))
    while (this.takes(','))
    return this.takes(']') ? list : this.fail('"," or "]" is missing')
  }

  private readObject(depth: number): JsonObject {
    const object = new JsonObject()
    if (this.takes('}')) return object
    do {
      this.taken(space)
      if (this.text[this.at] !== '"') this.fail('the name of a member is missing')
      const name = this.readText()
      if (!this.takes(':')) this.fail('":" is missing')
      object.add(name, this.readValue(depth + 1))
    } while (this.takes(','))
    return this.takes('}') ? object : this.fail('"," or "}" is missing')
  }

  private readValue(depth: number): Json {
    if (depth > depthMax) this.fail(`nested more than ${depthMax} deep`)
    if (++this.values > valuesMax) this.fail(`more than ${valuesMax} values`)
    if (this.takes('{')) return this.readObject(depth)
    if (this.takes('[')) return this.readList(depth)
    if (this.text[this.at] === '"') return this.readText()
    const found = this.taken(word)
    const meant = found === undefined ? undefined : words.get(found)
    if (meant !== undefined) return meant
    if (found !== undefined) return new Numeral(found)
    const digits = this.taken(numeral)
    if (digits !== undefined) return new Numeral(digits)
    return this.fail(this.at < this.text.length ? 'no value of JSON' : 'the text ends too early')
  }

  readAll(): Json {
    const value = this.readValue(1)
    this.taken(space)
    return this.at === this.text.length ? value : this.fail('something stands behind the end')
  }
}

/**
 * Reads JSON with its numbers as they are written, and with what stands twice in an object.
 * @throws SyntaxError that says where the text is no JSON, or is nested or filled beyond all sense.
 */
export const readJson = (text: string): Json => new Reader(text).readAll()

/**
 * What a program has of the same. A float's shortest text is what it was made of, up to 15 digits
 * (IEEE 754, DBL_DIG), and a price that a row can say has no more.
 */
export function jsonOf(value: unknown): Json {
  if (typeof value === 'number') return new Numeral(String(value))
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value === 'object' && value !== null) {
    const object = new JsonObject()
    for (const [name, member] of Object.entries(value))
      if (member !== undefined) object.add(name, jsonOf(member))
    return object
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}
