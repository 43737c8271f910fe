import { TextLink } from '../link.tsx'

type CreditWaysProps = {
  topUpUrl: string | null
  contact: string | null
  contactUrl: string | null
}

/** Where else credit can be had, as the operator has said it. */
export const CreditWays = ({ topUpUrl, contact, contactUrl }: CreditWaysProps) => (
  <>
    {topUpUrl !== null && (
      <p>
        Credit can be had at{' '}
        <TextLink to={topUpUrl}>{topUpUrl.replace(/^https?:\/\//, '')}</TextLink>
      </p>
    )}
    {contact !== null && (
      <p>
        Whom to ask:{' '}
        {contactUrl !== null ? <TextLink to={contactUrl}>{contact}</TextLink> : contact}
      </p>
    )}
    {topUpUrl === null && contact === null && <p>Ask whoever runs this relay for credit.</p>}
  </>
)
