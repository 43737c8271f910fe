import { useContext } from 'react'
import type { ListedKind } from '../../values/entry-kinds.ts'
import { kindWords } from './entry-kinds.ts'
import { groupByDay } from '../../ui/format/by-day.ts'
import { formatCount } from '../../ui/format/numbers.tsx'
import { RowLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Cell, inLines, Row, RowGroup, Table } from '../../ui/table.tsx'
import { dayShown, Time } from '../../ui/time.tsx'
import { Zone } from '../../ui/zone/zone.tsx'

type Line = {
  seq: number
  planNanos: number
  balanceNanos: number
  planAfterNanos: number
  balanceAfterNanos: number
  createdAt: Date
} & (
  | { kind: ListedKind; callId: string | null; note: string | null }
  /** Charges of a day with nothing between them, the last at this time, and where they are one by one. */
  | { kind: 'charges'; day: string; calls: number; to: string }
)

const headsOf = (withPlan: boolean) => [
  { text: 'Time' },
  { text: 'What' },
  { text: 'No.', isNumber: true },
  ...(withPlan ? [{ text: 'Plan', isNumber: true }] : []),
  { text: withPlan ? 'Balance' : 'Amount', isNumber: true },
  ...(withPlan ? [{ text: 'Plan after it', isNumber: true }] : []),
  { text: 'Balance after it', isNumber: true },
]

type Paths = { callPath: (id: string) => string }

/** What came or went, and where there is more to see of it. */
const What = ({ line, callPath }: Paths & { line: Line }) => {
  if (line.kind === 'charges')
    return (
      <RowLink to={line.to}>
        {line.calls === 1 ? 'Charge of 1 call' : `Charges of ${formatCount(line.calls)} calls`}
      </RowLink>
    )
  return (
    <>
      {line.callId ? (
        <RowLink to={callPath(line.callId)}>{kindWords[line.kind]}</RowLink>
      ) : (
        kindWords[line.kind]
      )}
      {line.note && (
        <span className="block text-xs font-normal wrap-anywhere text-muted">{line.note}</span>
      )}
    </>
  )
}

const ownLine = 'max-md:order-6 max-md:col-span-full max-md:flex max-md:justify-between'

/** On a phone a plan has lines only where it changed. */
const planLine = (line: Line) => (line.planNanos === 0 ? inLines.nowhere : ownLine)

const LedgerRow = ({ line, withPlan, callPath }: Paths & { line: Line; withPlan: boolean }) => (
  <Row narrow="lines">
    <Cell narrow={inLines.left}>
      {line.kind === 'charges' && line.calls > 1 && 'until '}
      <Time at={line.createdAt} isClock />
    </Cell>
    <Cell narrow={inLines.name}>
      <What line={line} callPath={callPath} />
    </Cell>
    <Cell isNumber narrow={`${inLines.middle} max-md:text-muted`}>
      {line.kind === 'charges' ? '' : line.seq}
    </Cell>
    {withPlan && (
      <Cell label="Plan" isNumber narrow={planLine(line)}>
        <Money nanos={line.planNanos} isAligned />
      </Cell>
    )}
    <Cell isNumber narrow={inLines.figure}>
      <Money nanos={line.balanceNanos} isAligned />
    </Cell>
    {withPlan && (
      <Cell label="Plan after it" isNumber narrow={planLine(line)}>
        <Money nanos={line.planAfterNanos} isAligned />
      </Cell>
    )}
    <Cell label="Then" isNumber narrow={inLines.right}>
      <Money nanos={line.balanceAfterNanos} isAligned />
    </Cell>
  </Row>
)

const dayOf = (zone: string) => (line: Line) =>
  line.kind === 'charges' ? line.day : dayShown(line.createdAt, zone)

type EntriesTableProps = Paths & { lines: Line[]; withPlan: boolean }

/** What came and went, newest first, each with the balances it left. */
export const EntriesTable = ({ lines, withPlan, callPath }: EntriesTableProps) => (
  <Table label="Ledger" heads={headsOf(withPlan)} isGrouped>
    {groupByDay(lines, dayOf(useContext(Zone))).map(({ day, rows }) => (
      <RowGroup key={day} heading={day} columns={headsOf(withPlan).length}>
        {rows.map((line) => (
          <LedgerRow
            key={`${line.kind} ${line.seq}`}
            line={line}
            withPlan={withPlan}
            callPath={callPath}
          />
        ))}
      </RowGroup>
    ))}
  </Table>
)
