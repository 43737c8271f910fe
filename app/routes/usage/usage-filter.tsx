import { Form, useSubmit } from '@remix-run/react'
import { useEffect, useRef, type ChangeEvent } from 'react'
import { Button, DefaultButton } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'

type Choice = { value: string; text: string }
type FilterField = 'model' | 'key' | 'from' | 'to' | 'status' | 'outcome' | 'pageSize'
type Typed = Partial<Record<FilterField, string>>

type UsageFilterProps = {
  action: string
  typed: Typed
  errors: Partial<Record<FilterField, string>>
  choices: { models: Choice[]; keys: Choice[]; statuses: Choice[]; outcomes: Choice[] }
  /** How many calls a page has now, and how many it may have. */
  rows: number
  pageSizes: number[]
  /** Sent along unseen. */
  hidden: Record<string, string>
}

const Options = ({ all, choices }: { all: string; choices: Choice[] }) => (
  <>
    <option value="">{all}</option>
    {choices.map(({ value, text }) => (
      <option key={value} value={value}>
        {text}
      </option>
    ))}
  </>
)

const isField = (it: unknown): it is HTMLInputElement | HTMLSelectElement =>
  it instanceof HTMLSelectElement || (it instanceof HTMLInputElement && it.type === 'date')

/**
 * Sends the form as soon as something in it is chosen, and shows what another address brings. The
 * form stays the same one meanwhile, so whoever is in a field stays in it.
 */
function useApplied(typed: Typed, rows: number) {
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit()
  const shown = JSON.stringify({ ...typed, pageSize: String(rows) })
  useEffect(() => {
    const values = JSON.parse(shown) as Record<string, string>
    for (const field of form.current?.elements ?? []) {
      if (!isField(field)) continue
      const value = values[field.name] ?? ''
      if (field.value !== value) field.value = value
    }
  }, [shown])
  const apply = ({ currentTarget, target }: ChangeEvent<HTMLFormElement>) => {
    const field: unknown = target
    if (!isField(field)) return
    const isDate = field.type === 'date'
    // A year is typed digit by digit: 0002, 0020, 0202.
    if (isDate && field.value !== '' && field.value < '2000') return
    submit(currentTarget, { preventScrollReset: true, replace: isDate })
  }
  return { ref: form, onChange: apply }
}

/** Narrows the call history. It is sent as an address, which can be kept and passed on. */
export const UsageFilter = (props: UsageFilterProps) => {
  const { action, typed, errors, choices, rows, pageSizes, hidden } = props
  const field = (name: FilterField) => ({ name, error: errors[name] })
  const select = (name: FilterField) => ({ ...field(name), chosen: typed[name] ?? '' })
  return (
    <Form
      {...useApplied(typed, rows)}
      method="get"
      action={action}
      preventScrollReset
      className="grid items-start gap-x-4 gap-y-3 grid-cols-2 lg:grid-cols-4 print:hidden"
    >
      <DefaultButton />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextField {...field('from')} label="From" type="date" typed={typed.from} isOptional />
      <TextField {...field('to')} label="To" type="date" typed={typed.to} isOptional />
      <SelectField {...select('model')} label="Model">
        <Options all="All models" choices={choices.models} />
      </SelectField>
      <SelectField {...select('key')} label="Key">
        <Options all="All keys" choices={choices.keys} />
      </SelectField>
      <SelectField {...select('status')} label="Status">
        <Options all="All statuses" choices={choices.statuses} />
      </SelectField>
      <SelectField {...select('outcome')} label="Outcome">
        <Options all="All outcomes" choices={choices.outcomes} />
      </SelectField>
      <SelectField {...field('pageSize')} label="Calls on a page" chosen={String(rows)}>
        {pageSizes.map((size) => (
          <option key={size}>{size}</option>
        ))}
      </SelectField>
      <noscript>
        <div className="pt-6">
          <Button>Filter</Button>
        </div>
      </noscript>
    </Form>
  )
}
