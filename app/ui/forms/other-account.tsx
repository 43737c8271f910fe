import { Trans } from '@lingui/react/macro'
import { Button, ButtonLink } from '../button.tsx'

type Account = { id: number; name: string }
export type OtherAccounts = {
  /** Where the session works now. */
  now: Account
  /** For which the page was shown; null where the person is not in it any more. */
  then: Account | null
}
type OtherAccountProps = OtherAccounts & { action: string; dashboard: string }

/** The ways on for who has sent a form of one account while they work in another. */
export const OtherAccount = ({ action, dashboard, now, then }: OtherAccountProps) => (
  <div className="flex flex-wrap gap-3">
    <ButtonLink look="secondary" to={dashboard}>
      <Trans>Go on in {now.name}</Trans>
    </ButtonLink>
    {then && (
      <form method="post" action={action}>
        <input type="hidden" name="account" value={then.id} />
        <Button look="secondary">
          <Trans>Back to {then.name}</Trans>
        </Button>
      </form>
    )}
  </div>
)
