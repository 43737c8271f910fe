import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import type { Role } from '../../values/teams/roles.ts'
import { SelectField, TextField } from '../field.tsx'
import { roleWords } from './role-words.ts'

type RoleFieldProps = { offered: Role[]; chosen: string; error?: string; hint?: string }

/** As what somebody is in an account, or comes into it. */
export function RoleField({ offered, ...field }: RoleFieldProps) {
  const { t } = useLingui()
  const said = (role: Role) => {
    const [name, can] = [t(roleWords[role].name), t(roleWords[role].can)]
    return t`${name}: ${can}`
  }
  return (
    <SelectField label={t`Role`} name="role" {...field}>
      {offered.map((role) => (
        <option key={role} value={role}>
          {said(role)}
        </option>
      ))}
    </SelectField>
  )
}

/** How much of an account's money somebody may use. */
export function CapField({ typed, error }: { typed?: string; error?: MessageDescriptor }) {
  const { t } = useLingui()
  return (
    <TextField
      label={t`Cap a month in dollars`}
      name="cap"
      inputMode="decimal"
      typed={typed}
      error={error && t(error)}
      hint={t`The most their keys may spend together. Empty: no cap.`}
      isOptional
    />
  )
}
