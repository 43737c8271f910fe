import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData } from '@remix-run/react'
import { listAccountLog, readNames } from '../../account-log/account-log.server.ts'
import { personalPage, requireRight } from '../../pages/pages.server.ts'
import { accountLogPath, settingsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'
import { detailText, namedIn, subjectText } from './facts.ts'
import { wordsOf } from './words.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Log`)

/** `GET /settings/log`: what people changed in the account; `before` goes on behind one of them. */
export const loader = personalPage(async ({ request, person, services: { db } }) => {
  requireRight(person, 'manage-account')
  const asked = new URL(request.url).searchParams.get('before')
  const before = asked !== null && /^\d{1,15}$/.test(asked) ? Number(asked) : null
  const { acts, older } = await listAccountLog(db, person.accountId, before)
  const names = await readNames(db, person.accountId, namedIn(acts))
  return {
    acts,
    names,
    isFirst: before === null,
    older: older === null ? null : `${accountLogPath}?before=${older}`,
  }
})

type Page = ReturnType<typeof useLoaderData<typeof loader>>
type Act = Page['acts'][number]

/** Who did it: somebody by name, or by number where they have none any more. */
const Who = ({ userId, userName }: Pick<Act, 'userId' | 'userName'>) =>
  userId === null ? (
    <Trans>Whoever runs this relay</Trans>
  ) : (
    (userName ?? <Trans>person No. {userId}</Trans>)
  )

const ActRow = ({ act, names }: { act: Act; names: Page['names'] }) => {
  const { t } = useLingui()
  const say = (text: MessageDescriptor) => t(text)
  const what = wordsOf(act.action)
  return (
    <Row>
      <Cell>
        <Time at={act.createdAt} />
      </Cell>
      <Cell label={t`Who`}>
        <span className="wrap-break-word">
          <Who {...act} />
        </span>
      </Cell>
      <Cell narrow="max-md:col-span-full max-md:font-semibold max-md:-order-1">
        {what ? t(what) : act.action}
      </Cell>
      <Cell label={t({ message: 'Of', context: 'what was changed' })}>
        <span className="wrap-anywhere">{subjectText(act, names, say)}</span>
      </Cell>
      <Cell narrow="max-md:col-span-full">
        <span className="wrap-anywhere">{detailText(act, names, say)}</span>
      </Cell>
    </Row>
  )
}

const Acts = ({ acts, names }: Pick<Page, 'acts' | 'names'>) => {
  const { t } = useLingui()
  const heads = [
    { text: t`When` },
    { text: t`Who` },
    { text: t`What` },
    { text: t({ message: 'Of', context: 'what was changed' }) },
    { text: t({ message: 'More', context: 'what was changed' }) },
  ]
  return (
    <Table label={t`What was changed`} heads={heads}>
      {acts.map((act) => (
        <ActRow key={act.id} {...{ act, names }} />
      ))}
    </Table>
  )
}

const settingsLink = (
  <TextLink to={settingsPath}>
    <Trans>Settings</Trans>
  </TextLink>
)

export default function Log() {
  const { t } = useLingui()
  const { acts, names, isFirst, older } = useLoaderData<typeof loader>()
  return (
    <>
      <PageTitle aside={settingsLink}>
        <Trans>Log</Trans>
      </PageTitle>
      <Card title={t`What was changed in this account`} aside={<TimesIn />} isFlush>
        {acts.length > 0 ? (
          <Acts {...{ acts, names }} />
        ) : (
          <Empty title={t`Nothing yet`}>
            <Trans>Changes of keys, people, plans and settings stand here from now on.</Trans>
          </Empty>
        )}
        <Pager newest={isFirst ? null : accountLogPath} newer={null} older={older} />
      </Card>
    </>
  )
}
