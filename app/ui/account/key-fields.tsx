import { useContext } from 'react'
import { CheckField, SelectField, TextAreaField, TextField } from '../field.tsx'
import { Zone, zoneName } from '../zone/zone.tsx'
import { ModelPicker, type Pickable } from './model-picker.tsx'

export type KeyTyped = {
  name: string
  lastDay: string
  budget: string
  periodBudget: string
  /** `day`, `week`, `month`, or nothing. */
  period: string
  /** One a line. */
  models: string
  addresses: string
  /** `on`, or nothing. */
  responsesAtChat: string
}
export type KeyErrors = Partial<KeyTyped>

type KeyFieldsProps = { typed?: KeyTyped; errors?: KeyErrors }

/** The name of a key. */
export const KeyName = ({ typed, errors }: KeyFieldsProps) => (
  <TextField
    label="Name"
    name="name"
    typed={typed?.name}
    error={errors?.name}
    hint="To tell your keys apart, such as the program that uses it."
  />
)

const KeyBudgets = ({ typed, errors }: KeyFieldsProps) => (
  <>
    <TextField
      label="Budget in dollars"
      name="budget"
      inputMode="decimal"
      typed={typed?.budget}
      error={errors?.budget}
      hint="The most the key may spend in all, such as 2.50. Empty: no budget."
      isOptional
    />
    <TextField
      label="And so many dollars"
      name="periodBudget"
      inputMode="decimal"
      typed={typed?.periodBudget}
      error={errors?.periodBudget}
      hint="A budget that begins anew. Empty: none."
      isOptional
    />
    <SelectField
      label="Each"
      name="period"
      chosen={typed?.period ?? ''}
      error={errors?.period}
      hint="From midnight, Monday or the first on, by the account’s time zone."
    >
      <option value="">no such budget</option>
      <option value="day">day</option>
      <option value="week">week</option>
      <option value="month">month</option>
    </SelectField>
  </>
)

const LastDay = ({ typed, errors }: KeyFieldsProps) => {
  const zone = zoneName(useContext(Zone))
  return (
    <TextField
      label="Last day"
      name="lastDay"
      type="date"
      typed={typed?.lastDay}
      error={errors?.lastDay}
      hint={`The key works until the end of this day, ${zone}. Empty: no end.`}
      isOptional
    />
  )
}

/** What a key may do at most, where each limit may stay empty, and what is taken from it. */
export const KeyLimits = ({ typed, errors, models }: KeyFieldsProps & { models: Pickable }) => (
  <>
    <div className="grid gap-4 sm:grid-cols-2">
      <LastDay {...{ typed, errors }} />
      <KeyBudgets {...{ typed, errors }} />
    </div>
    <ModelPicker models={models} chosen={typed?.models ?? ''} error={errors?.models} />
    <TextAreaField
      label="Addresses"
      name="addresses"
      rows={2}
      typed={typed?.addresses}
      error={errors?.addresses}
      hint="Where it may be used from, one a line, such as 203.0.113.0/24. Empty: from everywhere."
    />
    <CheckField
      label="Take Responses bodies at /v1/chat/completions"
      name="responsesAtChat"
      isTicked={typed?.responsesAtChat === 'on'}
      hint="For programs such as Cursor that post them there: answered as at /v1/responses."
    />
  </>
)
