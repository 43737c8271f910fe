import { Trans, useLingui } from '@lingui/react/macro'
import type { IdentityProvider } from '../../values/provider-names.ts'
import { Notice } from '../../ui/notice.tsx'
import { Button } from '../../ui/button.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Linked = {
  provider: IdentityProvider
  label: string
  providerUserId: string
  shownId: string
  linkedAt: Date
  /** Another way to sign in would be left. */
  mayGo: boolean
}
type LinkedSignInsProps = {
  action: string
  linked: Linked[]
  linkable: { name: string; label: string }[]
}

/** What has become of a way to sign in that was to be removed. */
export function Unlinked({ kind }: { kind: 'unlinked' | 'last-way' | 'gone-way' }) {
  const { t } = useLingui()
  if (kind === 'unlinked')
    return (
      <Notice tone="good" title={t`This way to sign in was removed`} isAnswer>
        <p>
          <Trans>
            You are signed out everywhere else. Whoever signs in with it from now on is new here.
          </Trans>
        </p>
      </Notice>
    )
  if (kind === 'last-way')
    return (
      <Notice tone="bad" title={t`This is the last way to sign in that you have`} isAnswer>
        <p>
          <Trans>Nothing was changed. Add another one first.</Trans>
        </p>
      </Notice>
    )
  return (
    <Notice tone="bad" title={t`This way to sign in is not yours any more`} isAnswer>
      <p>
        <Trans>Nothing was changed. It may have been removed in another window.</Trans>
      </p>
    </Notice>
  )
}

function Unlink({ action, way }: { action: string; way: Linked }) {
  const { t } = useLingui()
  const { provider, providerUserId, label, shownId } = way
  return (
    <PostForm reloadDocument action={action} className="md:text-right">
      <input type="hidden" name="intent" value="unlink" />
      <input type="hidden" name="provider" value={provider} />
      <input type="hidden" name="id" value={providerUserId} />
      <button
        type="submit"
        aria-label={t`Remove ${label}, ${shownId}`}
        className="cursor-pointer rounded-sm py-1 font-medium text-accent underline decoration-accent/40 underline-offset-3 print:hidden"
      >
        <Trans>Remove</Trans>
      </button>
    </PostForm>
  )
}

/** How somebody signs in, and what can be added. Plain forms: what follows is the provider's page. */
export function LinkedSignIns({ action, linked, linkable }: LinkedSignInsProps) {
  const { t } = useLingui()
  const [yourId, added] = [t`Your id there`, t`Added`]
  const heads = [
    { text: t`Provider` },
    { text: yourId },
    { text: added },
    { text: t`Change`, isHidden: true },
  ]
  return (
    <>
      <Table label={t`Ways to sign in`} heads={heads}>
        {linked.map((way) => (
          <Row key={way.provider + way.providerUserId}>
            <Cell narrow="max-md:font-semibold">{way.label}</Cell>
            <Cell label={yourId}>
              <span className="wrap-anywhere">{way.shownId}</span>
            </Cell>
            <Cell label={added}>
              <Time at={way.linkedAt} to="day" />
            </Cell>
            <Cell>{way.mayGo && <Unlink action={action} way={way} />}</Cell>
          </Row>
        ))}
      </Table>
      {linkable.length > 0 && (
        <div className="flex flex-wrap gap-3 border-t border-line px-4 py-4 sm:px-6 print:hidden">
          {linkable.map(({ name, label }) => (
            <PostForm key={name} reloadDocument action={action}>
              <input type="hidden" name="intent" value="link" />
              <input type="hidden" name="provider" value={name} />
              <Button look="secondary">
                <Trans>Add {label}</Trans>
              </Button>
            </PostForm>
          ))}
        </div>
      )}
    </>
  )
}
