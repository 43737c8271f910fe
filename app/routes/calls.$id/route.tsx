import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData } from '@remix-run/react'
import { parseCallId } from '../../values/call-id.ts'
import { notFound, personalPage, whoseCalls } from '../../pages/pages.server.ts'
import { billingPath, keyPath, modelPath, usagePath } from '../../paths.ts'
import { readCall, toldReceipt } from '../../usage/usage.server.ts'
import { may } from '../../values/teams/roles.ts'
import { CallEndBadge } from '../../ui/account/call-end.tsx'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Id } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { msg } from '../../values/language/msg.ts'
import { HowItEnded } from './how-it-ended.tsx'
import { ReceiptFacts } from './receipt-facts.tsx'
import { ReceiptItems } from './receipt-items.tsx'
import { ReceiptPayment } from './receipt-payment.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Receipt`)

/** `GET /calls/:id`: the receipt of one call of this account. */
export const loader = personalPage(async ({ params, person, services: { db } }) => {
  const id = parseCallId(params.id ?? '')
  const receipt = id && (await readCall(db, person.accountId, id, whoseCalls(person)))
  if (!receipt) throw notFound(msg`You have no call with this id.`)
  return toldReceipt(receipt, { seesMoney: may(person.role, 'see-money') })
})

export default function Call() {
  const page = useLoaderData<typeof loader>()
  const { t } = useLingui()
  const { id, call } = page
  const { model } = call
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={usagePath}>
            <Trans>All calls</Trans>
          </TextLink>
        }
      >
        <span className="wrap-anywhere">
          <Trans>Receipt: {model}</Trans>
        </span>
      </PageTitle>
      <p className="-mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <CallEndBadge {...call} /> <Id text={id} />
      </p>
      <HowItEnded {...page} billingPath={billingPath} keyPath={keyPath} />
      {call.outcome !== 'refused' && (
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <Card title={t`What it cost`} isFlush>
            <ReceiptItems {...page} />
          </Card>
          <Card title={t`How it was paid`}>
            <ReceiptPayment {...page} ledgerPath={billingPath} />
          </Card>
        </div>
      )}
      <Card title={t`What happened`} aside={<TimesIn />}>
        <ReceiptFacts {...page} keyPath={keyPath} modelPath={modelPath} />
      </Card>
    </>
  )
}
