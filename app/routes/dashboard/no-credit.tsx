import { Trans, useLingui } from '@lingui/react/macro'
import { AddCreditHere, type HowToAdd } from '../../ui/account/add-credit.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'

/** What to do where no call can be paid any more; `owedNanos`: how far the account is below zero. */
export const NoCredit = ({ owedNanos, ...how }: HowToAdd & { owedNanos: number }) => {
  const { t } = useLingui()
  return (
    <Notice tone="warn" title={t`There is no credit left`}>
      <p>
        <Trans>Calls are refused until there is some.</Trans>
      </p>
      {owedNanos > 0 && (
        <p>
          <Trans>
            The account is <Money nanos={owedNanos} /> below zero, which new credit fills first.
          </Trans>
        </p>
      )}
      <AddCreditHere {...how} />
    </Notice>
  )
}
