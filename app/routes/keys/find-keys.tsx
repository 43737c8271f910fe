import { FindForm } from '../../ui/account/find-form.tsx'
import type { KeyStatus } from '../../values/key-statuses.ts'

type FindKeysProps = {
  action: string
  filter: { name: string | null; status: KeyStatus | null }
}

const words = {
  active: 'Active',
  spent: 'Budget used up',
  disabled: 'Disabled',
  expired: 'Expired',
  revoked: 'Revoked',
} satisfies Record<KeyStatus, string>

/** Narrows the list of keys. */
export const FindKeys = ({ action, filter }: FindKeysProps) => (
  <FindForm
    action={action}
    text={{ name: 'name', label: 'Called', typed: filter.name ?? '' }}
    state={{ name: 'status', chosen: filter.status, words }}
  />
)
