import { Trans, useLingui } from '@lingui/react/macro'

type AccountSwitchProps = {
  action: string
  accounts: { id: number; name: string }[]
  current: number
}

/**
 * Which of their accounts somebody works in, and the way to another. A plain form: it loads a new
 * page, so that nothing of the one account stays in the browser's memory.
 */
export const AccountSwitch = ({ action, accounts, current }: AccountSwitchProps) => {
  const { t } = useLingui()
  return (
    <form method="post" action={action} className="flex items-center gap-2">
      <select
        // The browser keeps what was chosen; what is shown is where one is.
        key={current}
        name="account"
        aria-label={t`Account`}
        defaultValue={current}
        className="min-h-10 w-28 truncate rounded-md border border-line-strong bg-surface px-2 sm:w-40"
      >
        {accounts.map(({ id, name }) => (
          <option key={id} value={id}>
            <Trans>
              {name} (No. {id})
            </Trans>
          </option>
        ))}
      </select>
      <button
        type="submit"
        className="min-h-10 cursor-pointer rounded-sm font-medium text-accent underline decoration-accent/40 underline-offset-3"
      >
        <Trans>Switch</Trans>
      </button>
    </form>
  )
}
