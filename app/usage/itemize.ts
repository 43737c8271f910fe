import { amountOf, itemsOf } from '../catalog/catalog.server.ts'
import { formatScaledUsd } from '../values/money.ts'
import type { TokenClass } from '../values/token-classes.ts'
import type { Receipt } from './receipt.ts'

type ReceiptItem = {
  kind: TokenClass
  tokens: number
  /** Nano-dollars per million tokens. */
  priceNanos: number
  /** Tokens times price in dollars, to the last of up to fifteen decimals. */
  amount: string
}

type Itemized = {
  items: ReceiptItem[]
  /** Their exact sum; the cost is this, rounded up to a whole nano-dollar. */
  sum: string
  isRounded: boolean
  multiplier: number
  /** The price holds for calls of up to so many input tokens; null where it holds for all. */
  upToInputTokens: number | null
}

/** How a call's cost follows from its tokens; undefined where its price is no longer known. */
export function itemizeCall({ call, terms }: Receipt): Itemized | undefined {
  if (!terms) return undefined
  const { tier, multiplier, items } = itemsOf(terms, call, call.serviceTier)
  const scaled = items.reduce((sum, item) => sum + amountOf(item), 0n)
  return {
    items: items
      // Two classes are always there; the others where they were used.
      .filter(({ kind, tokens }) => tokens > 0 || kind === 'input' || kind === 'output')
      .map((item) => ({
        kind: item.kind,
        tokens: item.tokens,
        priceNanos: Number(item.price),
        amount: formatScaledUsd(amountOf(item)),
      })),
    sum: formatScaledUsd(scaled),
    isRounded: scaled % 1_000_000n !== 0n,
    multiplier: Number(multiplier),
    upToInputTokens: tier.upToInputTokens,
  }
}
