import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import type { KeyStatus } from '../../values/key-statuses.ts'
import type { Period } from '../../values/keys/periods.ts'
import { msg } from '../../values/language/msg.ts'
import { Badge, type Tone } from '../badge.tsx'
import { RowLink, TextLink } from '../link.tsx'
import { Said } from '../language/said.tsx'
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
  { text: msg`Name` },
  { text: msg`Key` },
  { text: msg`State` },
  { text: msg`Last used`, offTablet: true },
  { text: msg`Models`, offTablet: true },
  { text: msg`This month`, isNumber: true },
  { text: msg`In all`, isNumber: true, offTablet: true },
  { text: msg`Budget`, isNumber: true },
  { text: msg`Change`, isHidden: true },
]

/** A status in a word and a colour, and the moment that says more. */
type StatusLook = { tone: Tone; word: MessageDescriptor; of?: (key: KeyRow) => Date | null }
const statuses: Record<KeyStatus, StatusLook> = {
  active: { tone: 'good', word: msg`active`, of: ({ expiresAt }) => expiresAt },
  spent: { tone: 'warn', word: msg`budget used up` },
  disabled: { tone: 'warn', word: msg`disabled`, of: ({ disabledAt }) => disabledAt },
  expired: { tone: 'warn', word: msg`expired`, of: ({ expiresAt }) => expiresAt },
  revoked: { tone: 'plain', word: msg`revoked`, of: ({ revokedAt }) => revokedAt },
}

/** What a key can do right now; `isBrief` in a list, where a phone has room for the word alone. */
export const KeyState = ({ isBrief, ...key }: KeyRow & { isBrief?: boolean }) => {
  const { tone, word, of } = statuses[key.status]
  const at = of?.(key)
  return (
    <>
      <Badge tone={tone}>
        <Said text={word} />
      </Badge>
      {at && (
        <span
          className={`text-xs whitespace-nowrap text-muted md:block md:pt-0.5 ${isBrief ? 'max-md:hidden' : 'max-md:ml-2'}`}
        >
          {key.status === 'active' ? (
            <Trans>
              until <Time at={at} to="minute" />
            </Trans>
          ) : (
            <Time at={at} to="minute" />
          )}
        </span>
      )}
    </>
  )
}

type BudgetOf = { nanos: number; spentNanos: number; heldNanos: number; period?: Period | null }

/** A budget, and what is left of it for another call. */
const Budget = ({ nanos, spentNanos, heldNanos, period }: BudgetOf) => (
  <span className="block">
    {period ? (
      <Trans>
        <Money nanos={nanos} /> a {period}
      </Trans>
    ) : (
      <Money nanos={nanos} />
    )}
    <span className="block text-xs text-muted">
      <Trans>
        <Money nanos={Math.max(0, nanos - spentNanos - heldNanos)} /> left
      </Trans>
    </span>
  </span>
)

const Budgets = ({ budgetNanos, spentNanos, heldNanos, ...key }: KeyRow) => (
  <>
    {budgetNanos === null && key.periodBudgetNanos === null && <Trans context="budget">none</Trans>}
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

function ModelsOf({ models }: { models: string[] | null }) {
  const { t } = useLingui()
  if (models === null) return <Trans context="models">all</Trans>
  const [first] = models
  const count = models.length
  return <LongName text={first !== undefined && count === 1 ? first : t`${count} models`} />
}

/** What a list shows of a key besides: what it cost in this month, and on each of the last days. */
type ListedKey = KeyRow & { monthNanos: number; lastDays: number[] }

type KeysTableProps = {
  keys: ListedKey[]
  pathOf: (id: number) => string
  revokePath: (id: number) => string
}

const MonthSpend = ({ monthNanos, lastDays }: ListedKey) => {
  const { t } = useLingui()
  const days = lastDays.length
  return (
    <>
      <Money nanos={monthNanos} isAligned />
      <span className="block max-md:hidden">
        <Sparkline values={lastDays} label={t`Spend by day, the last ${days} days`} />
      </span>
    </>
  )
}

/** How it is told from others: its name, and that it is the playground's. */
const KeyNames = ({ row, path }: { row: ListedKey; path: string }) => (
  <>
    <RowLink to={path}>
      <LongName text={row.name} />
    </RowLink>
    {row.isPlayground && (
      <span className="max-md:ml-2">
        <Badge tone="plain">
          <Trans>Playground</Trans>
        </Badge>
      </span>
    )}
  </>
)

const RevokeLink = ({ name, to }: { name: string; to: string }) => {
  const { t } = useLingui()
  return (
    <TextLink to={to} label={t`Revoke ${name}`}>
      <Trans>Revoke</Trans>
    </TextLink>
  )
}

type KeyLineProps = { row: ListedKey; path: string; revokePath: string; inAll: string }

const KeyLine = ({ row, path, revokePath, inAll }: KeyLineProps) => (
  <Row isFaded={row.revokedAt !== null} narrow="lines">
    <Cell narrow={inLines.name}>
      <KeyNames row={row} path={path} />
    </Cell>
    <Cell narrow={`${inLines.middle} max-md:truncate`}>
      <code className="font-mono text-[0.8125rem] whitespace-nowrap">{row.masked}</code>
      <span className="block text-xs whitespace-nowrap text-muted max-md:hidden">
        <Trans>
          created <Time at={row.createdAt} to="day" />
        </Trans>
      </span>
    </Cell>
    <Cell narrow={inLines.left}>
      <KeyState {...row} isBrief />
    </Cell>
    <Cell offTablet narrow={inLines.nowhere}>
      {row.lastUsedAt ? (
        <Time at={row.lastUsedAt} to="minute" />
      ) : (
        <Trans context="used">never</Trans>
      )}
    </Cell>
    <Cell offTablet narrow={inLines.nowhere}>
      <ModelsOf models={row.models} />
    </Cell>
    <Cell isNumber narrow={inLines.figure}>
      <MonthSpend {...row} />
    </Cell>
    <Cell label={inAll} isNumber offTablet narrow={inLines.right}>
      <Money nanos={row.spentNanos} isAligned />
    </Cell>
    <Cell isNumber narrow={inLines.nowhere}>
      <Budgets {...row} />
    </Cell>
    <Cell narrow={inLines.nowhere}>
      {row.revokedAt === null && <RevokeLink name={row.name} to={revokePath} />}
    </Cell>
  </Row>
)

/** Keys, one a row. Their secrets are not among what is known of them. */
export function KeysTable({ keys, pathOf, revokePath }: KeysTableProps) {
  const { t } = useLingui()
  return (
    <Table label={t`Your keys`} heads={heads.map((head) => ({ ...head, text: t(head.text) }))}>
      {keys.map((row) => (
        <KeyLine
          key={row.id}
          {...{ row, path: pathOf(row.id), revokePath: revokePath(row.id), inAll: t`In all` }}
        />
      ))}
    </Table>
  )
}
