import type { KeyStatus } from '../../values/key-statuses.ts'
import type { Period } from '../../values/keys/periods.ts'
import { Badge, type Tone } from '../badge.tsx'
import { TextLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Cell, LongName, Row, Table } from '../table.tsx'
import { Time } from '../time.tsx'

export type KeyRow = {
  id: number
  name: string
  masked: string
  createdAt: Date
  lastUsedAt: Date | null
  spentNanos: number
  budgetNanos: number | null
  expiresAt: Date | null
  /** Null: all. */
  models: string[] | null
  status: KeyStatus
  revokedAt: Date | null
  disabledAt: Date | null
  /** A budget that begins anew, and when it does; null before the first call of a period. */
  period: Period | null
  periodBudgetNanos: number | null
  periodSpentNanos: number
  periodEnds: Date | null
}

const heads = [
  { text: 'Name' },
  { text: 'Key' },
  { text: 'State' },
  { text: 'Last used' },
  { text: 'Models' },
  { text: 'Spent', isNumber: true },
  { text: 'Budget', isNumber: true },
  { text: 'Change', isHidden: true },
]

/** A status in a word and a colour, and the moment that says more. */
type StatusLook = { tone: Tone; word: string; of?: (key: KeyRow) => Date | null }
const statuses: Record<KeyStatus, StatusLook> = {
  active: { tone: 'good', word: 'active', of: ({ expiresAt }) => expiresAt },
  spent: { tone: 'warn', word: 'budget used up' },
  disabled: { tone: 'warn', word: 'disabled', of: ({ disabledAt }) => disabledAt },
  expired: { tone: 'warn', word: 'expired', of: ({ expiresAt }) => expiresAt },
  revoked: { tone: 'plain', word: 'revoked', of: ({ revokedAt }) => revokedAt },
}

/** What a key can do right now. */
export const KeyState = (key: KeyRow) => {
  const { tone, word, of } = statuses[key.status]
  const at = of?.(key)
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {at && (
        <span className="text-xs whitespace-nowrap text-muted max-lg:ml-2 lg:block lg:pt-0.5">
          {key.status === 'active' && 'until '}
          <Time at={at} to="minute" />
        </span>
      )}
    </>
  )
}

/** A budget, and what is left of it. */
const Budget = (of: { nanos: number; spentNanos: number; period?: Period | null }) => (
  <span className="block">
    <Money nanos={of.nanos} />
    {of.period && ` a ${of.period}`}
    <span className="block text-xs text-muted">
      <Money nanos={Math.max(0, of.nanos - of.spentNanos)} /> left
    </span>
  </span>
)

const Budgets = ({ budgetNanos, spentNanos, ...key }: KeyRow) => (
  <>
    {budgetNanos === null && key.periodBudgetNanos === null && 'none'}
    {budgetNanos !== null && <Budget nanos={budgetNanos} spentNanos={spentNanos} />}
    {key.periodBudgetNanos !== null && (
      <Budget nanos={key.periodBudgetNanos} spentNanos={key.periodSpentNanos} period={key.period} />
    )}
  </>
)

function modelsWord(models: string[] | null) {
  if (models === null) return 'all'
  const [first] = models
  return first !== undefined && models.length === 1 ? first : `${models.length} models`
}

type KeysTableProps = {
  keys: KeyRow[]
  pathOf: (id: number) => string
  revokePath: (id: number) => string
}

/** Keys, one a row. Their secrets are not among what is known of them. */
export const KeysTable = ({ keys, pathOf, revokePath }: KeysTableProps) => (
  <Table label="Your keys" heads={heads}>
    {keys.map((key) => (
      <Row key={key.id} isFaded={key.revokedAt !== null}>
        <Cell narrow="max-lg:col-span-full max-lg:font-semibold max-sm:-order-2">
          <TextLink to={pathOf(key.id)}>
            <span className="wrap-anywhere">{key.name}</span>
          </TextLink>
        </Cell>
        <Cell>
          <code className="font-mono text-[0.8125rem] whitespace-nowrap">{key.masked}</code>
          <span className="block text-xs whitespace-nowrap text-muted">
            created <Time at={key.createdAt} to="day" />
          </span>
        </Cell>
        <Cell narrow="max-sm:-order-1 max-sm:col-span-2">
          <KeyState {...key} />
        </Cell>
        <Cell label="Last used" narrow="max-sm:col-span-2">
          {key.lastUsedAt ? <Time at={key.lastUsedAt} to="minute" /> : 'never'}
        </Cell>
        <Cell label="Models">
          <LongName text={modelsWord(key.models)} />
        </Cell>
        <Cell label="Spent" isNumber>
          <Money nanos={key.spentNanos} isAligned />
        </Cell>
        <Cell label="Budget" isNumber>
          <Budgets {...key} />
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
