import type { MessageDescriptor } from '@lingui/core'
import type { Fact } from '../../notices/notices.server.ts'
import { msg } from '../../values/language/msg.ts'
import { formatUsd } from '../../values/money.ts'
import type { AccountNoticeKind } from '../../values/notices/notice-kinds.ts'

/** What is listed at an account; what the operator is told of is not among it. */
export type AccountsFact = Extract<
  Fact,
  { kind: AccountNoticeKind | 'notice.test' | 'address.confirm' }
>

/** As in a mail: exact, and without zeros that say nothing. */
const usd = (nanos: number) => `$${formatUsd(nanos)}`.replace(/(\.\d\d\d*?)0+$/, '$1')

function keyBudget(fact: Extract<Fact, { kind: 'key.budget' }>): MessageDescriptor {
  const { keyId, percent } = fact
  const period = fact.period.split(' ', 1)[0]
  return percent === 100
    ? {
        ...msg`The {period, select, day {budget of the day} week {budget of the week} month {budget of the month} other {budget}} of key {keyId} is used up`,
        values: { period, keyId },
      }
    : {
        ...msg`{percent} % of the {period, select, day {budget of the day} week {budget of the week} month {budget of the month} other {budget}} of key {keyId} are spent`,
        values: { period, keyId, percent },
      }
}

/** What the mails and the calls of an account's notices are called, which the mails say in English. */
export function subjectOf(fact: AccountsFact): MessageDescriptor {
  switch (fact.kind) {
    case 'balance.low': {
      const below = usd(fact.belowNanos)
      return msg`Your credit is below ${below}`
    }
    case 'key.budget':
      return keyBudget(fact)
    case 'plan.ends': {
      const { plan } = fact
      return msg`The plan ${plan} ends`
    }
    case 'payment.received': {
      const { amount, currency } = fact
      return msg`Your payment of ${amount} ${currency} has arrived`
    }
    case 'payment.refunded':
      return msg`A payment was refunded`
    case 'payment.disputed':
      return msg`A payment is disputed`
    case 'notice.test':
      return msg`This is a test`
    case 'address.confirm':
      return msg`Confirm this address`
  }
}
