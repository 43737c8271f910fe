import type { IdentityProvider } from '../../values/provider-names.ts'
import { Button } from '../../ui/button.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type LinkedSignInsProps = {
  action: string
  linked: { provider: IdentityProvider; label: string; providerUserId: string; linkedAt: Date }[]
  linkable: { name: string; label: string }[]
}

/** How somebody signs in, and what can be added. Plain forms: what follows is the provider's page. */
export const LinkedSignIns = ({ action, linked, linkable }: LinkedSignInsProps) => (
  <>
    <Table
      label="Ways to sign in"
      heads={[{ text: 'Provider' }, { text: 'Your id there' }, { text: 'Added' }]}
    >
      {linked.map(({ provider, label, providerUserId, linkedAt }) => (
        <Row key={provider + providerUserId}>
          <Cell narrow="max-lg:font-semibold">{label}</Cell>
          <Cell label="Your id there">
            <span className="wrap-anywhere">{providerUserId}</span>
          </Cell>
          <Cell label="Added">
            <Time at={linkedAt} to="day" />
          </Cell>
        </Row>
      ))}
    </Table>
    {linkable.length > 0 && (
      <div className="flex flex-wrap gap-3 border-t border-line px-4 py-4 sm:px-6 print:hidden">
        {linkable.map(({ name, label }) => (
          <form key={name} method="post" action={action}>
            <input type="hidden" name="intent" value="link" />
            <input type="hidden" name="provider" value={name} />
            <Button look="secondary">Add {label}</Button>
          </form>
        ))}
      </div>
    )}
  </>
)
