import { Form } from '@remix-run/react'
import type { ListedKind } from '../../values/entry-kinds.ts'
import { kindsWords } from './entry-kinds.ts'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table, wideLine } from '../../ui/table.tsx'

type Pools = { planNanos: number; balanceNanos: number }
type StatementProps = {
  month: string
  opening: Pools
  lines: (Pools & { kind: ListedKind; entries: number })[]
  closing: Pools
}

const count = new Intl.NumberFormat('en-US')
const heads = [
  { text: 'What' },
  { text: 'Entries', isNumber: true },
  { text: 'Plan', isNumber: true },
  { text: 'Balance', isNumber: true },
  { text: 'Together', isNumber: true },
]

const Line = ({
  name,
  entries,
  pools,
  isSum,
}: {
  name: string
  entries?: number
  pools: Pools
  isSum?: boolean
}) => (
  <Row>
    <Cell narrow="max-lg:col-span-full max-lg:font-semibold">
      <span className={isSum ? 'font-semibold' : undefined}>{name}</span>
    </Cell>
    <Cell label="Entries" isNumber narrow={entries === undefined ? 'max-lg:hidden' : wideLine}>
      {entries === undefined ? '' : count.format(entries)}
    </Cell>
    <Cell label="Plan" isNumber narrow={wideLine}>
      <Money nanos={pools.planNanos} isAligned />
    </Cell>
    <Cell label="Balance" isNumber narrow={wideLine}>
      <Money nanos={pools.balanceNanos} isAligned />
    </Cell>
    <Cell label="Together" isNumber narrow={wideLine}>
      <span className={isSum ? 'font-semibold' : undefined}>
        <Money nanos={pools.planNanos + pools.balanceNanos} isAligned />
      </span>
    </Cell>
  </Row>
)

/** A month from what there was to what was left. The lines add up exactly. */
export const StatementTable = ({ month, opening, lines, closing }: StatementProps) => (
  <Table label={`Statement of ${month}`} heads={heads}>
    <Line name="At the beginning" pools={opening} isSum />
    {lines.map(({ kind, entries, ...pools }) => (
      <Line key={kind} name={kindsWords[kind]} entries={entries} pools={pools} />
    ))}
    <Line name="At the end, or now" pools={closing} isSum />
  </Table>
)

/** Chooses another month. */
export const MonthForm = ({
  action,
  months,
  month,
}: {
  action: string
  months: string[]
  month: string
}) => (
  <Form method="get" action={action} key={month} className="flex items-center gap-2 print:hidden">
    <select
      name="month"
      aria-label="Month"
      defaultValue={month}
      className="min-h-9 rounded-md border border-line-strong bg-surface px-2 text-ink"
    >
      {[...new Set([...months, month])].map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
    <button
      type="submit"
      className="min-h-9 cursor-pointer rounded-md border border-line-strong bg-surface px-3 font-semibold text-ink hover:bg-sunken"
    >
      Show
    </button>
  </Form>
)
