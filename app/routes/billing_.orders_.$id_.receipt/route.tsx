import { Trans, useLingui } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { limits } from '../../config/limits.ts'
import {
  findOwnOrder,
  formOf,
  notFound,
  personalPage,
  requireRight,
  shownOrder,
  shownReversals,
} from '../../pages/pages.server.ts'
import { orderPath, orderReceiptPath } from '../../paths.ts'
import {
  orderNumber,
  readBillingAddress,
  writeBillingAddress,
} from '../../payments/payments.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextAreaField } from '../../ui/field.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { msg } from '../../values/language/msg.ts'
import { ReceiptPaper } from './receipt-paper.tsx'

export const meta = titled(msg`Receipt of a payment`)

/** `GET /billing/orders/:id/receipt`: a page to print, of an order that was paid. */
export const loader = personalPage(async (args) => {
  const { person, services } = args
  requireRight(person, 'see-money')
  const order = await findOwnOrder(args)
  if (order.paidAt === null) throw notFound(msg`This order was not paid, so it has no receipt.`)
  const { seller } = services.env.payments
  return {
    order: shownOrder(order),
    reversals: await shownReversals(services, order),
    seller,
    buyer: await readBillingAddress(services.db, person.accountId),
    accountId: person.accountId,
  }
})

/** `POST /billing/orders/:id/receipt`: whom receipts of the account are made out to, from now on. */
export const action = personalPage(async (args) => {
  const { request, person, services } = args
  requireRight(person, 'manage-money')
  const order = await findOwnOrder(args)
  const address = (await formOf(request)).get('address')
  const typed = typeof address === 'string' ? address : ''
  if (await writeBillingAddress(services.db, person, typed))
    throw redirect(orderReceiptPath(orderNumber(order)))
  const { addressCharsMax } = limits.payments
  const error = msg`An address has up to ${addressCharsMax} characters of plain text. Nothing was changed.`
  return data({ error, typed }, { status: 400 })
})

export default function OrderReceipt() {
  const { t } = useLingui()
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { number } = page.order
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={orderPath(number)}>
            <Trans>The order</Trans>
          </TextLink>
        }
      >
        <Trans context="of a payment">Receipt</Trans>
      </PageTitle>
      <Card>
        <ReceiptPaper {...page} />
      </Card>
      <div className="print:hidden">
        <Card title={t`Whom receipts are made out to`}>
          <PostForm replace className="grid max-w-xl gap-4">
            <TextAreaField
              name="address"
              label={t`Name and address, tax number`}
              rows={5}
              typed={answer?.typed ?? page.buyer.address ?? ''}
              error={answer && t(answer.error)}
              hint={t`It stands on all receipts of this account. Print this page from your browser.`}
            />
            <div>
              <Button look="secondary">
                <Trans>Save</Trans>
              </Button>
            </div>
          </PostForm>
        </Card>
      </div>
    </>
  )
}
