import { Badge, type Tone } from './badge.tsx'
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

const Ended = ({ tone, word, at }: { tone: Tone; word: string; at: Date }) => (
  <>
    <Badge tone={tone}>{word}</Badge>
    <span className="text-xs text-muted max-lg:ml-2 lg:block lg:pt-0.5">
      <Time at={at} to="minute" />
    </span>
  </>
)

const State = ({ revokedAt, isExpired, expiresAt }: KeyRow) => {
  if (revokedAt) {
    return <Ended tone="plain" word="revoked" at={revokedAt} />
  }
  if (isExpired && expiresAt) {
    return <Ended tone="warn" word="expired" at={expiresAt} />
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
        <Cell narrow="max-lg:col-span-full max-lg:font-semibold max-sm:-order-2">
          <span className="wrap-anywhere">{key.name}</span>
        </Cell>
        <Cell>
          <code className="font-mono text-[0.8125rem] whitespace-nowrap">{key.masked}</code>
        </Cell>
        <Cell narrow="max-sm:-order-1 max-sm:col-span-2">
          <State {...key} />
        </Cell>
        <Cell label="Created">
          <Time at={key.createdAt} to="day" />
        </Cell>
        <Cell label="Last used" narrow="max-sm:col-span-2">
          {key.lastUsedAt ? <Time at={key.lastUsedAt} to="minute" /> : 'never'}
        </Cell>
        <Cell label="Spent" isNumber>
          <Money nanos={key.spentNanos} isAligned />
        </Cell>
        <Cell label="Budget" isNumber>
          {key.budgetNanos === null ? 'none' : <Money nanos={key.budgetNanos} />}
        </Cell>
        <Cell>
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
