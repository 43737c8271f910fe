import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { CallEnd } from '../../ui/account/outcome-words.ts'
import { endReason } from './end-reason.ts'

type Ended = CallEnd & {
  costNanos: number
  /** Of one that was refused for money: the most it could have cost, and what there was for it. */
  neededNanos: number | null
  leftNanos: number | null
}

type HowItEndedProps = {
  call: Ended & { keyId: number }
  billingPath: string
  keyPath: (id: number) => string
}

/** What it came to, in a sentence. */
const Cost = ({ outcome, errorCode, costNanos, neededNanos, leftNanos }: Ended) => {
  if (outcome === 'refused' && neededNanos !== null && leftNanos !== null)
    return errorCode === 'key_budget_exceeded' ? (
      <>
        It could have cost up to <Money nanos={neededNanos} />, and <Money nanos={leftNanos} /> of
        the budget were left: it was not sent to the provider, held nothing and cost nothing.
      </>
    ) : (
      <>
        It could have cost up to <Money nanos={neededNanos} />, and <Money nanos={leftNanos} /> were
        available: it was not sent to the provider, held nothing and cost nothing.
      </>
    )
  if (outcome === 'refused')
    return <>It was not sent to the provider, held nothing and cost nothing.</>
  if (costNanos === 0) return <>It cost nothing.</>
  return (
    <>
      What was used until then cost <Money nanos={costNanos} />.
    </>
  )
}

/** Why a call did not complete, what that cost, and what to do; nothing where it did. */
export const HowItEnded = ({ call, billingPath, keyPath }: HowItEndedProps) => {
  const reason = endReason(call)
  if (!reason) return null
  const { errorCode } = call
  return (
    <Notice tone={reason.tone} title={reason.title}>
      <p>
        <Cost {...call} /> {reason.advice}{' '}
        {errorCode === 'insufficient_balance' && <TextLink to={billingPath}>Billing</TextLink>}
        {errorCode === 'key_budget_exceeded' && (
          <TextLink to={keyPath(call.keyId)}>Its key</TextLink>
        )}
      </p>
    </Notice>
  )
}
