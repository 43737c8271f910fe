import { Trans, useLingui } from '@lingui/react/macro'
import { Card } from '../card.tsx'
import { Facts } from '../facts.tsx'
import { Money } from '../money.tsx'
import { Time } from '../time.tsx'
import { limitFacts, type CallLimits } from './call-limits.tsx'

type OwnLimitsProps = {
  held: { account: CallLimits; models: { model: string; figures: CallLimits }[] }
  cap: { capNanos: number | null; usedNanos: number | null; endsAt: Date | null } | null
}

const Cap = ({ capNanos, usedNanos, endsAt }: NonNullable<OwnLimitsProps['cap']>) =>
  endsAt ? (
    <Trans>
      <Money nanos={capNanos ?? 0} /> a month, of which <Money nanos={usedNanos ?? 0} /> is used
      until <Time at={endsAt} to="minute" isNamed />
    </Trans>
  ) : (
    <Trans>
      <Money nanos={capNanos ?? 0} /> a month, of which <Money nanos={usedNanos ?? 0} /> is used
    </Trans>
  )

/** What limits somebody's calls: their cap, and the limits of the account. Nothing, where nothing does. */
export function OwnLimits({ held, cap }: OwnLimitsProps) {
  const { t } = useLingui()
  const facts = [
    ...(cap ? [{ name: t`Your keys may spend`, value: <Cap {...cap} /> }] : []),
    ...limitFacts(t`Calls of this account`, held.account),
    ...held.models.flatMap(({ model, figures }) => limitFacts(t`… of ${model}`, figures)),
  ]
  if (facts.length === 0) return null
  return (
    <Card title={t`Limits`}>
      <Facts facts={facts} />
    </Card>
  )
}
