import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { Form, useSubmit } from '@remix-run/react'
import { useEffect, useRef, type ChangeEvent } from 'react'
import { Button, DefaultButton } from '../../ui/button.tsx'
import { outcomeWord } from '../../ui/account/outcome-words.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { msg } from '../../values/language/msg.ts'
import type { Outcome } from '../../values/outcomes.ts'

/** `calls` is null for what is chosen: its number is among the totals. */
type Choice = { value: string; name: string; calls: number | null }
type FilterField = 'model' | 'key' | 'from' | 'to' | 'status' | 'outcome'
type Typed = Partial<Record<FilterField, string>>

export type UsageFilterProps = {
  action: string
  typed: Typed
  errors: Partial<Record<FilterField, string>>
  choices: { models: Choice[]; keys: Choice[]; statuses: Choice[]; outcomes: Choice[] }
  /** Sent along unseen. */
  hidden: Record<string, string>
}

const counted = (name: string, calls: number): MessageDescriptor => ({
  ...msg`{name} ({calls, plural, one {# call} other {# calls}})`,
  values: { name, calls },
})

const Options = ({ all, choices }: { all: string; choices: Choice[] }) => {
  const { t } = useLingui()
  return (
    <>
      <option value="">{all}</option>
      {choices.map(({ value, name, calls }) => (
        <option key={value} value={value}>
          {calls === null ? name : t(counted(name, calls))}
        </option>
      ))}
    </>
  )
}

type Field = HTMLInputElement | HTMLSelectElement
const isField = (it: unknown): it is Field =>
  it instanceof HTMLSelectElement || (it instanceof HTMLInputElement && it.type === 'date')

/** Days that would be none, because the first is after the last: the other one goes along. */
function keepInOrder(form: HTMLFormElement, changed: Field) {
  const [from, to] = ['from', 'to'].map((name) => form.elements.namedItem(name))
  if (!isField(from) || !isField(to) || !from.value || !to.value || from.value <= to.value) return
  const other = changed === from ? to : from
  other.value = changed.value
}

/**
 * Sends the form as soon as something in it is chosen, and shows what another address brings. The
 * form stays the same one meanwhile, so whoever is in a field stays in it.
 */
function useApplied(typed: Typed, isBad: boolean) {
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit()
  const shown = JSON.stringify(typed)
  // Of an address that is wrong nothing is sent unasked: what is wrong would not be read.
  const loaded = useRef(isBad ? '' : shown)
  useEffect(() => {
    const values = JSON.parse(shown) as Record<string, string>
    const fields = [...(form.current?.elements ?? [])].filter(isField)
    const others = fields.filter(({ name, value }) => value !== (values[name] ?? ''))
    // Chosen before there was a script that would have sent it.
    if (loaded.current === shown && others.length > 0)
      submit(form.current, { preventScrollReset: true, replace: true })
    else for (const field of others) field.value = values[field.name] ?? ''
    loaded.current = ''
  }, [shown, submit])
  const apply = ({ currentTarget, target }: ChangeEvent<HTMLFormElement>) => {
    const field: unknown = target
    if (!isField(field)) return
    const isDate = field.type === 'date'
    // A year is typed digit by digit: 0002, 0020, 0202.
    if (isDate && field.value !== '' && field.value < '2000') return
    if (isDate) keepInOrder(currentTarget, field)
    submit(currentTarget, { preventScrollReset: true, replace: isDate })
  }
  return { ref: form, onChange: apply }
}

/** Where there is room the fields are there, and on a phone once they are asked for. */
const folded = {
  details: 'md:details-content:[content-visibility:visible]',
  summary:
    'w-fit cursor-pointer rounded-sm py-1 text-sm font-medium text-accent ' +
    'md:supports-[selector(::details-content)]:hidden',
}

/** Narrows the call history. It is sent as an address, which can be kept and passed on. */
export const UsageFilter = (props: UsageFilterProps) => {
  const { t } = useLingui()
  const { action, typed, errors, choices, hidden } = props
  const outcomes = choices.outcomes.map((it) => ({
    ...it,
    name: t(outcomeWord(it.value as Outcome)),
  }))
  const isBad = Object.keys(errors).length > 0
  const applied = useApplied(typed, isBad)
  const field = (name: FilterField) => ({ name, error: errors[name] })
  const select = (name: FilterField) => ({ ...field(name), chosen: typed[name] ?? '' })
  return (
    <Form
      {...applied}
      method="get"
      action={action}
      // No browser fills in what another address had.
      autoComplete="off"
      preventScrollReset
    >
      <DefaultButton />
      <details open={isBad} className={folded.details}>
        <summary className={folded.summary}>
          <Trans>Filter</Trans>
        </summary>
        <div className="grid grid-cols-2 items-start gap-3 max-md:pt-2 md:grid-cols-3 lg:grid-cols-6">
          <TextField {...field('from')} label={t`From`} type="date" typed={typed.from} isOptional />
          <TextField {...field('to')} label={t`To`} type="date" typed={typed.to} isOptional />
          <SelectField {...select('model')} label={t`Model`}>
            <Options all={t`All models`} choices={choices.models} />
          </SelectField>
          <SelectField {...select('key')} label={t`Key`}>
            <Options all={t`All keys`} choices={choices.keys} />
          </SelectField>
          <SelectField {...select('status')} label={t`Status`}>
            <Options all={t`All statuses`} choices={choices.statuses} />
          </SelectField>
          <SelectField {...select('outcome')} label={t`Outcome`}>
            <Options all={t`All outcomes`} choices={outcomes} />
          </SelectField>
        </div>
        <noscript>
          <div className="pt-3">
            <Button>
              <Trans>Filter</Trans>
            </Button>
          </div>
        </noscript>
      </details>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </Form>
  )
}
