import { Trans } from '@lingui/react/macro'
import { TextLink } from '../link.tsx'

type CreditWaysProps = {
  topUpUrl: string | null
  contact: string | null
  contactUrl: string | null
}

/** Where else credit can be had, as the operator has said it. */
export const CreditWays = ({ topUpUrl, contact, contactUrl }: CreditWaysProps) => {
  const shortUrl = topUpUrl?.replace(/^https?:\/\//, '')
  return (
    <>
      {topUpUrl !== null && (
        <p>
          <Trans>
            Credit can be had at <TextLink to={topUpUrl}>{shortUrl}</TextLink>
          </Trans>
        </p>
      )}
      {contact !== null && (
        <p>
          {contactUrl !== null ? (
            <Trans>
              Whom to ask: <TextLink to={contactUrl}>{contact}</TextLink>
            </Trans>
          ) : (
            <Trans>Whom to ask: {contact}</Trans>
          )}
        </p>
      )}
      {topUpUrl === null && contact === null && (
        <p>
          <Trans>Ask whoever runs this relay for credit.</Trans>
        </p>
      )}
    </>
  )
}
