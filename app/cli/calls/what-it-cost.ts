import { flagWords, sourceWords, unitNames } from '../../ui/account/receipt-words.ts'
import { itemizeCall, type Receipt } from '../../usage/usage.server.ts'
import { plainFactor } from '../../values/factors.ts'
import { inEnglish } from '../../values/language/msg.ts'
import { formatUsd } from '../../values/money.ts'
import { table } from '../verb-result.ts'

/** An amount in full, with its sign. */
export const usd = (nanos: number) => `$${formatUsd(nanos)}`

/** Why there are no lines. */
const unknownWords = {
  price: 'is no longer known here; the cost is what was booked.',
  units: 'is known, but what was used besides tokens cannot be read; the cost is what was booked.',
}

/** What was charged, line by line, and by which price. */
export function whatItCost(receipt: Receipt): string {
  const { call } = receipt
  const itemized = itemizeCall(receipt)
  const lines: string[] = []
  if (typeof itemized !== 'string') {
    const rows = itemized.items.map(({ unit, count, price, per, amount }) => [
      inEnglish(unitNames[unit]),
      count,
      `${price} ${per}`,
      amount,
    ])
    lines.push(table(['what', 'count', 'price in USD', 'USD'], rows))
    const { reasoningInside, account, sum, isRounded } = itemized
    if (reasoningInside > 0) lines.push(`${reasoningInside} tokens of the output are reasoning.`)
    if (account) lines.push(`Sum ${sum}, times ${account.times} for the account ${account.sum}.`)
    if (isRounded) lines.push(`Sum ${account?.sum ?? sum}, rounded up once.`)
  }
  lines.push(`Cost ${usd(call.costNanos)}`, inEnglish(sourceWords[call.usageSource]))
  if (call.usageFlag)
    lines.push(`Flagged ${call.usageFlag}: ${inEnglish(flagWords[call.usageFlag])}`)
  if (typeof itemized === 'string')
    return [...lines, `Price ${call.priceId} ${unknownWords[itemized]}`].join('\n')
  const since = call.priceFrom ? `, in force since ${call.priceFrom.toISOString()}` : ''
  const at = itemized.when === null ? '' : `, at ${itemized.when} UTC`
  const upTo =
    itemized.upToInputTokens === null
      ? ''
      : `, for calls of up to ${itemized.upToInputTokens} input tokens`
  const fees = itemized.hasFees ? ', which leaves fees of requests and searches as they are' : ''
  const times =
    itemized.multiplier === 1 ? '' : `, times ${itemized.multiplier} for ${call.serviceTier}${fees}`
  const sale =
    call.priceFactor === null ? '' : `, times ${call.priceFactor / plainFactor} for the sale`
  return [...lines, `Price ${call.priceId}${since}${at}${upTo}${times}${sale}.`].join('\n')
}
