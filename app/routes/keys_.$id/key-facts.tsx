import { Trans, useLingui } from '@lingui/react/macro'
import { limitFacts, type CallLimits } from '../../ui/account/call-limits.tsx'
import { Facts, Id, type Fact } from '../../ui/facts.tsx'
import { KeyState, type KeyRow } from '../../ui/account/keys-table.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'

/** What a key may spend in a period, what it has, and when that begins anew. */
const PeriodBudget = ({ period, periodBudgetNanos, periodSpentNanos, periodEnds }: KeyRow) => {
  if (period === null || periodBudgetNanos === null) return <Trans context="budget">none</Trans>
  return periodEnds ? (
    <Trans>
      <Money nanos={periodBudgetNanos} isAligned /> a {period}, of which{' '}
      <Money nanos={periodSpentNanos} isAligned /> is spent until{' '}
      <Time at={periodEnds} to="minute" />
    </Trans>
  ) : (
    <Trans>
      <Money nanos={periodBudgetNanos} isAligned /> a {period}, of which{' '}
      <Money nanos={periodSpentNanos} isAligned /> is spent
    </Trans>
  )
}

const OldSecret = ({ until }: { until: Date }) => (
  <Trans>
    works until <Time at={until} to="minute" />
  </Trans>
)

/** Who of the account has disabled it; null where that was none of them. */
const DisabledBy = ({ by }: { by: { name: string | null } | null }) =>
  by === null ? (
    <Trans>whoever runs this relay</Trans>
  ) : (
    <>{by.name ?? <Trans>somebody who is gone</Trans>}</>
  )

type FactsRow = KeyRow & {
  responsesAtChat: boolean
  addresses: string[] | null
  oldUntil: Date | null
  disabledBy: { name: string | null } | null
}

const Never = () => <Trans context="used">never</Trans>
const All = ({ of }: { of: string[] | null }) =>
  of === null ? <Trans context="models">all</Trans> : <>{of.join(', ')}</>

/** What it has spent, and how much it may. */
function useMoneyFacts(row: FactsRow): Fact[] {
  const { t } = useLingui()
  return [
    { name: t`Spent`, value: <Money nanos={row.spentNanos} isAligned /> },
    { name: t`Held by open calls`, value: <Money nanos={row.heldNanos} isAligned /> },
    {
      name: t`Budget`,
      value:
        row.budgetNanos === null ? (
          <Trans context="budget">none</Trans>
        ) : (
          <Money nanos={row.budgetNanos} isAligned />
        ),
    },
    { name: t`Budget that begins anew`, value: <PeriodBudget {...row} /> },
  ]
}

/** What it is, and whether it works. */
function useStateFacts(row: FactsRow): Fact[] {
  const { t } = useLingui()
  return [
    { name: t`Key`, value: <Id text={row.masked} /> },
    ...(row.isPlayground
      ? [{ name: t`Of the playground`, value: t`Its secret is kept nowhere, and nobody has it.` }]
      : []),
    { name: t`State`, value: <KeyState {...row} /> },
    ...(row.disabledAt
      ? [{ name: t`Disabled by`, value: <DisabledBy by={row.disabledBy} /> }]
      : []),
    { name: t`Created`, value: <Time at={row.createdAt} /> },
    { name: t`Last used`, value: row.lastUsedAt ? <Time at={row.lastUsedAt} /> : <Never /> },
  ]
}

type KeyFactsProps = {
  row: FactsRow
  /** On its calls, and on those of its account. */
  limits: { key: CallLimits; account: CallLimits }
  usagePath: string
}

/** All that is known of one key. */
export function KeyFacts({ row, limits, usagePath }: KeyFactsProps) {
  const { t } = useLingui()
  const facts = [
    ...useStateFacts(row),
    ...useMoneyFacts(row),
    {
      name: t`Ends`,
      value: row.expiresAt ? <Time at={row.expiresAt} /> : <Trans context="end">never</Trans>,
    },
    { name: t`Models`, value: <All of={row.models} /> },
    { name: t`Addresses`, value: <All of={row.addresses} /> },
    ...limitFacts(t`Limits`, limits.key),
    ...limitFacts(t`Limits of the account`, limits.account),
    ...(row.oldUntil
      ? [{ name: t`Secret before this one`, value: <OldSecret until={row.oldUntil} /> }]
      : []),
    {
      name: t`Responses bodies at /v1/chat/completions`,
      value: row.responsesAtChat ? t`taken` : t`refused`,
    },
    {
      name: t`Its calls`,
      value: (
        <TextLink to={usagePath}>
          <Trans>Show them</Trans>
        </TextLink>
      ),
    },
  ]
  return <Facts facts={facts} />
}
