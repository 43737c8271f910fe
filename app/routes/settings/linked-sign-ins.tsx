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
export const Unlinked = ({ kind }: { kind: 'unlinked' | 'last-way' | 'gone-way' }) =>
  kind === 'unlinked' ? (
    <Notice tone="good" title="This way to sign in was removed" isAnswer>
      <p>You are signed out everywhere else. Whoever signs in with it from now on is new here.</p>
    </Notice>
  ) : kind === 'last-way' ? (
    <Notice tone="bad" title="This is the last way to sign in that you have" isAnswer>
      <p>Nothing was changed. Add another one first.</p>
    </Notice>
  ) : (
    <Notice tone="bad" title="This way to sign in is not yours any more" isAnswer>
      <p>Nothing was changed. It may have been removed in another window.</p>
    </Notice>
  )

/** How somebody signs in, and what can be added. Plain forms: what follows is the provider's page. */
export const LinkedSignIns = ({ action, linked, linkable }: LinkedSignInsProps) => (
  <>
    <Table
      label="Ways to sign in"
      heads={[
        { text: 'Provider' },
        { text: 'Your id there' },
        { text: 'Added' },
        { text: 'Change', isHidden: true },
      ]}
    >
      {linked.map(({ provider, label, providerUserId, shownId, linkedAt, mayGo }) => (
        <Row key={provider + providerUserId}>
          <Cell narrow="max-md:font-semibold">{label}</Cell>
          <Cell label="Your id there">
            <span className="wrap-anywhere">{shownId}</span>
          </Cell>
          <Cell label="Added">
            <Time at={linkedAt} to="day" />
          </Cell>
          <Cell>
            {mayGo && (
              <PostForm reloadDocument action={action} className="md:text-right">
                <input type="hidden" name="intent" value="unlink" />
                <input type="hidden" name="provider" value={provider} />
                <input type="hidden" name="id" value={providerUserId} />
                <button
                  type="submit"
                  aria-label={`Remove ${label}, ${shownId}`}
                  className="cursor-pointer rounded-sm py-1 font-medium text-accent underline decoration-accent/40 underline-offset-3 print:hidden"
                >
                  Remove
                </button>
              </PostForm>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
    {linkable.length > 0 && (
      <div className="flex flex-wrap gap-3 border-t border-line px-4 py-4 sm:px-6 print:hidden">
        {linkable.map(({ name, label }) => (
          <PostForm key={name} reloadDocument action={action}>
            <input type="hidden" name="intent" value="link" />
            <input type="hidden" name="provider" value={name} />
            <Button look="secondary">Add {label}</Button>
          </PostForm>
        ))}
      </div>
    )}
  </>
)
