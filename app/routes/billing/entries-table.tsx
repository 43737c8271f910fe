import type { ListedKind } from '../../values/entry-kinds.ts'
import { kindWords } from './entry-kinds.ts'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table, wideLine } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Entry = {
  seq: number
  kind: ListedKind
  planNanos: number
  balanceNanos: number
  planAfterNanos: number
  balanceAfterNanos: number
  callId: string | null
  note: string | null
  createdAt: Date
}

const heads = [
  { text: 'No.', isNumber: true },
  { text: 'Time (UTC)' },
  { text: 'What' },
  { text: 'Plan', isNumber: true },
  { text: 'Balance', isNumber: true },
  { text: 'Plan after it', isNumber: true },
  { text: 'Balance after it', isNumber: true },
]

/** Ledger entries, newest first, each with the balances it left. */
export const EntriesTable = ({
  entries,
  callPath,
}: {
  entries: Entry[]
  callPath: (id: string) => string
}) => (
  <Table label="Ledger" heads={heads}>
    {entries.map((entry) => (
      <Row key={entry.seq}>
        <Cell label="No." isNumber narrow={`max-sm:order-2 ${wideLine}`}>
          {entry.seq}
        </Cell>
        <Cell narrow="max-sm:order-1 max-sm:text-right">
          <Time at={entry.createdAt} />
        </Cell>
        <Cell narrow="max-lg:font-semibold max-sm:-order-1">
          {entry.callId ? (
            <TextLink to={callPath(entry.callId)}>{kindWords[entry.kind]}</TextLink>
          ) : (
            kindWords[entry.kind]
          )}
          {entry.note && (
            <span className="block text-xs font-normal wrap-anywhere text-muted">{entry.note}</span>
          )}
        </Cell>
        <Cell label="Plan" isNumber narrow={`max-sm:order-3 ${wideLine}`}>
          <Money nanos={entry.planNanos} isAligned />
        </Cell>
        <Cell label="Balance" isNumber narrow={`max-sm:order-4 ${wideLine}`}>
          <Money nanos={entry.balanceNanos} isAligned />
        </Cell>
        <Cell label="Plan after it" isNumber narrow={`max-sm:order-5 ${wideLine}`}>
          <Money nanos={entry.planAfterNanos} isAligned />
        </Cell>
        <Cell label="Balance after it" isNumber narrow={`max-sm:order-6 ${wideLine}`}>
          <Money nanos={entry.balanceAfterNanos} isAligned />
        </Cell>
      </Row>
    ))}
  </Table>
)
