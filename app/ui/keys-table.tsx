import { Badge } from './badge.tsx'
import { TextLink } from './link.tsx'
import { Money } from './money.tsx'
import { Cell, Row, Table } from './table.tsx'
import { Time } from './time.tsx'

export type KeyRow = {
  id: number
  name: string
  masked: string
  createdAt: Date
  lastUsedAt: Date | null
  spentNanos: number
  budgetNanos: number | null
  expiresAt: Date | null
  isExpired: boolean
  revokedAt: Date | null
}

const heads = [
  { text: 'Name' },
  { text: 'Key' },
  { text: 'State' },
  { text: 'Created' },
  { text: 'Last used' },
  { text: 'Spent', isNumber: true },
  { text: 'Budget', isNumber: true },
  { text: 'Change', isHidden: true },
]

const State = ({ revokedAt, isExpired, expiresAt }: KeyRow) => {
  if (revokedAt) {
    return (
      <>
        <Badge tone="plain">revoked</Badge> <Time at={revokedAt} to="minute" />
      </>
    )
  }
  if (isExpired && expiresAt) {
    return (
      <>
        <Badge tone="warn">expired</Badge> <Time at={expiresAt} to="minute" />
      </>
    )
  }
  return <Badge tone="good">active</Badge>
}

/** Keys, one a row. Their secrets are not among what is known of them. */
export const KeysTable = ({
  keys,
  revokePath,
}: {
  keys: KeyRow[]
  revokePath: (id: number) => string
}) => (
  <Table label="Your keys" heads={heads}>
    {keys.map((key) => (
      <Row key={key.id} isFaded={key.revokedAt !== null}>
        <Cell label="Name" isWide>
          <span className="font-medium wrap-anywhere">{key.name}</span>
        </Cell>
        <Cell label="Key">
          <code className="font-mono text-[0.8125rem] whitespace-nowrap">{key.masked}</code>
        </Cell>
        <Cell label="State">
          <State {...key} />
        </Cell>
        <Cell label="Created">
          <Time at={key.createdAt} to="minute" />
        </Cell>
        <Cell label="Last used">
          {key.lastUsedAt ? <Time at={key.lastUsedAt} to="minute" /> : 'never'}
        </Cell>
        <Cell label="Spent" isNumber>
          <Money nanos={key.spentNanos} isAligned />
        </Cell>
        <Cell label="Budget" isNumber>
          {key.budgetNanos === null ? 'none' : <Money nanos={key.budgetNanos} />}
        </Cell>
        <Cell label="Change">
          {key.revokedAt === null && (
            <TextLink to={revokePath(key.id)} label={`Revoke ${key.name}`}>
              Revoke
            </TextLink>
          )}
        </Cell>
      </Row>
    ))}
  </Table>
)
