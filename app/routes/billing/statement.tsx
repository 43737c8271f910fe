import { Trans, useLingui } from '@lingui/react/macro'
import { Form } from '@remix-run/react'
import type { ListedKind } from '../../values/entry-kinds.ts'
import { kindsWords } from './entry-kinds.ts'
import { Count } from '../../ui/format/numbers.tsx'
import { Money } from '../../ui/money.tsx'
import { Cell, inLines, Row, Table, wideLine } from '../../ui/table.tsx'

type Pools = { planNanos: number; balanceNanos: number }
type StatementProps = {
  month: string
  opening: Pools
  lines: (Pools & { kind: ListedKind; entries: number })[]
  closing: Pools
  /** Without, there is one pool and one column. */
  withPlan: boolean
}

function useHeads(withPlan: boolean) {
  const { t } = useLingui()
  return [
    { text: t`What` },
    { text: t`Entries`, isNumber: true },
    ...(withPlan
      ? [
          { text: t`Plan`, isNumber: true },
          { text: t`Balance`, isNumber: true },
        ]
      : []),
    { text: withPlan ? t`Together` : t`Amount`, isNumber: true },
  ]
}

/** On a phone a pool has a line only where there is something in it. */
const poolLine = (nanos: number) => (nanos === 0 ? inLines.nowhere : wideLine)

const Line = ({
  name,
  entries,
  pools,
  isSum,
  withPlan,
}: {
  name: string
  entries?: number
  pools: Pools
  isSum?: boolean
  withPlan: boolean
}) => {
  const { t } = useLingui()
  return (
    <Row narrow={withPlan ? 'card' : 'lines'}>
      <Cell narrow={withPlan ? 'max-md:col-span-full max-md:font-semibold' : inLines.name}>
        <span className={isSum ? 'font-semibold' : undefined}>{name}</span>
      </Cell>
      <Cell
        label={t`Entries`}
        isNumber
        narrow={entries === undefined ? inLines.nowhere : withPlan ? wideLine : inLines.left}
      >
        {entries === undefined ? '' : <Count of={entries} />}
      </Cell>
      {withPlan && (
        <>
          <Cell label={t`Plan`} isNumber narrow={poolLine(pools.planNanos)}>
            <Money nanos={pools.planNanos} isAligned />
          </Cell>
          <Cell label={t`Balance`} isNumber narrow={poolLine(pools.balanceNanos)}>
            <Money nanos={pools.balanceNanos} isAligned />
          </Cell>
        </>
      )}
      <Cell
        label={withPlan ? t`Together` : undefined}
        isNumber
        narrow={withPlan ? wideLine : inLines.figure}
      >
        <span className={isSum ? 'font-semibold' : undefined}>
          <Money nanos={pools.planNanos + pools.balanceNanos} isAligned />
        </span>
      </Cell>
    </Row>
  )
}

/** A month from what there was to what was left. The lines add up exactly. */
export const StatementTable = ({ month, opening, lines, closing, withPlan }: StatementProps) => {
  const { t } = useLingui()
  return (
    <Table label={t`Statement of ${month}`} heads={useHeads(withPlan)}>
      <Line name={t`At the beginning`} pools={opening} isSum withPlan={withPlan} />
      {lines.map(({ kind, entries, ...pools }) => (
        <Line
          key={kind}
          name={t(kindsWords[kind])}
          entries={entries}
          pools={pools}
          withPlan={withPlan}
        />
      ))}
      <Line name={t`At the end, or now`} pools={closing} isSum withPlan={withPlan} />
    </Table>
  )
}

/** Chooses another month. */
export const MonthForm = ({
  action,
  months,
  month,
}: {
  action: string
  months: string[]
  month: string
}) => {
  const { t } = useLingui()
  return (
    <Form method="get" action={action} key={month} className="flex items-center gap-2 print:hidden">
      <select
        name="month"
        aria-label={t`Month`}
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
        <Trans>Show</Trans>
      </button>
    </Form>
  )
}
