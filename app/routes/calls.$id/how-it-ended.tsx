import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
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

type Short = { needed: ReactNode; ofBudget: boolean; leftNanos: number | null }

/** Of a call that did not fit: what there was for it. After a refund there may be less than nothing. */
const DidNotFit = ({ needed, ofBudget, leftNanos }: Short) => {
  if (leftNanos === null)
    return (
      <Trans>
        It could have cost up to {needed}, more than was available: it was not sent to the provider,
        held nothing and cost nothing.
      </Trans>
    )
  if (ofBudget && leftNanos <= 0)
    return (
      <Trans>
        It could have cost up to {needed}, and nothing of the budget was left: it was not sent to
        the provider, held nothing and cost nothing.
      </Trans>
    )
  if (leftNanos < 0)
    return (
      <Trans>
        It could have cost up to {needed}, and the account was <Money nanos={-leftNanos} /> below
        zero: it was not sent to the provider, held nothing and cost nothing.
      </Trans>
    )
  if (ofBudget)
    return (
      <Trans>
        It could have cost up to {needed}, and <Money nanos={leftNanos} /> of the budget were left:
        it was not sent to the provider, held nothing and cost nothing.
      </Trans>
    )
  return (
    <Trans>
      It could have cost up to {needed}, and <Money nanos={leftNanos} /> were available: it was not
      sent to the provider, held nothing and cost nothing.
    </Trans>
  )
}

/** What it came to, in a sentence. */
const Cost = ({ outcome, errorCode, costNanos, neededNanos, leftNanos }: Ended) => {
  if (outcome === 'refused' && neededNanos !== null)
    return (
      <DidNotFit
        needed={<Money nanos={neededNanos} />}
        ofBudget={errorCode === 'key_budget_exceeded'}
        leftNanos={leftNanos}
      />
    )
  if (outcome === 'refused')
    return <Trans>It was not sent to the provider, held nothing and cost nothing.</Trans>
  if (costNanos === 0) return <Trans>It cost nothing.</Trans>
  return (
    <Trans>
      What was used until then cost <Money nanos={costNanos} />.
    </Trans>
  )
}

/** Why a call did not complete, what that cost, and what to do; nothing where it did. */
export const HowItEnded = ({ call, seesMoney, billingPath, keyPath }: HowItEndedProps) => {
  const { t } = useLingui()
  const reason = endReason(call, seesMoney)
  if (!reason) return null
  const { errorCode } = call
  return (
    <Notice tone={reason.tone} title={t(reason.title)}>
      <p>
        <Cost {...call} /> {t(reason.advice)}{' '}
        {errorCode === 'insufficient_balance' && seesMoney && (
          <TextLink to={billingPath}>
            <Trans>Billing</Trans>
          </TextLink>
        )}
        {errorCode === 'key_budget_exceeded' && (
          <TextLink to={keyPath(call.keyId)}>
            <Trans>Its key</Trans>
          </TextLink>
        )}
      </p>
    </Notice>
  )
}
