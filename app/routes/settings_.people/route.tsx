import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { newFormToken, personalPage, requireRight } from '../../pages/pages.server.ts'
import { peoplePath, personPath, settingsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { refusalText } from '../../ui/account/team-refusals.ts'
import { Card } from '../../ui/card.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { actOnPeople, type PeopleAnswer } from './act.server.ts'
import { InviteForm } from './invite-form.tsx'
import { Invitations } from './invitations.tsx'
import { NameForm } from './name-form.tsx'
import { PeopleTable } from './people-table.tsx'
import { readPeoplePage } from './read.server.ts'
import { msg } from '../../values/language/msg.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`People`)

/** `GET /settings/people`: who is in the account, and who is invited. */
export const loader = personalPage(async ({ person, services }) => ({
  ...(await readPeoplePage(services.db, person)),
  formToken: newFormToken(),
}))

/** `POST /settings/people`: invites somebody, takes an invitation back, or renames the account. */
export const action = personalPage(async (args) => {
  requireRight(args.person, 'manage-people')
  const { answer, status } = await actOnPeople(args)
  return data(answer, { status, headers: { 'cache-control': 'no-store' } })
})

const words = {
  revoked: {
    tone: 'good',
    title: msg`The invitation was taken back`,
    text: msg`Its link is dead.`,
  },
  renamed: {
    tone: 'good',
    title: msg`The account has its new name`,
    text: msg`Everybody sees it.`,
  },
  repeated: {
    tone: 'warn',
    title: msg`This form was sent before`,
    text: msg`The invitation was made the first time. Its link was shown then; if it is lost, take it back below and make another.`,
  },
  stale: { tone: 'warn', title: msg`This form has expired`, text: msg`Send it once more.` },
  unknown: {
    tone: 'bad',
    title: msg`This form has expired or came from another page`,
    text: msg`Nothing was changed. Open this page again and send the form once more.`,
  },
} as const

function Answered({ answer }: { answer: PeopleAnswer }) {
  const { t } = useLingui()
  if (answer.kind === 'invalid') return null
  if (answer.kind === 'invited')
    return (
      <Notice tone="good" title={t`Send them this link`} isAnswer>
        <p>
          <Trans>
            It lets one person in, within seven days, and is shown this once only. Whoever has it
            can use it: send it to nobody else.
          </Trans>
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <code className="font-mono text-[0.8125rem] wrap-anywhere select-all">{answer.link}</code>
          <CopyButton text={answer.link} what={t`link`} />
        </div>
      </Notice>
    )
  if (answer.kind === 'refused')
    return (
      <Notice tone="bad" title={t`Nothing was changed`} isAnswer>
        <p>{t(refusalText(answer.why))}</p>
      </Notice>
    )
  const { tone, title, text } = words[answer.kind]
  return (
    <Notice tone={tone} title={t(title)} isAnswer>
      <p>{t(text)}</p>
    </Notice>
  )
}

export default function People() {
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useLingui()
  const invalid = answer?.kind === 'invalid' ? answer : undefined
  return (
    <>
      <PageTitle aside={<ToSettings />}>
        <Trans>People</Trans>
      </PageTitle>
      {answer && <Answered answer={answer} />}
      <Card title={page.isManager ? t`In this account` : t`You in this account`} isFlush>
        <PeopleTable people={page.people} pathOf={personPath} />
      </Card>
      {page.isManager && (
        <>
          <Card title={t`Invite somebody`}>
            <InviteForm
              action={peoplePath}
              // A link that was made leaves an empty form behind.
              key={answer?.kind === 'invited' ? answer.link : 'new'}
              formToken={answer?.formToken ?? page.formToken}
              offered={page.offered}
              typed={invalid?.typed}
              errors={invalid?.errors}
            />
          </Card>
          {page.invitations.length > 0 && (
            <Card title={t`Invitations`} aside={<TimesIn />} isFlush>
              <Invitations action={peoplePath} invitations={page.invitations} />
            </Card>
          )}
        </>
      )}
      {page.mayRename && (
        <Card title={t`Name of the account`}>
          <NameForm
            action={peoplePath}
            key={page.accountName}
            name={invalid?.errors.name ? invalid.typed.name : page.accountName}
            error={invalid?.errors.name}
          />
        </Card>
      )}
    </>
  )
}

const ToSettings = () => (
  <TextLink to={settingsPath}>
    <Trans>Settings</Trans>
  </TextLink>
)
