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

const monthsOf = (months: number | null) => (months === 1 ? '1 month' : `${months} months`)

/** The codes that the account has redeemed, the newest first. */
export const CodesTable = ({ codes }: { codes: RedeemedCode[] }) => (
  <Table
    label="Redeemed codes"
    heads={[{ text: 'Redeemed' }, { text: 'Code' }, { text: 'Worth', isNumber: true }]}
  >
    {codes.map(({ codeId, valueNanos, plan, months, redeemedAt }) => (
      <Row key={codeId}>
        <Cell narrow="max-md:font-semibold">
          <Time at={redeemedAt} />
        </Cell>
        <Cell label="Code">No. {codeId}</Cell>
        <Cell label="Worth" isNumber>
          {plan === null ? <Money nanos={valueNanos} isAligned /> : `${plan}, ${monthsOf(months)}`}
        </Cell>
      </Row>
    ))}
  </Table>
)
