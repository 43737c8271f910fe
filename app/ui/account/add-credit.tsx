import { Trans } from '@lingui/react/macro'
import { ButtonLink } from '../button.tsx'
import { CreditWays } from './credit-ways.tsx'

export type HowToAdd = {
  /** Adding credit is part of the person's role in the account. */
  mayAdd: boolean
  addPath: string
  redeemPath: string
  ways: {
    pays: boolean
    redeems: boolean
    topUpUrl: string | null
    contact: string | null
    contactUrl: string | null
  }
}

/** Where credit comes from: here, elsewhere, or from whomever one has to ask. */
export const AddCreditHere = ({ mayAdd, addPath, redeemPath, ways }: HowToAdd) => {
  if (!mayAdd)
    return (
      <p>
        <Trans>Ask an owner of this account to add some.</Trans>
      </p>
    )
  if (!ways.pays && !ways.redeems) return <CreditWays {...ways} />
  return (
    <div className="flex flex-wrap gap-3">
      {ways.pays && (
        <ButtonLink to={addPath}>
          <Trans>Add credit</Trans>
        </ButtonLink>
      )}
      {ways.redeems && (
        <ButtonLink look={ways.pays ? 'secondary' : 'primary'} to={redeemPath}>
          <Trans>Redeem a code</Trans>
        </ButtonLink>
      )}
    </div>
  )
}
