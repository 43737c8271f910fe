import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { msg } from '../../values/language/msg.ts'
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

const headOf: Record<Of, MessageDescriptor> = {
  hour: msg`Hour`,
  day: msg`Day`,
  week: msg`Week`,
  month: msg`Month`,
  model: msg`Model`,
  key: msg`Key`,
}

/** Days are all there, so there are no others. */
const othersOf: Partial<Record<Of, MessageDescriptor>> = {
  model: msg`{others} other models`,
  key: msg`{others} other keys`,
}

const withCount = (text: MessageDescriptor, others: number): MessageDescriptor => ({
  ...text,
  values: { others },
})

const headsOf = (of: Of) => [
  { text: headOf[of] },
  { text: msg`Calls`, isNumber: true },
  { text: msg`Tokens in`, isNumber: true },
  { text: msg`Tokens out`, isNumber: true },
  { text: msg`Cost`, isNumber: true },
]

const Line = ({ name, to, ...sums }: SumsRow) => {
  const { t } = useLingui()
  return (
    <Row narrow="lines">
      <Cell narrow={inLines.name}>
        <span className="wrap-anywhere">
          {to === undefined ? name : <RowLink to={to}>{name}</RowLink>}
        </span>
      </Cell>
      <Cell label={t`Calls`} isNumber narrow={inLines.left}>
        <Count of={sums.calls} />
      </Cell>
      <Cell label={t`In`} isNumber narrow={`${inLines.middle} max-md:text-right`}>
        <Count of={sums.inputTokens} />
      </Cell>
      <Cell label={t`Out`} isNumber narrow={inLines.right}>
        <Count of={sums.outputTokens} />
      </Cell>
      <Cell isNumber narrow={inLines.figure}>
        <Money nanos={sums.costNanos} isAligned />
      </Cell>
    </Row>
  )
}

type SumsTableProps = { label: string; of: Of; rows: SumsRow[]; rest?: RestRow | null }

/** What calls come to, by hour, day, model or key. */
export const SumsTable = ({ label, of, rows, rest }: SumsTableProps) => {
  const { t } = useLingui()
  const others = othersOf[of]
  return (
    <Table label={label} heads={headsOf(of).map((head) => ({ ...head, text: t(head.text) }))}>
      {rows.map((row) => (
        <Line key={row.to ?? row.name} {...row} />
      ))}
      {rest && others && <Line {...rest} name={t(withCount(others, rest.others))} />}
    </Table>
  )
}
