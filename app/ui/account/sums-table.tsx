import { Money } from '../money.tsx'
import { Cell, Row, Table } from '../table.tsx'

export type SumsRow = {
  /** A day or a model. */
  name: string
  calls: number
  inputTokens: number
  outputTokens: number
  costNanos: number
}

const count = new Intl.NumberFormat('en-US')

/** What calls come to, by day or by model. */
export const SumsTable = ({
  label,
  head,
  rows,
}: {
  label: string
  head: string
  rows: SumsRow[]
}) => (
  <Table
    label={label}
    heads={[
      { text: head },
      { text: 'Calls', isNumber: true },
      { text: 'Tokens in', isNumber: true },
      { text: 'Tokens out', isNumber: true },
      { text: 'Cost', isNumber: true },
    ]}
  >
    {rows.map((row) => (
      <Row key={row.name}>
        <Cell narrow="max-lg:col-span-full max-lg:font-semibold">
          <span className="wrap-anywhere">{row.name}</span>
        </Cell>
        <Cell label="Calls" isNumber>
          {count.format(row.calls)}
        </Cell>
        <Cell label="Tokens in" isNumber>
          {count.format(row.inputTokens)}
        </Cell>
        <Cell label="Tokens out" isNumber>
          {count.format(row.outputTokens)}
        </Cell>
        <Cell label="Cost" isNumber>
          <Money nanos={row.costNanos} isAligned />
        </Cell>
      </Row>
    ))}
  </Table>
)
