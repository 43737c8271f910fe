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
import { may, mayDecideOver, roles } from '../../values/teams/roles.ts'
import { actOnPerson } from './act.server.ts'
import { Removal } from './removal.tsx'
import { RoleForm } from './role-form.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled('Person')

/** Whom the address names: oneself, or somebody of the account where one may decide about people. */
async function findPerson({ params, person, services }: PersonalArgs) {
  const id = /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : undefined
  const isSeen = id === person.userId || may(person.role, 'manage-people')
  const found =
    id === undefined || !isSeen ? undefined : readMember(services.db, person.accountId, id)
  const member = await found
  if (!member) throw notFound('Nobody in this account has this number.')
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
  const invalid = answer?.kind === 'invalid' ? answer : undefined
  return (
    <>
      <PageTitle aside={<TextLink to={peoplePath}>People</TextLink>}>
        <span className="wrap-anywhere">{page.name}</span>
      </PageTitle>
      {answer?.kind === 'set' && (
        <Notice tone="good" title="Saved" isAnswer>
          <p>The next page and the next call of theirs go by it.</p>
        </Notice>
      )}
      {answer?.kind === 'refused' && (
        <Notice tone="bad" title="Nothing was changed" isAnswer>
          <p>{refusalText(answer.why)}</p>
        </Notice>
      )}
      <Card title="Person" aside={<TimesIn />}>
        <Facts
          facts={[
            { name: 'E-mail', value: page.email ?? 'none' },
            { name: 'Role', value: roleWords[page.role].name },
            { name: 'Can do', value: roleWords[page.role].can },
            {
              name: 'At most a month',
              value: page.capNanos === null ? 'no cap' : <Money nanos={page.capNanos} />,
            },
            { name: 'In this account since', value: <Time at={page.joinedAt} to="day" /> },
          ]}
        />
      </Card>
      {page.offered.length > 0 && (
        <Card title="Change it">
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
        <Card title={page.isSelf ? 'Leave this account' : 'Remove from this account'}>
          <Removal action={personPath(page.id)} name={page.name} isSelf={page.isSelf} />
        </Card>
      )}
    </>
  )
}
