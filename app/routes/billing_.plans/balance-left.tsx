import { Trans } from '@lingui/react/macro'
import { billingPath } from '../../paths.ts'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'

/** What a plan is paid from; after a refund a balance may be less than nothing. */
export const PaidFrom = ({ balanceNanos }: { balanceNanos: number }) =>
  balanceNanos < 0 ? (
    <Trans>
      A plan is paid from the balance: the balance is <Money nanos={-balanceNanos} /> below zero.
      Calls are paid from its credit first, then from the balance.
    </Trans>
  ) : (
    <Trans>
      A plan is paid from the balance: <Money nanos={balanceNanos} /> of the balance is available.
      Calls are paid from its credit first, then from the balance.
    </Trans>
  )

type ShortProps = { neededNanos: number; availableNanos: number }

/** What a plan costs, and what there is of it. */
export const Short = ({ neededNanos, availableNanos }: ShortProps) =>
  availableNanos < 0 ? (
    <Trans>
      The plan costs <Money nanos={neededNanos} />, and the balance is{' '}
      <Money nanos={-availableNanos} /> below zero. Nothing was charged.{' '}
      <TextLink to={billingPath}>Add credit</TextLink>, then subscribe.
    </Trans>
  ) : (
    <Trans>
      The plan costs <Money nanos={neededNanos} />, and <Money nanos={availableNanos} /> of the
      balance is available. Nothing was charged. <TextLink to={billingPath}>Add credit</TextLink>,
      then subscribe.
    </Trans>
  )
