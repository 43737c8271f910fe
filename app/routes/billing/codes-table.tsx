import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type RedeemedCode = {
  codeId: number
  valueNanos: number
  plan: string | null
  months: number | null
  redeemedAt: Date
}

/** The codes that the account has redeemed, the newest first. */
export const CodesTable = ({ codes }: { codes: RedeemedCode[] }) => {
  const { t } = useLingui()
  return (
    <Table
      label={t`Redeemed codes`}
      heads={[{ text: t`Redeemed` }, { text: t`Code` }, { text: t`Worth`, isNumber: true }]}
    >
      {codes.map(({ codeId, valueNanos, plan, months, redeemedAt }) => {
        const count = months ?? 0
        return (
          <Row key={codeId}>
            <Cell narrow="max-md:font-semibold">
              <Time at={redeemedAt} />
            </Cell>
            <Cell label={t`Code`}>
              <Trans>No. {codeId}</Trans>
            </Cell>
            <Cell label={t`Worth`} isNumber>
              {plan === null ? (
                <Money nanos={valueNanos} isAligned />
              ) : (
                <Trans>
                  {plan}, <Plural value={count} one="# month" other="# months" />
                </Trans>
              )}
            </Cell>
          </Row>
        )
      })}
    </Table>
  )
}
