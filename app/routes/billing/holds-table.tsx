import { Trans, useLingui } from '@lingui/react/macro'
import { Id } from '../../ui/facts.tsx'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'

type Hold = {
  id: string
  model: string
  keyName: string | null
  planNanos: number
  balanceNanos: number
  ageSeconds: number | null
}

type HoldsTableProps = { holds: Hold[]; hasMore: boolean; withPlan: boolean }

/** How old something is, in the largest unit that says enough. */
const Age = ({ seconds }: { seconds: number }) => {
  if (seconds < 120) return <Trans>{seconds} s</Trans>
  const minutes = Math.floor(seconds / 60)
  if (seconds < 7_200) return <Trans>{minutes} min</Trans>
  const hours = Math.floor(seconds / 3_600)
  return <Trans>{hours} h</Trans>
}

/** What open calls hold, the oldest first. */
export const HoldsTable = ({ holds, hasMore, withPlan }: HoldsTableProps) => {
  const { t } = useLingui()
  const fromBalance = withPlan ? t`From the balance` : t`Held`
  const heads = [
    { text: t`Call` },
    { text: t`Model` },
    { text: t`Key` },
    { text: t`Age`, isNumber: true },
    ...(withPlan ? [{ text: t`From the plan`, isNumber: true }] : []),
    { text: fromBalance, isNumber: true },
  ]
  return (
    <>
      <Table label={t`Open holds`} heads={heads}>
        {holds.map((hold) => (
          <Row key={hold.id}>
            <Cell narrow="max-md:col-span-full">
              <Id text={hold.id} />
            </Cell>
            <Cell narrow="max-md:font-semibold">
              <span className="wrap-anywhere">{hold.model}</span>
            </Cell>
            <Cell label={t`Key`}>
              <span className="wrap-anywhere">{hold.keyName ?? '–'}</span>
            </Cell>
            <Cell label={t`Age`} isNumber>
              <Age seconds={Math.max(0, hold.ageSeconds ?? 0)} />
            </Cell>
            {withPlan && (
              <Cell label={t`From the plan`} isNumber>
                <Money nanos={hold.planNanos} isAligned />
              </Cell>
            )}
            <Cell label={fromBalance} isNumber>
              <Money nanos={hold.balanceNanos} isAligned />
            </Cell>
          </Row>
        ))}
      </Table>
      {hasMore && (
        <p className="px-4 py-3 text-sm text-muted sm:px-6">
          <Trans>Only the oldest are listed. “Held now” above is the sum of all.</Trans>
        </p>
      )}
    </>
  )
}
