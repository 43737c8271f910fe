import type { Outcome } from '../../values/outcomes.ts'
import { holdNotes, waivedWords } from '../../ui/account/receipt-words.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatCount } from '../../ui/format/numbers.tsx'
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
  const withPlan = call.planNanos !== 0 || entries.some((entry) => entry.planAfterNanos !== 0)
  const facts: Fact[] = [
    { name: 'Held before the call', value: <Money nanos={call.holdNanos} isAligned /> },
    { name: 'Charged', value: <Money nanos={chargedNanos} isAligned /> },
    ...(withPlan
      ? [
          { name: '… from the plan', value: <Money nanos={call.planNanos} isAligned /> },
          { name: '… from the balance', value: <Money nanos={call.balanceNanos} isAligned /> },
        ]
      : []),
    { name: 'Released', value: <Money nanos={releasedNanos} isAligned /> },
  ]
  if (call.overrunNanos !== 0) {
    const value = <Money nanos={call.overrunNanos} isAligned />
    facts.push({ name: 'Beyond the hold, not charged', value })
  }
  if (call.waivedNanos !== 0) {
    const value = <Money nanos={call.waivedNanos} isAligned />
    facts.push({ name: waivedWords, value })
  }
  return (
    <div className="grid gap-4">
      <Facts facts={facts} />
      <p className="text-sm text-muted">
        {call.holdNanos === 0
          ? 'This call could cost nothing, so nothing was held.'
          : `The hold covers up to ${formatCount(call.outputTokensMax)} tokens of output. A call never costs more than its hold.`}
        {holdNotes[call.outcome] && ` ${holdNotes[call.outcome]}`}
      </p>
      {entries.map(({ seq, planAfterNanos, balanceAfterNanos, createdAt }) => (
        <div key={seq} className="border-t border-line pt-4">
          <Facts
            facts={[
              { name: 'Ledger entry', value: <TextLink to={ledgerPath}>{`No. ${seq}`}</TextLink> },
              { name: 'Booked', value: <Time at={createdAt} to="millisecond" /> },
              ...(withPlan
                ? [{ name: 'Plan after it', value: <Money nanos={planAfterNanos} isAligned /> }]
                : []),
              { name: 'Balance after it', value: <Money nanos={balanceAfterNanos} isAligned /> },
            ]}
          />
        </div>
      ))}
    </div>
  )
}
