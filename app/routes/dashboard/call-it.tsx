import { Trans, useLingui } from '@lingui/react/macro'
import { Card } from '../../ui/card.tsx'
import { ClientSnippets } from '../../ui/client-snippets.tsx'
import { TextLink } from '../../ui/link.tsx'
import { keyPlaceholder, type Clients } from '../../ui/snippets.ts'

type CallItProps = {
  keyInUse: { name: string; masked: string } | null
  clients: Clients
  keysPath: string
}

/** How each program is set up with a key of the account. */
export const CallIt = ({ keyInUse, clients, keysPath }: CallItProps) => {
  const { t } = useLingui()
  const { name, masked } = keyInUse ?? {}
  return (
    <Card title={t`Call it`}>
      {keyInUse ? (
        <div className="grid gap-3">
          <p className="text-sm text-muted">
            <Trans>
              Replace <code className="font-mono text-ink">{keyPlaceholder}</code> with the whole of
              your key “{name}” ({masked}): only its two ends are kept here. Lost it?{' '}
              <TextLink to={keysPath}>Create another</TextLink>
            </Trans>
          </p>
          <ClientSnippets clients={clients} shownKey={keyPlaceholder} />
        </div>
      ) : (
        <p className="text-sm text-muted">
          <Trans>
            You have no key that works. <TextLink to={keysPath}>Create one</TextLink>
          </Trans>
        </p>
      )}
    </Card>
  )
}
