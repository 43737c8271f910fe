import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Money } from '../../ui/money.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Time } from '../../ui/time.tsx'
import type { OwnPlan } from './read.server.ts'
import { msg } from '../../values/language/msg.ts'
import { Terms } from './terms.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

/** What becomes of the plan next, and when. */
const Outlook = ({ own }: { own: OwnPlan }) => {
  const { renewsAt, endsAt, next, isInGrace, isCanceled } = own
  if (isInGrace)
    return (
      <Trans>
        The balance was short of the price when the month ended. The next month begins as soon as
        there is enough; if there is not by <Time at={renewsAt} to="minute" isNamed />, the plan
        ends.
      </Trans>
    )
  const at = <Time at={endsAt ?? renewsAt} to="day" />
  if (isCanceled) return <Trans>It is canceled, and ends on {at}. Nothing more is charged.</Trans>
  if (next) {
    const { name, priceNanos } = next
    return (
      <Trans>
        On {at} <span className="font-medium">{name}</span> takes its place, for{' '}
        <Money nanos={priceNanos} /> a month.
      </Trans>
    )
  }
  if (endsAt) return <Trans>It ends on {at}. Nothing is charged for it.</Trans>
  return (
    <Trans>
      It is renewed on {at}, for <Money nanos={own.facts.priceNanos} /> from the balance.
    </Trans>
  )
}

const keep = { intent: 'keep', text: msg`Keep this plan as it is`, look: 'secondary' } as const
const end = {
  intent: 'cancel',
  text: msg`Cancel at the end of the month`,
  look: 'secondary',
} as const
const endNow = { intent: 'cancel', text: msg`End this plan now`, look: 'danger' } as const

/** What can be done with the plan: undo what was wished, or end it with its month or at once. */
function waysOut({ planId, endsAt, next, isInGrace, isCanceled }: OwnPlan) {
  if (isInGrace) return [endNow]
  if (isCanceled) return [keep]
  if (next) return endsAt === null ? [keep, end] : [keep]
  return planId === null || endsAt !== null ? [] : [end]
}

/** The account's own plan: its terms, its outlook, and the ways out of it. */
export function OwnPlanCard({ own, pending }: { own: OwnPlan; pending: string | null }) {
  const { t } = useLingui()
  const { name } = own
  const left = (
    <Trans>
      <Money nanos={own.leftNanos} /> of its credit is left.
    </Trans>
  )
  const outlook = <Outlook own={own} />
  return (
    <Card title={name ? t`Your plan: ${name}` : t`Your plan`} aside={<TimesIn />}>
      <div className="grid gap-5">
        <p>
          <Trans>
            {left} {outlook}
          </Trans>
        </p>
        <Terms terms={own.facts} />
        {own.planId === null && (
          <p className="text-sm text-muted">
            <Trans>It is given by whoever runs this relay.</Trans>
          </p>
        )}
        <div className="flex flex-wrap gap-3 empty:hidden print:hidden">
          {waysOut(own).map((way) => (
            <PostForm key={way.intent}>
              <input type="hidden" name="intent" value={way.intent} />
              <Button
                look={way.look}
                isPending={pending === way.intent}
                pendingText={t`One moment…`}
              >
                {t(way.text)}
              </Button>
            </PostForm>
          ))}
        </div>
      </div>
    </Card>
  )
}
