import { Trans, useLingui } from '@lingui/react/macro'
import { providerWords } from '../../ui/account/order-words.tsx'
import { Button } from '../../ui/button.tsx'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { formatUsdShort } from '../../values/money.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'

type PayFormProps = {
  action: string
  formToken: string
  amounts: readonly number[]
  providers: { name: PaymentProviderName; rate: string | null }[]
  error?: string
  isPending: boolean
}

/** Begins an order: how much, and whom the money goes through. */
export const PayForm = ({
  action,
  formToken,
  amounts,
  providers,
  error,
  isPending,
}: PayFormProps) => {
  const { t } = useLingui()
  return (
    <PostForm action={action} className="grid gap-4 print:hidden">
      <input type="hidden" name="intent" value="pay" />
      <input type="hidden" name="formToken" value={formToken} />
      <ChoiceField
        label={t`Credit`}
        name="amount"
        choices={amounts.map((nanos) => ({
          value: formatUsdShort(nanos),
          text: `$${formatUsdShort(nanos)}`,
        }))}
        chosen={formatUsdShort(amounts[0] ?? 0)}
      />
      {error && (
        <p role="alert" className="text-sm font-medium text-bad">
          {error}
        </p>
      )}
      <div className="flex flex-wrap gap-3">
        {providers.map(({ name }) => {
          const provider = t(providerWords[name])
          return (
            <Button key={name} name="provider" value={name} isPending={isPending}>
              <Trans>Pay with {provider}</Trans>
            </Button>
          )
        })}
      </div>
      {providers.map(({ name, rate }) => {
        const provider = t(providerWords[name])
        return (
          rate && (
            <p key={name} className="text-sm text-muted">
              <Trans>
                {provider}: {rate} for 1 USD
              </Trans>
            </p>
          )
        )
      })}
    </PostForm>
  )
}
