import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { personalPage } from '../../pages/pages.server.ts'
import { noticesPath, settingsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CheckField } from '../../ui/field.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { msg } from '../../values/language/msg.ts'
import { Threshold, TimeZone } from './account-forms.tsx'
import { actOnNotices } from './act.server.ts'
import { Answered } from './answered.tsx'
import { Deliveries } from './deliveries.tsx'
import { Kinds } from './kinds.tsx'
import { OwnAddress } from './own-address.tsx'
import { readNotices } from './read.server.ts'
import { Webhook } from './webhook.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Notices`)

/** `GET /settings/notices`: what one is told of, and where; of the account what one's role may see. */
export const loader = personalPage(readNotices)

/** `POST /settings/notices`: changes that, and sends tests. */
export const action = personalPage(async (args) => {
  const answer = await actOnNotices(args)
  const isBad = answer.kind === 'unknown' || answer.kind === 'invalid'
  return data(answer, { status: isBad ? 400 : answer.kind === 'repeated' ? 409 : 200 })
})

export default function Notices() {
  const { t } = useLingui()
  const shown = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const invalid = answer?.kind === 'invalid' ? answer : undefined
  const typedIn = (field: string, text: string) =>
    invalid?.field === field ? { typed: invalid.typed, error: t(invalid.error) } : { typed: text }
  const { mail, kinds, sendsMail, isManager, below, webhook, hookKinds, formToken, zone } = shown
  return (
    <>
      <PageTitle
        aside={
          <TextLink to={settingsPath}>
            <Trans>Settings</Trans>
          </TextLink>
        }
      >
        <Trans>Notices</Trans>
      </PageTitle>
      {answer && <Answered answer={answer} />}
      {isManager && <Threshold {...typedIn('below', below)} />}
      <Card title={t`Mail to you`}>
        {sendsMail ? (
          <div className="grid max-w-2xl gap-6">
            <PostForm action={noticesPath} className="grid gap-4">
              <input type="hidden" name="intent" value="choices" />
              <CheckField label={t`Send me mail about this account`} name="mail" isTicked={mail} />
              <Kinds legend={t({ message: 'When', context: 'of what' })} kinds={kinds} />
              <div>
                <Button>
                  <Trans>Save what I am told</Trans>
                </Button>
              </div>
            </PostForm>
            <OwnAddress
              address={shown.address}
              own={shown.own}
              {...typedIn('address', shown.own?.address ?? '')}
            />
          </div>
        ) : (
          <p className="text-sm">
            <Trans>Whoever runs this relay has set up no mail.</Trans>
          </p>
        )}
      </Card>
      {isManager && (
        <Card title={t`Webhook`}>
          <Webhook
            {...{ webhook, kinds: hookKinds, formToken }}
            {...typedIn('url', webhook?.url ?? '')}
          />
        </Card>
      )}
      {isManager && <TimeZone {...typedIn('zone', zone)} />}
      <Card title={t`Last notices`} aside={<TimesIn />} isFlush>
        <Deliveries rows={shown.deliveries} />
      </Card>
    </>
  )
}
