import { limitFacts, type CallLimits } from '../../ui/account/call-limits.tsx'
import { Facts, Id } from '../../ui/facts.tsx'
import { KeyState, type KeyRow } from '../../ui/account/keys-table.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'

/** What a key may spend in a period, what it has, and when that begins anew. */
const PeriodBudget = ({ period, periodBudgetNanos, periodSpentNanos, periodEnds }: KeyRow) =>
  period === null || periodBudgetNanos === null ? (
    'none'
  ) : (
    <>
      <Money nanos={periodBudgetNanos} isAligned /> a {period}, of which{' '}
      <Money nanos={periodSpentNanos} isAligned /> is spent
      {periodEnds && (
        <>
          {' '}
          until <Time at={periodEnds} to="minute" />
        </>
      )}
    </>
  )

const OldSecret = ({ until }: { until: Date }) => (
  <>
    works until <Time at={until} to="minute" />
  </>
)

/** All that is known of one key. */
export const KeyFacts = ({
  row,
  limits,
  usagePath,
}: {
  row: KeyRow & {
    responsesAtChat: boolean
    addresses: string[] | null
    oldUntil: Date | null
    disabledBy: string | null
  }
  /** On its calls, and on those of its account. */
  limits: { key: CallLimits; account: CallLimits }
  usagePath: string
}) => (
  <Facts
    facts={[
      { name: 'Key', value: <Id text={row.masked} /> },
      ...(row.isPlayground
        ? [{ name: 'Of the playground', value: 'Its secret is kept nowhere, and nobody has it.' }]
        : []),
      { name: 'State', value: <KeyState {...row} /> },
      ...(row.disabledAt
        ? [{ name: 'Disabled by', value: row.disabledBy ?? 'whoever runs this relay' }]
        : []),
      { name: 'Created', value: <Time at={row.createdAt} /> },
      { name: 'Last used', value: row.lastUsedAt ? <Time at={row.lastUsedAt} /> : 'never' },
      { name: 'Spent', value: <Money nanos={row.spentNanos} isAligned /> },
      { name: 'Held by open calls', value: <Money nanos={row.heldNanos} isAligned /> },
      {
        name: 'Budget',
        value: row.budgetNanos === null ? 'none' : <Money nanos={row.budgetNanos} isAligned />,
      },
      { name: 'Budget that begins anew', value: <PeriodBudget {...row} /> },
      { name: 'Ends', value: row.expiresAt ? <Time at={row.expiresAt} /> : 'never' },
      { name: 'Models', value: row.models === null ? 'all' : row.models.join(', ') },
      { name: 'Addresses', value: row.addresses === null ? 'all' : row.addresses.join(', ') },
      ...limitFacts('Limits', limits.key),
      ...limitFacts('Limits of the account', limits.account),
      ...(row.oldUntil
        ? [{ name: 'Secret before this one', value: <OldSecret until={row.oldUntil} /> }]
        : []),
      {
        name: 'Responses bodies at /v1/chat/completions',
        value: row.responsesAtChat ? 'taken' : 'refused',
      },
      { name: 'Its calls', value: <TextLink to={usagePath}>Show them</TextLink> },
    ]}
  />
)
