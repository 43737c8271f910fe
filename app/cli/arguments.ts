import { parseArgs } from 'node:util'
import { charactersIn } from '../values/characters.ts'
import { parseFactor } from '../values/factors.ts'
import { parseUsd } from '../values/money.ts'
import { parseTime } from './time.ts'
import type { Syntax } from './syntax.ts'

// parseArgs takes `-5` for an option; behind a space it is an amount like any other.
const shield = (arg: string) => (/^-\.?\d/.test(arg) ? ` ${arg}` : arg)
const unshield = (arg: string) => (/^ -\.?\d/.test(arg) ? arg.slice(1) : arg)

/**
 * The arguments of one verb. Each reader answers its value, or notes what is wrong with it and
 * answers `otherwise`; so one run names everything that is wrong.
 */
export class Arguments {
  readonly problems: string[] = []
  private readonly values = new Map<string, string[]>()
  private readonly flags = new Set<string>()

  constructor(args: string[], usage: Syntax) {
    const { tokens } = parseArgs({
      args: args.map(shield),
      strict: false,
      allowPositionals: true,
      tokens: true,
      options: Object.fromEntries(
        usage.options.map(({ name, takesValue }) => [
          name,
          { type: takesValue ? ('string' as const) : ('boolean' as const) },
        ]),
      ),
    })
    const operands = [...usage.operands]
    for (const token of tokens) {
      if (token.kind === 'option') this.takeOption(token, usage)
      if (token.kind === 'positional') {
        const name = operands.shift()
        if (name) this.values.set(name, [unshield(token.value)])
        else this.problems.push(`"${unshield(token.value)}" is one argument too many`)
      }
    }
    for (const name of operands) this.problems.push(`<${name}> is missing`)
    for (const { name, needed } of usage.options) {
      if (needed && !this.values.has(name)) this.problems.push(`--${name} is missing`)
    }
  }

  private takeOption(
    token: { name: string; rawName: string; value?: string; inlineValue?: boolean },
    usage: Syntax,
  ) {
    const option = usage.options.find(({ name }) => name === token.name)
    const { name, rawName, value } = token
    if (!option || rawName !== `--${name}`) {
      this.problems.push(`there is no option ${rawName}`)
    } else if (!option.takesValue) {
      if (value !== undefined) this.problems.push(`--${name} takes no value`)
      this.flags.add(name)
    } else {
      const given = this.values.get(name) ?? []
      if (given.length > 0 && !option.repeats) this.problems.push(`--${name} is given twice`)
      // Without `=`, what looks like the next option is one: a value was forgotten.
      const forgotten = value === undefined || (!token.inlineValue && /^-./.test(value))
      if (forgotten) this.problems.push(`--${name} needs a value`)
      this.values.set(name, [...given, forgotten ? '' : unshield(value)])
    }
  }

  private read<T, O>(
    name: string,
    otherwise: O,
    wants: string,
    of: (text: string) => T | undefined,
  ) {
    const text = this.values.get(name)?.[0]
    if (text === undefined) return otherwise
    const value = of(text)
    if (value !== undefined) return value
    const complaint = `${name} must be ${wants}`
    // A forgotten value has its own complaint.
    if (!this.problems.includes(`--${name} needs a value`)) this.problems.push(complaint)
    return otherwise
  }

  has = (flag: string) => this.flags.has(flag)
  all = (name: string) => this.values.get(name) ?? []

  text<O>(name: string, otherwise: O, { charsMax = 200, form = /\S/, wants = '' } = {}) {
    return this.read(name, otherwise, wants || `text of at most ${charsMax} characters`, (text) =>
      charactersIn(text) <= charsMax && form.test(text) ? text : undefined,
    )
  }

  /** One word of a closed list. */
  word<Word extends string, O>(name: string, otherwise: O, words: readonly Word[]) {
    return this.read(name, otherwise, words.join(' or '), (text) =>
      words.find((word) => word === text),
    )
  }

  whole<O>(name: string, otherwise: O, least = 1, most = Number.MAX_SAFE_INTEGER) {
    const upTo = most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''
    const wants = `a whole number from ${least}${upTo}`
    return this.read(name, otherwise, wants, (text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN
      return value >= least && value <= most ? value : undefined
    })
  }

  /** Dollars as nano-dollars; `leastNanos` is 0 where an amount may not be negative. */
  usd<O>(name: string, otherwise: O, leastNanos = 0) {
    const wants = `dollars${leastNanos >= 0 ? ', not negative' : ''}, with at most nine decimals`
    return this.read(name, otherwise, wants, (text) => {
      const nanos = parseUsd(text)
      return nanos !== undefined && nanos >= leastNanos ? nanos : undefined
    })
  }

  /** How many times the price, in basis points. Nothing is 0 times its price: it has a price of 0. */
  factor<O>(name: string, otherwise: O) {
    const wants =
      'a factor from 0.0001 to 100 with at most four decimals, such as 0.9; ' +
      'what is to cost nothing has a price of 0 instead'
    return this.read(name, otherwise, wants, parseFactor)
  }

  /** The same, or `none`, which is null. */
  factorOrNone<O>(name: string, otherwise: O) {
    const isNone = this.values.get(name)?.[0] === 'none'
    return isNone ? null : this.factor(name, otherwise)
  }

  time<O>(name: string, otherwise: O) {
    return this.read(
      name,
      otherwise,
      'a time such as 2027-01-31 or 2027-01-31T12:00:00Z',
      parseTime,
    )
  }
}
