import type { Outcome } from '../../values/outcomes.ts'
import { Badge, type Tone } from '../badge.tsx'
import { TextLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Cell, LongName, Row, Table } from '../table.tsx'
import { Time } from '../time.tsx'
import { outcomeWords } from './outcome-words.ts'

type CallRow = {
  id: string
  startedAt: Date
  keyName: string | null
  model: string
  statusCode: number
  outcome: Outcome
  inputTokens: number
  outputTokens: number
  totalMs: number | null
  costNanos: number
}

const heads = [
  { text: 'Time (UTC)' },
  { text: 'Model' },
  { text: 'Key' },
  { text: 'Status' },
  { text: 'Outcome' },
  { text: 'Tokens in', isNumber: true },
  { text: 'Tokens out', isNumber: true },
  { text: 'Took', isNumber: true },
  { text: 'Cost', isNumber: true },
]

const toneOf = (statusCode: number): Tone =>
  statusCode < 400 ? 'good' : statusCode < 500 ? 'warn' : 'bad'
const count = new Intl.NumberFormat('en-US')

/** A status code in the colour of its class. */
export const Status = ({ code }: { code: number }) => <Badge tone={toneOf(code)}>{code}</Badge>

/** How long something took, for people. */
export const Duration = ({ ms }: { ms: number | null }) => (
  <span className="tabular-nums whitespace-nowrap">
    {ms === null ? '–' : ms < 10_000 ? `${count.format(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`}
  </span>
)

type CallsTableProps = { label: string; calls: CallRow[]; pathOf: (id: string) => string }

/** Calls, one a row, with their exact costs; the time leads to the receipt. */
export const CallsTable = ({ label, calls, pathOf }: CallsTableProps) => (
  <Table label={label} heads={heads}>
    {calls.map((call) => (
      <Row key={call.id}>
        <Cell narrow="max-sm:order-2">
          <TextLink to={pathOf(call.id)}>
            <Time at={call.startedAt} />
          </TextLink>
        </Cell>
        <Cell narrow="max-lg:font-semibold">
          <LongName text={call.model} />
        </Cell>
        <Cell label="Key" narrow="max-sm:order-4">
          <span className="wrap-anywhere">{call.keyName ?? '–'}</span>
        </Cell>
        <Cell narrow="max-sm:order-3 max-sm:text-right">
          <Status code={call.statusCode} />
        </Cell>
        <Cell label="Outcome" narrow="max-sm:order-5 max-sm:text-right">
          {outcomeWords[call.outcome]}
        </Cell>
        <Cell label="Tokens in" isNumber narrow="max-sm:order-6">
          {count.format(call.inputTokens)}
        </Cell>
        <Cell label="Tokens out" isNumber narrow="max-sm:order-7 max-sm:text-right">
          {count.format(call.outputTokens)}
        </Cell>
        <Cell label="Took" isNumber narrow="max-sm:order-8">
          <Duration ms={call.totalMs} />
        </Cell>
        <Cell isNumber narrow="max-sm:order-1 max-sm:text-right max-sm:font-semibold">
          <Money nanos={call.costNanos} isAligned />
        </Cell>
      </Row>
    ))}
  </Table>
)
