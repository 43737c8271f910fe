import type { KeyStatus } from '../../values/key-statuses.ts'
import type { Period } from '../../values/keys/periods.ts'
import { Badge, type Tone } from '../badge.tsx'
import { RowLink, TextLink } from '../link.tsx'
import { Money } from '../money.tsx'
import { Cell, inLines, LongName, Row, Table } from '../table.tsx'
import { Time } from '../time.tsx'
import { Sparkline } from './sparkline.tsx'

export type KeyRow = {
  id: number
  name: string
  masked: string
  createdAt: Date
  lastUsedAt: Date | null
  spentNanos: number
  heldNanos: number
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
  /** Whether the playground calls with it: nobody has its secret. */
  isPlayground: boolean
}

const heads = [
  { text: 'Name' },
  { text: 'Key' },
  { text: 'State' },
  { text: 'Last used', offTablet: true },
  { text: 'Models', offTablet: true },
  { text: 'This month', isNumber: true },
  { text: 'In all', isNumber: true, offTablet: true },
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

/** What a key can do right now; `isBrief` in a list, where a phone has room for the word alone. */
export const KeyState = ({ isBrief, ...key }: KeyRow & { isBrief?: boolean }) => {
  const { tone, word, of } = statuses[key.status]
  const at = of?.(key)
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {at && (
        <span
          className={`text-xs whitespace-nowrap text-muted md:block md:pt-0.5 ${isBrief ? 'max-md:hidden' : 'max-md:ml-2'}`}
        >
          {key.status === 'active' && 'until '}
          <Time at={at} to="minute" />
        </span>
      )}
    </>
  )
}

type BudgetOf = { nanos: number; spentNanos: number; heldNanos: number; period?: Period | null }

/** A budget, and what is left of it for another call. */
const Budget = (of: BudgetOf) => (
  <span className="block">
    <Money nanos={of.nanos} />
    {of.period && ` a ${of.period}`}
    <span className="block text-xs text-muted">
      <Money nanos={Math.max(0, of.nanos - of.spentNanos - of.heldNanos)} /> left
    </span>
  </span>
)

const Budgets = ({ budgetNanos, spentNanos, heldNanos, ...key }: KeyRow) => (
  <>
    {budgetNanos === null && key.periodBudgetNanos === null && 'none'}
    {budgetNanos !== null && <Budget nanos={budgetNanos} {...{ spentNanos, heldNanos }} />}
    {key.periodBudgetNanos !== null && (
      <Budget
        nanos={key.periodBudgetNanos}
        spentNanos={key.periodSpentNanos}
        heldNanos={heldNanos}
        period={key.period}
      />
    )}
  </>
)

function modelsWord(models: string[] | null) {
  if (models === null) return 'all'
  const [first] = models
  return first !== undefined && models.length === 1 ? first : `${models.length} models`
}

/** What a list shows of a key besides: what it cost in this month, and on each of the last days. */
type ListedKey = KeyRow & { monthNanos: number; lastDays: number[] }

type KeysTableProps = {
  keys: ListedKey[]
  pathOf: (id: number) => string
  revokePath: (id: number) => string
}

const MonthSpend = ({ monthNanos, lastDays }: ListedKey) => (
  <>
    <Money nanos={monthNanos} isAligned />
    <span className="block max-md:hidden">
      <Sparkline values={lastDays} label={`Spend by day, the last ${lastDays.length} days`} />
    </span>
  </>
)

const KeyLine = ({
  row,
  path,
  revokePath,
}: {
  row: ListedKey
  path: string
  revokePath: string
}) => (
  <Row isFaded={row.revokedAt !== null} narrow="lines">
    <Cell narrow={inLines.name}>
      <RowLink to={path}>
        <LongName text={row.name} />
      </RowLink>
      {row.isPlayground && (
        <span className="max-md:ml-2">
          <Badge tone="plain">Playground</Badge>
        </span>
      )}
    </Cell>
    <Cell narrow={`${inLines.middle} max-md:truncate`}>
      <code className="font-mono text-[0.8125rem] whitespace-nowrap">{row.masked}</code>
      <span className="block text-xs whitespace-nowrap text-muted max-md:hidden">
        created <Time at={row.createdAt} to="day" />
      </span>
    </Cell>
    <Cell narrow={inLines.left}>
      <KeyState {...row} isBrief />
    </Cell>
    <Cell offTablet narrow={inLines.nowhere}>
      {row.lastUsedAt ? <Time at={row.lastUsedAt} to="minute" /> : 'never'}
    </Cell>
    <Cell offTablet narrow={inLines.nowhere}>
      <LongName text={modelsWord(row.models)} />
    </Cell>
    <Cell isNumber narrow={inLines.figure}>
      <MonthSpend {...row} />
    </Cell>
    <Cell label="In all" isNumber offTablet narrow={inLines.right}>
      <Money nanos={row.spentNanos} isAligned />
    </Cell>
    <Cell isNumber narrow={inLines.nowhere}>
      <Budgets {...row} />
    </Cell>
    <Cell narrow={inLines.nowhere}>
      {row.revokedAt === null && (
        <TextLink to={revokePath} label={`Revoke ${row.name}`}>
          Revoke
        </TextLink>
      )}
    </Cell>
  </Row>
)

/** Keys, one a row. Their secrets are not among what is known of them. */
export const KeysTable = ({ keys, pathOf, revokePath }: KeysTableProps) => (
  <Table label="Your keys" heads={heads}>
    {keys.map((row) => (
      <KeyLine key={row.id} row={row} path={pathOf(row.id)} revokePath={revokePath(row.id)} />
    ))}
  </Table>
)
