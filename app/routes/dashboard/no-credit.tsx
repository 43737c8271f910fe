import { AddCreditHere, type HowToAdd } from '../../ui/account/add-credit.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'

/** What to do where no call can be paid any more; `owedNanos`: how far the account is below zero. */
export const NoCredit = ({ owedNanos, ...how }: HowToAdd & { owedNanos: number }) => (
  <Notice tone="warn" title="There is no credit left">
    <p>Calls are refused until there is some.</p>
    {owedNanos > 0 && (
      <p>
        The account is <Money nanos={owedNanos} /> below zero, which new credit fills first.
      </p>
    )}
    <AddCreditHere {...how} />
  </Notice>
)
