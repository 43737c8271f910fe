import { Facts, Id } from '../../ui/facts.tsx'
import { KeyState, type KeyRow } from '../../ui/account/keys-table.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'

/** All that is known of one key. */
export const KeyFacts = ({
  row,
  usagePath,
}: {
  row: KeyRow & { heldNanos: number; responsesAtChat: boolean }
  usagePath: string
}) => (
  <Facts
    facts={[
      { name: 'Key', value: <Id text={row.masked} /> },
      { name: 'State', value: <KeyState {...row} /> },
      { name: 'Created', value: <Time at={row.createdAt} /> },
      { name: 'Last used', value: row.lastUsedAt ? <Time at={row.lastUsedAt} /> : 'never' },
      { name: 'Spent', value: <Money nanos={row.spentNanos} isAligned /> },
      { name: 'Held by open calls', value: <Money nanos={row.heldNanos} isAligned /> },
      {
        name: 'Budget',
        value: row.budgetNanos === null ? 'none' : <Money nanos={row.budgetNanos} isAligned />,
      },
      { name: 'Ends', value: row.expiresAt ? <Time at={row.expiresAt} /> : 'never' },
      { name: 'Models', value: row.models === null ? 'all' : row.models.join(', ') },
      {
        name: 'Responses bodies at /v1/chat/completions',
        value: row.responsesAtChat ? 'taken' : 'refused',
      },
      { name: 'Its calls', value: <TextLink to={usagePath}>Show them</TextLink> },
    ]}
  />
)
