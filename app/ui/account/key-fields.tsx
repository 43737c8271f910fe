import { CheckField, TextAreaField, TextField } from '../field.tsx'

export type KeyTyped = {
  name: string
  lastDay: string
  budget: string
  models: string
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

/** What a key may do at most, where each limit may stay empty, and what is taken from it. */
export const KeyLimits = ({ typed, errors, models }: KeyFieldsProps & { models: string[] }) => (
  <>
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Last day"
        name="lastDay"
        type="date"
        typed={typed?.lastDay}
        error={errors?.lastDay}
        hint="The key works until the end of this day, UTC. Empty: no end."
        isOptional
      />
      <TextField
        label="Budget in dollars"
        name="budget"
        inputMode="decimal"
        typed={typed?.budget}
        error={errors?.budget}
        hint="The most the key may spend in all, such as 2.50. Empty: no budget."
        isOptional
      />
    </div>
    <TextAreaField
      label="Models"
      name="models"
      rows={3}
      typed={typed?.models}
      error={errors?.models}
      hint="One a line, such as gpt-4o-mini. Empty: all models."
    />
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">Which models there are</summary>
      <p className="mt-1 font-mono text-xs leading-5 wrap-anywhere">{models.join('  ')}</p>
    </details>
    <CheckField
      label="Take Responses bodies at /v1/chat/completions"
      name="responsesAtChat"
      isTicked={typed?.responsesAtChat === 'on'}
      hint="For programs such as Cursor that post them there: answered as at /v1/responses."
    />
  </>
)
