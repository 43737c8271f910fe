import { Trans, useLingui } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { notFound, personalPage, type PersonalArgs } from '../../pages/pages.server.ts'
import { dashboardPath, peoplePath, personPath } from '../../paths.ts'
import { readMember } from '../../teams/teams.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { refusalText } from '../../ui/account/team-refusals.ts'
import { roleWords } from '../../ui/account/role-words.ts'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Time } from '../../ui/time.tsx'
import { formatUsdShort } from '../../values/money.ts'
import { msg } from '../../values/language/msg.ts'
import { may, mayDecideOver, roles } from '../../values/teams/roles.ts'
import { actOnPerson } from './act.server.ts'
import { Removal } from './removal.tsx'
import { RoleForm } from './role-form.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Person`)

/** Whom the address names: oneself, or somebody of the account where one may decide about people. */
async function findPerson({ params, person, services }: PersonalArgs) {
  const id = /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : undefined
  const isSeen = id === person.userId || may(person.role, 'manage-people')
  const found =
    id === undefined || !isSeen ? undefined : readMember(services.db, person.accountId, id)
  const member = await found
  if (!member) throw notFound(msg`Nobody in this account has this number.`)
  return member
}

/** `GET /settings/people/:id`: one of the account's people, and what can be changed about them. */
export const loader = personalPage(async (args) => {
  const { person } = args
  const { userId, name, email, role, capNanos, joinedAt } = await findPerson(args)
  const isSelf = userId === person.userId
  const isMine = mayDecideOver(person.role, role)
  return {
    id: userId,
    name,
    email,
    role,
    capNanos,
    joinedAt,
    isSelf,
    cap: capNanos === null ? '' : formatUsdShort(capNanos),
    offered: isMine ? roles.filter((it) => mayDecideOver(person.role, it)) : [],
    mayRemove: isSelf || isMine,
  }
})

/** `POST /settings/people/:id`: another role or cap; or they are in the account no longer. */
export const action = personalPage(async (args) => {
  const member = await findPerson(args)
  const answer = await actOnPerson(args, member.userId)
  if (answer.kind === 'removed')
    throw redirect(member.userId === args.person.userId ? dashboardPath : peoplePath)
  const status = answer.kind === 'set' ? 200 : answer.kind === 'invalid' ? 400 : 409
  return data(answer, { status })
})

export default function PersonPage() {
  const page = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useLingui()
  const invalid = answer?.kind === 'invalid' ? answer : undefined
  return (
    <>
      <PageTitle aside={<ToPeople />}>
        <span className="wrap-anywhere">{page.name}</span>
      </PageTitle>
      {answer?.kind === 'set' && (
        <Notice tone="good" title={t`Saved`} isAnswer>
          <p>
            <Trans>The next page and the next call of theirs go by it.</Trans>
          </p>
        </Notice>
      )}
      {answer?.kind === 'refused' && (
        <Notice tone="bad" title={t`Nothing was changed`} isAnswer>
          <p>{t(refusalText(answer.why))}</p>
        </Notice>
      )}
      <Card title={t`Person`} aside={<TimesIn />}>
        <Facts
          facts={[
            { name: t`E-mail`, value: page.email ?? t`none` },
            { name: t`Role`, value: t(roleWords[page.role].name) },
            { name: t`Can do`, value: t(roleWords[page.role].can) },
            {
              name: t`At most a month`,
              value: page.capNanos === null ? t`no cap` : <Money nanos={page.capNanos} />,
            },
            { name: t`In this account since`, value: <Time at={page.joinedAt} to="day" /> },
          ]}
        />
      </Card>
      {page.offered.length > 0 && (
        <Card title={t`Change it`}>
          <RoleForm
            action={personPath(page.id)}
            key={`${page.role} ${page.cap}`}
            offered={page.offered}
            role={invalid?.typed.role ?? page.role}
            cap={invalid?.typed.cap ?? page.cap}
            error={invalid?.error}
          />
        </Card>
      )}
      {page.mayRemove && (
        <Card title={page.isSelf ? t`Leave this account` : t`Remove from this account`}>
          <Removal action={personPath(page.id)} name={page.name} isSelf={page.isSelf} />
        </Card>
      )}
    </>
  )
}

const ToPeople = () => (
  <TextLink to={peoplePath}>
    <Trans>People</Trans>
  </TextLink>
)
