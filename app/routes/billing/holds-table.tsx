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

const headsOf = (withPlan: boolean) => [
  { text: 'Call' },
  { text: 'Model' },
  { text: 'Key' },
  { text: 'Age', isNumber: true },
  ...(withPlan ? [{ text: 'From the plan', isNumber: true }] : []),
  { text: withPlan ? 'From the balance' : 'Held', isNumber: true },
]

type HoldsTableProps = { holds: Hold[]; hasMore: boolean; withPlan: boolean }

/** How old something is, in the largest unit that says enough. */
function age(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`
}

/** What open calls hold, the oldest first. */
export const HoldsTable = ({ holds, hasMore, withPlan }: HoldsTableProps) => (
  <>
    <Table label="Open holds" heads={headsOf(withPlan)}>
      {holds.map((hold) => (
        <Row key={hold.id}>
          <Cell narrow="max-md:col-span-full">
            <Id text={hold.id} />
          </Cell>
          <Cell narrow="max-md:font-semibold">
            <span className="wrap-anywhere">{hold.model}</span>
          </Cell>
          <Cell label="Key">
            <span className="wrap-anywhere">{hold.keyName ?? '–'}</span>
          </Cell>
          <Cell label="Age" isNumber>
            {age(Math.max(0, hold.ageSeconds ?? 0))}
          </Cell>
          {withPlan && (
            <Cell label="From the plan" isNumber>
              <Money nanos={hold.planNanos} isAligned />
            </Cell>
          )}
          <Cell label={withPlan ? 'From the balance' : 'Held'} isNumber>
            <Money nanos={hold.balanceNanos} isAligned />
          </Cell>
        </Row>
      ))}
    </Table>
    {hasMore && (
      <p className="px-4 py-3 text-sm text-muted sm:px-6">
        Only the oldest are listed. “Held now” above is the sum of all.
      </p>
    )}
  </>
)
