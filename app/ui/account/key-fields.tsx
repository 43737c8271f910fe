import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
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
/** What is wrong with a field, to be said in the language of the page. */
export type KeyErrors = Partial<Record<keyof KeyTyped, MessageDescriptor>>

type KeyFieldsProps = { typed?: KeyTyped; errors?: KeyErrors }

/** Says a text that may not be there. */
function useSay() {
  const { t } = useLingui()
  return (text: MessageDescriptor | undefined) => text && t(text)
}

/** The name of a key. */
export const KeyName = ({ typed, errors }: KeyFieldsProps) => {
  const { t } = useLingui()
  const say = useSay()
  return (
    <TextField
      label={t`Name`}
      name="name"
      typed={typed?.name}
      error={say(errors?.name)}
      hint={t`To tell your keys apart, such as the program that uses it.`}
    />
  )
}

const PeriodField = ({ typed, errors }: KeyFieldsProps) => {
  const { t } = useLingui()
  const say = useSay()
  return (
    <SelectField
      label={t({ message: 'Each', context: 'budget' })}
      name="period"
      chosen={typed?.period ?? ''}
      error={say(errors?.period)}
      hint={t`From midnight, Monday or the first on, by the account’s time zone.`}
    >
      <option value="">{t`no such budget`}</option>
      <option value="day">{t({ message: 'day', context: 'budget' })}</option>
      <option value="week">{t({ message: 'week', context: 'budget' })}</option>
      <option value="month">{t({ message: 'month', context: 'budget' })}</option>
    </SelectField>
  )
}

const KeyBudgets = ({ typed, errors }: KeyFieldsProps) => {
  const { t } = useLingui()
  const say = useSay()
  return (
    <>
      <TextField
        label={t`Budget in dollars`}
        name="budget"
        inputMode="decimal"
        typed={typed?.budget}
        error={say(errors?.budget)}
        hint={t`The most the key may spend in all, such as 2.50. Empty: no budget.`}
        isOptional
      />
      <TextField
        label={t`And so many dollars`}
        name="periodBudget"
        inputMode="decimal"
        typed={typed?.periodBudget}
        error={say(errors?.periodBudget)}
        hint={t`A budget that begins anew. Empty: none.`}
        isOptional
      />
      <PeriodField {...{ typed, errors }} />
    </>
  )
}

const LastDay = ({ typed, errors }: KeyFieldsProps) => {
  const { t } = useLingui()
  const say = useSay()
  const zone = zoneName(useContext(Zone))
  return (
    <TextField
      label={t`Last day`}
      name="lastDay"
      type="date"
      typed={typed?.lastDay}
      error={say(errors?.lastDay)}
      hint={t`The key works until the end of this day, ${zone}. Empty: no end.`}
      isOptional
    />
  )
}

/** What a key may do at most, where each limit may stay empty, and what is taken from it. */
export const KeyLimits = ({ typed, errors, models }: KeyFieldsProps & { models: Pickable }) => {
  const { t } = useLingui()
  const say = useSay()
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <LastDay {...{ typed, errors }} />
        <KeyBudgets {...{ typed, errors }} />
      </div>
      <ModelPicker models={models} chosen={typed?.models ?? ''} error={say(errors?.models)} />
      <TextAreaField
        label={t`Addresses`}
        name="addresses"
        rows={2}
        typed={typed?.addresses}
        error={say(errors?.addresses)}
        hint={t`Where it may be used from, one a line, such as 203.0.113.0/24. Empty: from everywhere.`}
      />
      <CheckField
        label={t`Take Responses bodies at /v1/chat/completions`}
        name="responsesAtChat"
        isTicked={typed?.responsesAtChat === 'on'}
        hint={t`For programs such as Cursor that post them there: answered as at /v1/responses.`}
      />
    </>
  )
}
