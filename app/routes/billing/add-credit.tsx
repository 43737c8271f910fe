import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { useNavigation } from '@remix-run/react'
import { CreditWays } from '../../ui/account/credit-ways.tsx'
import { Card } from '../../ui/card.tsx'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'
import { PayForm } from './pay-form.tsx'
import { RedeemForm } from './redeem-form.tsx'

type Answer =
  | { kind: 'code'; typed: string; error: MessageDescriptor }
  | { kind: 'pay'; error: MessageDescriptor }
  | { kind: 'unknown' }

type AddCreditProps = {
  action: string
  credit: {
    ways: {
      hasCodes: boolean
      topUpUrl: string | null
      contact: string | null
      contactUrl: string | null
    }
    formToken: string
    amounts: readonly number[]
    providers: { name: PaymentProviderName; rate: string | null }[]
  }
  answer: Answer | undefined
}

/** Every way by which credit comes: paid here, by a code, and wherever else the operator says. */
export const AddCredit = ({ action, credit, answer }: AddCreditProps) => {
  const { t } = useLingui()
  const { formAction, formData } = useNavigation()
  const pending = formAction === action ? formData?.get('intent') : undefined
  const { ways, providers } = credit
  const refused = answer?.kind === 'code' ? answer : undefined
  const isHere = providers.length > 0 || ways.hasCodes
  const isElsewhere = ways.topUpUrl !== null || ways.contact !== null
  return (
    <>
      {providers.length > 0 && (
        <div id="add-credit">
          <Card title={t`Add credit`}>
            <PayForm
              action={action}
              {...credit}
              error={answer?.kind === 'pay' ? t(answer.error) : undefined}
              isPending={pending === 'pay'}
            />
          </Card>
        </div>
      )}
      {ways.hasCodes && (
        <div id="redeem">
          <Card title={t`Redeem a code`}>
            <RedeemForm
              action={action}
              typed={refused?.typed}
              error={refused && t(refused.error)}
              isPending={pending === 'redeem'}
            />
          </Card>
        </div>
      )}
      {(isElsewhere || !isHere) && (
        <Card title={isHere ? t`More credit` : t`Add credit`}>
          <div className="grid gap-2">
            <CreditWays {...ways} />
          </div>
        </Card>
      )}
    </>
  )
}
