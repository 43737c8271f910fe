import { Trans, useLingui } from '@lingui/react/macro'
import { curlSnippet, type Clients } from '../snippets.ts'
import { Notice } from '../notice.tsx'
import { Snippet } from '../snippet.tsx'

/** The one time a secret is shown, with a line that works as it stands. */
export const NewSecret = ({
  name,
  secret,
  clients,
}: {
  name: string
  secret: string
  clients: Clients
}) => {
  const { t } = useLingui()
  const curl = curlSnippet(clients, secret)
  return (
    <Notice tone="good" title={t`“${name}” is ready`} isAnswer>
      <p>
        <Trans>
          Copy the key now. It is shown only this once: what is kept is a fingerprint, from which
          nobody can recover the key.
        </Trans>
      </p>
      <Snippet title={t`API key`} text={secret} isWrapped />
      {curl !== null && <Snippet title={t`Try it with curl`} text={curl} />}
    </Notice>
  )
}
