import { Badge, type Tone } from './badge.tsx'
import { Money } from './money.tsx'
import { Cell, Row, Table } from './table.tsx'
import { Time } from './time.tsx'

export type CallRow = {
  id: string
  startedAt: Date
  model: string
  statusCode: number
  outcome: string
  isStreamed: boolean
  inputTokens: number
  outputTokens: number
  costNanos: number
}

const heads = [
  { text: 'Time (UTC)' },
  { text: 'Model' },
  { text: 'Status' },
  { text: 'Outcome' },
  { text: 'Streamed' },
  { text: 'Tokens in', isNumber: true },
  { text: 'Tokens out', isNumber: true },
  { text: 'Cost', isNumber: true },
]

const toneOf = (statusCode: number): Tone =>
  statusCode < 400 ? 'good' : statusCode < 500 ? 'warn' : 'bad'
const count = new Intl.NumberFormat('en-US')

/** Calls, one a row, with their exact costs. */
export const CallsTable = ({ calls }: { calls: CallRow[] }) => (
  <Table label="Last calls" heads={heads}>
    {calls.map((call) => (
      <Row key={call.id}>
        <Cell narrow="max-sm:order-2 max-sm:text-muted">
          <Time at={call.startedAt} />
        </Cell>
        <Cell narrow="max-lg:font-semibold">
          <span className="wrap-anywhere">{call.model}</span>
        </Cell>
        <Cell narrow="max-sm:order-3 max-sm:text-right">
          <Badge tone={toneOf(call.statusCode)}>{call.statusCode}</Badge>
        </Cell>
        <Cell label="Outcome" narrow="max-sm:order-4">
          {call.outcome}
        </Cell>
        <Cell label="Streamed" narrow="max-sm:order-5 max-sm:text-right">
          {call.isStreamed ? 'yes' : 'no'}
        </Cell>
        <Cell label="Tokens in" isNumber narrow="max-sm:order-6">
          {count.format(call.inputTokens)}
        </Cell>
        <Cell label="Tokens out" isNumber narrow="max-sm:order-7 max-sm:text-right">
          {count.format(call.outputTokens)}
        </Cell>
        <Cell isNumber narrow="max-sm:order-1 max-sm:text-right max-sm:font-semibold">
          <Money nanos={call.costNanos} isAligned />
        </Cell>
      </Row>
    ))}
  </Table>
)
