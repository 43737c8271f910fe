import { Trans, useLingui } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import {
  useActionData,
  useLoaderData,
  useNavigation,
  type ShouldRevalidateFunction,
} from '@remix-run/react'
import { formOf, newFormToken, personalPage, requireRight } from '../../pages/pages.server.ts'
import { billingPath, plansDonePath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { msg } from '../../values/language/msg.ts'
import { actOnPlan } from './act.server.ts'
import { Answered } from './answered.tsx'
import { PaidFrom } from './balance-left.tsx'
import { OwnPlanCard } from './own-plan.tsx'
import { PlanCards } from './plan-cards.tsx'
import { readPlansPage } from './read.server.ts'

export const meta = titled(msg`Plans`)

const doneKinds = ['subscribed', 'changed', 'ended'] as const

/** `GET /billing/plans`: the account's plan, and those on sale. `did` says what was just done. */
export const loader = personalPage(async ({ request, person, services }) => {
  requireRight(person, 'manage-money')
  const asked = new URL(request.url).searchParams.get('did')
  return {
    page: await readPlansPage(services, person.accountId),
    did: doneKinds.find((kind) => kind === asked) ?? null,
    formToken: newFormToken(),
  }
})

/**
 * `POST /billing/plans`: subscribes, makes an order of a plan, has another plan follow, keeps the one there is, or cancels it.
 * What was done leads to the page again, so that to reload it does nothing.
 */
export const action = personalPage(async (args) => {
  requireRight(args.person, 'manage-money')
  const answer = await actOnPlan(args, await formOf(args.request))
  const done = doneKinds.find((kind) => kind === answer.kind)
  if (done) throw redirect(plansDonePath(done))
  return data(answer, { status: answer.kind === 'unknown' ? 400 : 409 })
})

/** Remix shows old data after a refusal; how the plan stands is to be seen. */
export const shouldRevalidate: ShouldRevalidateFunction = () => true

export default function Plans() {
  const { t } = useLingui()
  const { page, did, formToken } = useLoaderData<typeof loader>()
  const refused = useActionData<typeof action>()
  const { state, formData } = useNavigation()
  const sent = state === 'submitting' ? formData : undefined
  const chosen = sent?.get('plan') ?? sent?.get('intent') ?? null
  const pending = typeof chosen === 'string' ? chosen : null
  const answer = sent ? undefined : (refused ?? (did ? { kind: did } : undefined))
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={billingPath}>
            <Trans>Billing</Trans>
          </TextLink>
        }
      >
        <Trans>Plans</Trans>
      </PageTitle>
      {answer && <Answered answer={answer} />}
      {page.own && <OwnPlanCard own={page.own} pending={pending} />}
      {page.plans.length > 0 ? (
        <>
          <p className="text-sm text-muted">
            <PaidFrom balanceNanos={page.balanceNanos} />
          </p>
          <PlanCards page={page} formToken={formToken} pending={pending} />
        </>
      ) : (
        <Card>
          <Empty title={t`No plans are on sale`}>
            <Trans>Calls are paid from the balance. Ask whoever runs this relay.</Trans>
          </Empty>
        </Card>
      )}
    </>
  )
}
