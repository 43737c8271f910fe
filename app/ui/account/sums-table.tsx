import { Count } from '../format/numbers.tsx'
import { RowLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Cell, inLines, Row, Table } from '../table.tsx'

type Sums = { calls: number; inputTokens: number; outputTokens: number; costNanos: number }
/** One day, model or key, and where its calls are listed. */
export type SumsRow = Sums & { name: string; to?: string | undefined }
/** So many others together. */
export type RestRow = Sums & { others: number }
type Of = 'day' | 'model' | 'key'

const headOf = { day: 'Day', model: 'Model', key: 'Key' } satisfies Record<Of, string>

const othersOf = {
  day: (days: number) => `${days} other days`,
  model: (models: number) => `${models} other models`,
  key: (keys: number) => `${keys} other keys`,
} satisfies Record<Of, (count: number) => string>

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

/** What calls come to, by day, model or key. */
export const SumsTable = ({ label, of, rows, rest }: SumsTableProps) => (
  <Table label={label} heads={headsOf(of)}>
    {rows.map((row) => (
      <Line key={row.to ?? row.name} {...row} />
    ))}
    {rest && <Line {...rest} name={othersOf[of](rest.others)} />}
  </Table>
)
