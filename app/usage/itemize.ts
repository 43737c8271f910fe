import {
  amountDecimals,
  amountOf,
  isFee,
  itemsOf,
  plainPoints,
  priceDecimals,
} from '../catalog/catalog.server.ts'
import { formatFineUsd } from '../values/money.ts'
import { plainFactor } from '../values/factors.ts'
import { saidFor, saidForWords, type SaidForWord, type Unit } from '../values/units.ts'
import type { Receipt } from './receipt.ts'

type ReceiptItem = {
  unit: Unit
  count: number
  /** Dollars for as many as `per` says, at the service tier. */
  price: string
  per: SaidForWord
  /** The count times the price in dollars, to the last decimal. */
  amount: string
}

type Itemized = {
  items: ReceiptItem[]
  /** So many tokens of the output are reasoning, and have no line of their own. */
  reasoningInside: number
  /** The exact sum of the items. */
  sum: string
  /** What the account pays of it, and what that comes to; null where it pays the price. */
  account: { times: number; sum: string } | null
  /** The cost is the last of these sums, rounded up to a whole nano-dollar. */
  isRounded: boolean
  /** How many times the plain price the service tier costs. */
  multiplier: number
  /** Something was charged that a service tier leaves as it is. */
  hasFees: boolean
  /** The price holds for calls of up to so many input tokens; null where it holds for all. */
  upToInputTokens: number | null
  /** The hours and days that it holds at, by UTC; null where it holds always. */
  when: string | null
}

/** Why a cost cannot be taken apart: its price row is gone, or its other units are no longer read. */
type Unknown = 'price' | 'units'

const shortUsd = (amount: bigint, decimals: number) =>
  formatFineUsd(amount, decimals).replace(/(\.\d\d\d*?)0*$/, '$1')
const wholeOf = { 1: 6, 1_000: 3, 1_000_000: 0 }

/** How a call's cost follows from what was used. */
export function itemizeCall({ call, terms, when, more }: Receipt): Itemized | Unknown {
  if (!terms) return 'price'
  if (!more) return 'units'
  const { serviceTier, priceFactor, accountFactor, reasoningTokens } = call
  const sale = { priceFactor: priceFactor ?? plainFactor, accountFactor: plainFactor }
  const { tier, basisPoints, items } = itemsOf(terms, { ...call, more }, serviceTier, sale)
  const sum = items.reduce((total, item) => total + amountOf(item), 0n)
  // There is no remainder: all amounts are multiples of the plain factor.
  const due = (sum * BigInt(accountFactor ?? plainFactor)) / BigInt(plainFactor)
  const isBeside = items.some(({ unit, count }) => unit === 'reasoning' && count > 0)
  return {
    items: items
      // Two classes are always there; the others where they were used.
      .filter(({ unit, count }) => count > 0 || unit === 'input' || unit === 'output')
      .map((item) => ({
        unit: item.unit,
        count: item.count,
        price: shortUsd(item.price, priceDecimals + wholeOf[saidFor[item.unit]]),
        per: saidForWords[saidFor[item.unit]],
        amount: formatFineUsd(amountOf(item), amountDecimals),
      })),
    reasoningInside: isBeside ? 0 : reasoningTokens,
    sum: formatFineUsd(sum, amountDecimals),
    account:
      accountFactor === null
        ? null
        : { times: accountFactor / plainFactor, sum: formatFineUsd(due, amountDecimals) },
    isRounded: due % 10n ** BigInt(amountDecimals) !== 0n,
    multiplier: basisPoints / plainPoints,
    hasFees: items.some((item) => isFee(item.unit) && amountOf(item) > 0n),
    upToInputTokens: tier.upToInputTokens,
    when,
  }
}
