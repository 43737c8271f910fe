import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useContext } from 'react'
import type { ListedKind } from '../../values/entry-kinds.ts'
import { kindWords } from './entry-kinds.ts'
import { groupByDay } from '../../ui/format/by-day.ts'
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

function useHeads(withPlan: boolean) {
  const { t } = useLingui()
  return [
    { text: t`Time` },
    { text: t`What` },
    { text: t`No.`, isNumber: true },
    ...(withPlan ? [{ text: t`Plan`, isNumber: true }] : []),
    { text: withPlan ? t`Balance` : t`Amount`, isNumber: true },
    ...(withPlan ? [{ text: t`Plan after it`, isNumber: true }] : []),
    { text: t`Balance after it`, isNumber: true },
  ]
}

type Paths = { callPath: (id: string) => string }

/** What came or went, and where there is more to see of it. */
const What = ({ line, callPath }: Paths & { line: Line }) => {
  const { t } = useLingui()
  if (line.kind === 'charges') {
    const { calls, to } = line
    return (
      <RowLink to={to}>
        <Plural value={calls} one="Charge of 1 call" other="Charges of # calls" />
      </RowLink>
    )
  }
  return (
    <>
      {line.callId ? (
        <RowLink to={callPath(line.callId)}>{t(kindWords[line.kind])}</RowLink>
      ) : (
        t(kindWords[line.kind])
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

const LedgerRow = ({ line, withPlan, callPath }: Paths & { line: Line; withPlan: boolean }) => {
  const { t } = useLingui()
  const clock = <Time at={line.createdAt} isClock />
  return (
    <Row narrow="lines">
      <Cell narrow={inLines.left}>
        {line.kind === 'charges' && line.calls > 1 ? <Trans>until {clock}</Trans> : clock}
      </Cell>
      <Cell narrow={inLines.name}>
        <What line={line} callPath={callPath} />
      </Cell>
      <Cell isNumber narrow={`${inLines.middle} max-md:text-muted`}>
        {line.kind === 'charges' ? '' : line.seq}
      </Cell>
      {withPlan && (
        <Cell label={t`Plan`} isNumber narrow={planLine(line)}>
          <Money nanos={line.planNanos} isAligned />
        </Cell>
      )}
      <Cell isNumber narrow={inLines.figure}>
        <Money nanos={line.balanceNanos} isAligned />
      </Cell>
      {withPlan && (
        <Cell label={t`Plan after it`} isNumber narrow={planLine(line)}>
          <Money nanos={line.planAfterNanos} isAligned />
        </Cell>
      )}
      <Cell label={t`Then`} isNumber narrow={inLines.right}>
        <Money nanos={line.balanceAfterNanos} isAligned />
      </Cell>
    </Row>
  )
}

const dayOf = (zone: string) => (line: Line) =>
  line.kind === 'charges' ? line.day : dayShown(line.createdAt, zone)

type EntriesTableProps = Paths & { lines: Line[]; withPlan: boolean }

/** What came and went, newest first, each with the balances it left. */
export const EntriesTable = ({ lines, withPlan, callPath }: EntriesTableProps) => {
  const { t } = useLingui()
  const heads = useHeads(withPlan)
  return (
    <Table label={t`Ledger`} heads={heads} isGrouped>
      {groupByDay(lines, dayOf(useContext(Zone))).map(({ day, rows }) => (
        <RowGroup key={day} heading={day} columns={heads.length}>
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
}
