import { Form } from '@remix-run/react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'

type Choice = { value: string; text: string }
type FilterField = 'model' | 'key' | 'from' | 'to' | 'status' | 'outcome' | 'pageSize'

type UsageFilterProps = {
  action: string
  typed: Partial<Record<FilterField, string>>
  errors: Partial<Record<FilterField, string>>
  choices: { models: Choice[]; keys: Choice[]; statuses: Choice[]; outcomes: Choice[] }
  /** How many calls a page has now, and how many it may have. */
  rows: number
  pageSizes: number[]
  /** Sent along unseen. */
  hidden: Record<string, string>
  isPending: boolean
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

/** Narrows the call history. It is sent as an address, which can be kept and passed on. */
export const UsageFilter = (props: UsageFilterProps) => {
  const { action, typed, errors, choices, rows, pageSizes, hidden, isPending } = props
  const field = (name: FilterField) => ({ name, error: errors[name] })
  const select = (name: FilterField) => ({ ...field(name), chosen: typed[name] ?? '' })
  return (
    <Form
      method="get"
      action={action}
      // What was typed belongs to one address; another address brings its own.
      key={JSON.stringify(typed)}
      className="grid items-start gap-x-4 gap-y-3 grid-cols-2 lg:grid-cols-4 print:hidden"
    >
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
      <div className="flex flex-wrap gap-3 pt-6">
        <Button isPending={isPending} pendingText="Filtering…">
          Filter
        </Button>
        <ButtonLink look="secondary" to={action}>
          Clear
        </ButtonLink>
      </div>
    </Form>
  )
}
