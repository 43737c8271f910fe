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
import { detailText, namedIn, subjectText } from './facts.ts'
import { wordsOf } from './words.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled('Log')

/** `GET /settings/log`: what people changed in the account; `before` goes on behind one of them. */
export const loader = personalPage(async ({ request, person, services: { db } }) => {
  requireRight(person, 'manage-account')
  const asked = new URL(request.url).searchParams.get('before')
  const before = asked !== null && /^\d{1,15}$/.test(asked) ? Number(asked) : null
  const { acts, older } = await listAccountLog(db, person.accountId, before)
  const names = await readNames(db, person.accountId, namedIn(acts))
  return {
    acts: acts.map(({ id, userId, userName, action, createdAt, ...row }) => ({
      id,
      who: userId === null ? 'Whoever runs this relay' : (userName ?? `person No. ${userId}`),
      what: wordsOf(action),
      subject: subjectText(row, names),
      detail: detailText(row, names),
      createdAt,
    })),
    isFirst: before === null,
    older: older === null ? null : `${accountLogPath}?before=${older}`,
  }
})

const heads = [
  { text: 'When' },
  { text: 'Who' },
  { text: 'What' },
  { text: 'Of' },
  { text: 'More' },
]

export default function Log() {
  const { acts, isFirst, older } = useLoaderData<typeof loader>()
  return (
    <>
      <PageTitle aside={<TextLink to={settingsPath}>Settings</TextLink>}>Log</PageTitle>
      <Card title="What was changed in this account" aside={<TimesIn />} isFlush>
        {acts.length > 0 ? (
          <Table label="What was changed" heads={heads}>
            {acts.map(({ id, who, what, subject, detail, createdAt }) => (
              <Row key={id}>
                <Cell>
                  <Time at={createdAt} />
                </Cell>
                <Cell label="Who">
                  <span className="wrap-break-word">{who}</span>
                </Cell>
                <Cell narrow="max-md:col-span-full max-md:font-semibold max-md:-order-1">
                  {what}
                </Cell>
                <Cell label="Of">
                  <span className="wrap-anywhere">{subject}</span>
                </Cell>
                <Cell narrow="max-md:col-span-full">
                  <span className="wrap-anywhere">{detail}</span>
                </Cell>
              </Row>
            ))}
          </Table>
        ) : (
          <Empty title="Nothing yet">
            Changes of keys, people, plans and settings stand here from now on.
          </Empty>
        )}
        <Pager newest={isFirst ? null : accountLogPath} newer={null} older={older} />
      </Card>
    </>
  )
}
