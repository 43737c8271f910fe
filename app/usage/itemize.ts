import {
  amountDecimals,
  amountOf,
  itemsOf,
  plainPoints,
  priceDecimals,
} from '../catalog/catalog.server.ts'
import { formatFineUsd } from '../values/money.ts'
import type { Unit } from '../values/units.ts'
import type { Receipt } from './receipt.ts'

type ReceiptItem = {
  unit: Unit
  count: number
  /** Dollars per million, at the service tier. */
  price: string
  /** The count times the price in dollars, to the last decimal. */
  amount: string
}

type Itemized = {
  /** So many tokens of the output are reasoning, and have no line of their own. */
  reasoningInside: number
  items: ReceiptItem[]
  /** Their exact sum; the cost is this, rounded up to a whole nano-dollar. */
  sum: string
  isRounded: boolean
  /** How many times the plain price the service tier costs. */
  multiplier: number
  /** The price holds for calls of up to so many input tokens; null where it holds for all. */
  upToInputTokens: number | null
}

const shortUsd = (amount: bigint, decimals: number) =>
  formatFineUsd(amount, decimals).replace(/(\.\d\d\d*?)0*$/, '$1')

/** How a call's cost follows from its units; undefined where its price is no longer known. */
export function itemizeCall({ call, terms }: Receipt): Itemized | undefined {
  if (!terms) return undefined
  const { tier, basisPoints, items } = itemsOf(terms, call, call.serviceTier)
  const amount = items.reduce((sum, item) => sum + amountOf(item), 0n)
  const isBeside = items.some(({ unit, count }) => unit === 'reasoning' && count > 0)
  return {
    reasoningInside: isBeside ? 0 : call.reasoningTokens,
    items: items
      // Two classes are always there; the others where they were used.
      .filter(({ unit, count }) => count > 0 || unit === 'input' || unit === 'output')
      .map((item) => ({
        unit: item.unit,
        count: item.count,
        price: shortUsd(item.price, priceDecimals),
        amount: formatFineUsd(amountOf(item), amountDecimals),
      })),
    sum: formatFineUsd(amount, amountDecimals),
    isRounded: amount % 10n ** BigInt(amountDecimals) !== 0n,
    multiplier: basisPoints / plainPoints,
    upToInputTokens: tier.upToInputTokens,
  }
}
