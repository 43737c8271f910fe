import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { CallEnd } from '../../ui/account/outcome-words.ts'
import { endReason } from './end-reason.ts'

type Ended = CallEnd & {
  costNanos: number
  /** Of one that was refused for money: the most it could have cost, and what there was for it, where that may be seen. */
  neededNanos: number | null
  leftNanos: number | null
}

type HowItEndedProps = {
  call: Ended & { keyId: number }
  seesMoney: boolean
  billingPath: string
  keyPath: (id: number) => string
}

/** What there was for a call that did not fit it; after a refund there may be less than nothing. */
const Left = ({ ofBudget, nanos }: { ofBudget: boolean; nanos: number | null }) => {
  if (nanos === null) return <>more than was available</>
  if (ofBudget && nanos <= 0) return <>and nothing of the budget was left</>
  if (nanos < 0)
    return (
      <>
        and the account was <Money nanos={-nanos} /> below zero
      </>
    )
  return (
    <>
      and <Money nanos={nanos} /> {ofBudget ? 'of the budget were left' : 'were available'}
    </>
  )
}

/** What it came to, in a sentence. */
const Cost = ({ outcome, errorCode, costNanos, neededNanos, leftNanos }: Ended) => {
  if (outcome === 'refused' && neededNanos !== null)
    return (
      <>
        It could have cost up to <Money nanos={neededNanos} />,{' '}
        <Left ofBudget={errorCode === 'key_budget_exceeded'} nanos={leftNanos} />: it was not sent
        to the provider, held nothing and cost nothing.
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
export const HowItEnded = ({ call, seesMoney, billingPath, keyPath }: HowItEndedProps) => {
  const reason = endReason(call, seesMoney)
  if (!reason) return null
  const { errorCode } = call
  return (
    <Notice tone={reason.tone} title={reason.title}>
      <p>
        <Cost {...call} /> {reason.advice}{' '}
        {errorCode === 'insufficient_balance' && seesMoney && (
          <TextLink to={billingPath}>Billing</TextLink>
        )}
        {errorCode === 'key_budget_exceeded' && (
          <TextLink to={keyPath(call.keyId)}>Its key</TextLink>
        )}
      </p>
    </Notice>
  )
}
