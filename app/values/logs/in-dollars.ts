import { formatUsd } from '../money.ts'

const ofMoney = /_?nanos$/i
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * Facts for a log that people read: what is in nano-dollars, by its name, is there in dollars
 * instead (`budgetNanos: 2500000000` becomes `budget_usd: '2.500000000'`), also further in; all
 * else stays.
 */
export function inDollars(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]: [string, unknown]) => {
      if (ofMoney.test(name) && (value === null || Number.isSafeInteger(value)))
        return [
          `${snake(name.replace(ofMoney, ''))}_usd`,
          value === null ? null : formatUsd(value as number),
        ]
      return [name, isFacts(value) ? inDollars(value) : value]
    }),
  )
}

/** Not a list, and nothing that has a text of its own, as a date has. */
const isFacts = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
