import { useLingui } from '@lingui/react/macro'
import { FindForm } from '../../ui/account/find-form.tsx'
import type { KeyStatus } from '../../values/key-statuses.ts'

type FindKeysProps = {
  action: string
  filter: { name: string | null; status: KeyStatus | null }
}

/** Narrows the list of keys. */
export function FindKeys({ action, filter }: FindKeysProps) {
  const { t } = useLingui()
  const words = {
    active: t`Active`,
    spent: t`Budget used up`,
    disabled: t`Disabled`,
    expired: t`Expired`,
    revoked: t`Revoked`,
  } satisfies Record<KeyStatus, string>
  return (
    <FindForm
      action={action}
      text={{ name: 'name', label: t`Called`, typed: filter.name ?? '' }}
      state={{ name: 'status', chosen: filter.status, words }}
    />
  )
}
