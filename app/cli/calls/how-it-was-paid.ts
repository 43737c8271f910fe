import { holdNotes, waivedWords } from '../../ui/account/receipt-words.ts'
import { leftFor, type Receipt } from '../../usage/usage.server.ts'
import { inEnglish } from '../../values/language/msg.ts'
import { facts, timeText } from '../verb-result.ts'
import { usd } from './what-it-cost.ts'

/** After a refund, or a dispute, there may have been less than nothing. */
const leftWords = (nanos: number) =>
  nanos < 0 ? `nothing: the account was ${usd(-nanos)} below zero` : usd(nanos)

/** What was held, charged and released, and the ledger's entries. */
export function howItWasPaid({ call, entries }: Receipt): string {
  const leftNanos = leftFor(call)
  const chargedNanos = call.planNanos + call.balanceNanos
  const paid = facts({
    'Could have cost up to': call.neededNanos === null ? null : usd(call.neededNanos),
    [call.errorCode === 'key_budget_exceeded' ? 'Left of the budget' : 'Available']:
      leftNanos === null ? null : leftWords(leftNanos),
    'Held before the call': usd(call.holdNanos),
    'The hold covers': `${call.outputTokensMax} tokens of output`,
    Charged: usd(chargedNanos),
    'from the plan': usd(call.planNanos),
    'from the balance': usd(call.balanceNanos),
    Released: usd(call.holdNanos - chargedNanos),
    'Beyond the hold, not charged': call.overrunNanos === 0 ? null : usd(call.overrunNanos),
    [inEnglish(waivedWords)]: call.waivedNanos === 0 ? null : usd(call.waivedNanos),
    'The provider charges': call.upstreamNanos === null ? null : usd(call.upstreamNanos),
  })
  const note = holdNotes[call.outcome]
  const booked = entries.map(
    ({ seq, createdAt, planAfterNanos, balanceAfterNanos }) =>
      `Ledger entry No. ${seq}, booked ${timeText(createdAt)}: ` +
      `plan after it ${usd(planAfterNanos)}, balance after it ${usd(balanceAfterNanos)}.`,
  )
  return [paid, ...(note ? [inEnglish(note)] : []), ...booked].join('\n')
}
