import { CreditWays } from '../../ui/account/credit-ways.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'

type NoCreditProps = {
  /** Nothing was ever called: the account has just begun. */
  isNew: boolean
  /** How far the account is below zero. */
  owedNanos: number
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

/** What to do where no call can be paid. */
export const NoCredit = ({
  isNew,
  owedNanos,
  mayAdd,
  addPath,
  redeemPath,
  ways,
}: NoCreditProps) => (
  <Notice
    tone="warn"
    title={isNew ? 'The next step: credit for your first call' : 'There is no credit left'}
  >
    <p>
      {isNew
        ? 'Your key works as soon as there is some.'
        : 'Calls are refused until there is some.'}
      {owedNanos > 0 && (
        <>
          {' '}
          The account is <Money nanos={owedNanos} /> below zero, which new credit fills first.
        </>
      )}
    </p>
    {!mayAdd ? (
      <p>Ask an owner of this account to add some.</p>
    ) : ways.pays || ways.redeems ? (
      <div className="flex flex-wrap gap-3">
        {ways.pays && <ButtonLink to={addPath}>Add credit</ButtonLink>}
        {ways.redeems && (
          <ButtonLink look={ways.pays ? 'secondary' : 'primary'} to={redeemPath}>
            Redeem a code
          </ButtonLink>
        )}
      </div>
    ) : (
      <CreditWays {...ways} />
    )}
  </Notice>
)
