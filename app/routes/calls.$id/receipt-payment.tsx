import { Trans, useLingui } from '@lingui/react/macro'
import type { Outcome } from '../../values/outcomes.ts'
import { holdNotes, waivedWords } from '../../ui/account/receipt-words.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { Count } from '../../ui/format/numbers.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'

type ReceiptPaymentProps = {
  call: {
    outcome: Outcome
    holdNanos: number
    costNanos: number
    planNanos: number
    balanceNanos: number
    overrunNanos: number
    waivedNanos: number
    outputTokensMax: number
  }
  chargedNanos: number
  releasedNanos: number
  entries: {
    seq: number
    planAfterNanos: number
    balanceAfterNanos: number
    createdAt: Date
  }[]
  ledgerPath: string
}

/** Hold, charge, and what was released; and the entry in the ledger that says the same. */
export function ReceiptPayment(props: ReceiptPaymentProps) {
  const { call, chargedNanos, releasedNanos, entries, ledgerPath } = props
  const { t } = useLingui()
  const holdNote = holdNotes[call.outcome]
  const withPlan = call.planNanos !== 0 || entries.some((entry) => entry.planAfterNanos !== 0)
  const facts: Fact[] = [
    { name: t`Held before the call`, value: <Money nanos={call.holdNanos} isAligned /> },
    { name: t`Charged`, value: <Money nanos={chargedNanos} isAligned /> },
    ...(withPlan
      ? [
          { name: t`… from the plan`, value: <Money nanos={call.planNanos} isAligned /> },
          { name: t`… from the balance`, value: <Money nanos={call.balanceNanos} isAligned /> },
        ]
      : []),
    { name: t`Released`, value: <Money nanos={releasedNanos} isAligned /> },
  ]
  if (call.overrunNanos !== 0) {
    const value = <Money nanos={call.overrunNanos} isAligned />
    facts.push({ name: t`Beyond the hold, not charged`, value })
  }
  if (call.waivedNanos !== 0) {
    const value = <Money nanos={call.waivedNanos} isAligned />
    facts.push({ name: t(waivedWords), value })
  }
  return (
    <div className="grid gap-4">
      <Facts facts={facts} />
      <p className="text-sm text-muted">
        {call.holdNanos === 0 ? (
          <Trans>This call could cost nothing, so nothing was held.</Trans>
        ) : (
          <Trans>
            The hold covers up to <Count of={call.outputTokensMax} /> tokens of output. A call never
            costs more than its hold.
          </Trans>
        )}{' '}
        {holdNote && t(holdNote)}
      </p>
      {entries.map(({ seq, planAfterNanos, balanceAfterNanos, createdAt }) => (
        <div key={seq} className="border-t border-line pt-4">
          <Facts
            facts={[
              {
                name: t`Ledger entry`,
                value: <TextLink to={ledgerPath}>{t`No. ${seq}`}</TextLink>,
              },
              { name: t`Booked`, value: <Time at={createdAt} to="millisecond" /> },
              ...(withPlan
                ? [{ name: t`Plan after it`, value: <Money nanos={planAfterNanos} isAligned /> }]
                : []),
              { name: t`Balance after it`, value: <Money nanos={balanceAfterNanos} isAligned /> },
            ]}
          />
        </div>
      ))}
    </div>
  )
}
