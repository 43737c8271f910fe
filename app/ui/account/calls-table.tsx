import { useLingui } from '@lingui/react/macro'
import { useContext } from 'react'
import { groupByDay } from '../format/by-day.ts'
import { Count, formatCount } from '../format/numbers.tsx'
import { useLanguage } from '../language/use-language.ts'
import { RowLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Cell, inLines, LongName, Row, RowGroup, Table } from '../table.tsx'
import { dayShown, Time } from '../time.tsx'
import { Zone } from '../zone/zone.tsx'
import { msg } from '../../values/language/msg.ts'
import { CallEndBadge } from './call-end.tsx'
import type { CallEnd } from './outcome-words.ts'

type CallRow = CallEnd & {
  id: string
  startedAt: Date
  keyName: string | null
  model: string
  statusCode: number
  inputTokens: number
  outputTokens: number
  totalMs: number | null
  costNanos: number
}

const heads = [
  { text: msg`Time` },
  { text: msg`Model` },
  { text: msg`Key` },
  { text: msg`Outcome` },
  { text: msg`Tokens in`, isNumber: true },
  { text: msg`Tokens out`, isNumber: true },
  { text: msg`Took`, isNumber: true, offTablet: true },
  { text: msg`Cost`, isNumber: true },
]

/** How long something took, for people. */
export const Duration = ({ ms }: { ms: number | null }) => {
  const { t } = useLingui()
  const language = useLanguage()
  const count = formatCount(ms ?? 0, language)
  const seconds = ((ms ?? 0) / 1_000).toFixed(1)
  return (
    <span className="tabular-nums whitespace-nowrap">
      {ms === null ? '–' : ms < 10_000 ? t`${count} ms` : t`${seconds} s`}
    </span>
  )
}

const CallLine = ({ call, path }: { call: CallRow; path: string }) => (
  <Row narrow="lines">
    <Cell narrow={inLines.left}>
      <RowLink to={path}>
        <Time at={call.startedAt} isClock />
      </RowLink>
    </Cell>
    <Cell narrow={inLines.name}>
      <LongName text={call.model} />
    </Cell>
    <Cell narrow={`${inLines.middle} max-md:truncate max-md:text-muted`}>
      <LongName text={call.keyName ?? '–'} />
    </Cell>
    <Cell narrow={inLines.right}>
      <CallEndBadge {...call} isInTable />
    </Cell>
    <Cell isNumber narrow={inLines.nowhere}>
      <Count of={call.inputTokens} />
    </Cell>
    <Cell isNumber narrow={inLines.nowhere}>
      <Count of={call.outputTokens} />
    </Cell>
    <Cell isNumber offTablet narrow={inLines.nowhere}>
      <Duration ms={call.totalMs} />
    </Cell>
    <Cell isNumber narrow={inLines.figure}>
      <Money nanos={call.costNanos} isAligned />
    </Cell>
  </Row>
)

type CallsTableProps = { label: string; calls: CallRow[]; pathOf: (id: string) => string }

const dayOf =
  (zone: string) =>
  ({ startedAt }: CallRow) =>
    dayShown(startedAt, zone)

/** Calls by day, one a row, with their exact costs; the time leads to the receipt. */
export const CallsTable = ({ label, calls, pathOf }: CallsTableProps) => {
  const { t } = useLingui()
  return (
    <Table label={label} heads={heads.map((head) => ({ ...head, text: t(head.text) }))} isGrouped>
      {groupByDay(calls, dayOf(useContext(Zone))).map(({ day, rows }) => (
        <RowGroup key={day} heading={day} columns={heads.length}>
          {rows.map((call) => (
            <CallLine key={call.id} call={call} path={pathOf(call.id)} />
          ))}
        </RowGroup>
      ))}
    </Table>
  )
}
