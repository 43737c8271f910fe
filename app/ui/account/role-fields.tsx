import type { Role } from '../../values/teams/roles.ts'
import { SelectField, TextField } from '../field.tsx'
import { roleWords } from './role-words.ts'

type RoleFieldProps = { offered: Role[]; chosen: string; error?: string; hint?: string }

/** As what somebody is in an account, or comes into it. */
export const RoleField = ({ offered, ...field }: RoleFieldProps) => (
  <SelectField label="Role" name="role" {...field}>
    {offered.map((role) => (
      <option key={role} value={role}>
        {roleWords[role].name}: {roleWords[role].can}
      </option>
    ))}
  </SelectField>
)

/** How much of an account's money somebody may use. */
export const CapField = ({ typed, error }: { typed?: string; error?: string }) => (
  <TextField
    label="Cap a month in dollars"
    name="cap"
    inputMode="decimal"
    typed={typed}
    error={error}
    hint="The most their keys may spend together. Empty: no cap."
    isOptional
  />
)
