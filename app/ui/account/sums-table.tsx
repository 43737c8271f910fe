import { Count } from '../format/numbers.tsx'
import type { Unit } from '../format/spans.ts'
import { RowLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Cell, inLines, Row, Table } from '../table.tsx'

type Sums = { calls: number; inputTokens: number; outputTokens: number; costNanos: number }
/** One hour, day, model or key, and where its calls are listed. */
export type SumsRow = Sums & { name: string; to?: string | undefined }
/** So many others together. */
export type RestRow = Sums & { others: number }
type Of = Unit | 'model' | 'key'

const headOf: Record<Of, string> = {
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
  model: 'Model',
  key: 'Key',
}

/** Days are all there, so there are no others. */
const othersOf: Partial<Record<Of, (count: number) => string>> = {
  model: (models) => `${models} other models`,
  key: (keys) => `${keys} other keys`,
}

const headsOf = (of: Of) => [
  { text: headOf[of] },
  { text: 'Calls', isNumber: true },
  { text: 'Tokens in', isNumber: true },
  { text: 'Tokens out', isNumber: true },
  { text: 'Cost', isNumber: true },
]

const Line = ({ name, to, ...sums }: SumsRow) => (
  <Row narrow="lines">
    <Cell narrow={inLines.name}>
      <span className="wrap-anywhere">
        {to === undefined ? name : <RowLink to={to}>{name}</RowLink>}
      </span>
    </Cell>
    <Cell label="Calls" isNumber narrow={inLines.left}>
      <Count of={sums.calls} />
    </Cell>
    <Cell label="In" isNumber narrow={`${inLines.middle} max-md:text-right`}>
      <Count of={sums.inputTokens} />
    </Cell>
    <Cell label="Out" isNumber narrow={inLines.right}>
      <Count of={sums.outputTokens} />
    </Cell>
    <Cell isNumber narrow={inLines.figure}>
      <Money nanos={sums.costNanos} isAligned />
    </Cell>
  </Row>
)

type SumsTableProps = { label: string; of: Of; rows: SumsRow[]; rest?: RestRow | null }

/** What calls come to, by hour, day, model or key. */
export const SumsTable = ({ label, of, rows, rest }: SumsTableProps) => (
  <Table label={label} heads={headsOf(of)}>
    {rows.map((row) => (
      <Line key={row.to ?? row.name} {...row} />
    ))}
    {rest && <Line {...rest} name={othersOf[of]?.(rest.others) ?? ''} />}
  </Table>
)
