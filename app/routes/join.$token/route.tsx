import { Trans, useLingui } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { workIn } from '../../auth/auth.server.ts'
import {
  limitAddress,
  notFound,
  personalPage,
  type PageArgs,
  type PersonalArgs,
} from '../../pages/pages.server.ts'
import { dashboardPath } from '../../paths.ts'
import { acceptInvitation, readInvitation, type Invitation } from '../../teams/teams.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { roleWords } from '../../ui/account/role-words.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Said } from '../../ui/language/said.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'
import { closedToStrangers, closedWords, notJoined, type Closed } from './words.ts'

export const meta = titled(msg`Invitation`)

const none = () =>
  notFound(msg`There is no such invitation. Copy the whole link, or ask for another one.`)

/** The invitation of the address; who tries what is none is counted, and told to wait. */
async function findInvitation(args: PageArgs, accountId?: number) {
  const giveBack = await limitAddress('invitation', args, accountId)
  const invitation = await readInvitation(args.services.db, args.params.token ?? '')
  if (!invitation) throw none()
  await giveBack()
  return invitation
}

/** `GET /join/:token`: into which account a link leads, and as what. It changes nothing. */
export const loader = personalPage(readLink, readVoidLink)

/**
 * Whoever is not signed in is told of a link that lets nobody in any more, so that nobody makes an
 * account to learn it; of one that does, nothing before they have said who they are.
 */
async function readVoidLink(args: PageArgs) {
  const { state } = await findInvitation(args)
  return state === 'open' ? undefined : linkPage({ offer: null, closed: state, name: null })
}

type Shown = {
  offer: Pick<Invitation, 'accountName' | 'role' | 'capNanos' | 'madeBy' | 'expiresAt'> | null
  closed: Closed | null
  /** Who is signed in, if anybody is. */
  name: string | null
}
const linkPage = (shown: Shown) =>
  data(shown, { status: shown.offer ? 200 : 410, headers: { 'cache-control': 'no-store' } })

async function readLink(args: PersonalArgs) {
  const { person } = args
  const invitation = await findInvitation(args, person.homeAccountId)
  const { accountName, role, capNanos, madeBy, expiresAt, state, usedBy } = invitation
  // They have joined: this is the link once more, from a mail or from the browser's history.
  if (state === 'used' && usedBy === person.userId) throw redirect(dashboardPath)
  const isOpen = state === 'open'
  // Of a link that is over it is not told where it led.
  const offer = isOpen ? { accountName, role, capNanos, madeBy, expiresAt } : null
  const closed: Closed | null = isOpen ? null : state
  return linkPage({ offer, closed, name: person.name })
}

/** `POST /join/:token`: joins, and goes on in that account. */
export const action = personalPage(async (args) => {
  const { params, person, services } = args
  const token = params.token ?? ''
  const giveBack = await limitAddress('invitation', args, person.homeAccountId)
  const joined = await acceptInvitation(services.db, { token, userId: person.userId })
  if (joined === 'no such invitation') throw none()
  await giveBack()
  if (typeof joined === 'string') {
    if (joined === 'already a member') {
      const invitation = await readInvitation(services.db, token)
      if (invitation) await workIn(services.db, person, invitation.accountId)
      return redirect(dashboardPath)
    }
    const why = notJoined(joined)
    if (!why) throw none()
    return data({ why }, { status: 409 })
  }
  await workIn(services.db, person, joined.accountId)
  return redirect(dashboardPath)
})

const ClosedLink = ({ closed, isStranger }: { closed: Closed; isStranger: boolean }) => (
  <Card>
    <div className="grid gap-4">
      <p>
        <Said text={(isStranger ? closedToStrangers : closedWords)[closed]} />
      </p>
      <div>
        <ButtonLink look="secondary" to={dashboardPath}>
          {isStranger ? <Trans>Sign in</Trans> : <Trans>To the dashboard</Trans>}
        </ButtonLink>
      </div>
    </div>
  </Card>
)

const Offer = ({ offer, name }: { offer: NonNullable<Shown['offer']>; name: string | null }) => {
  const { t } = useLingui()
  const { accountName, role, capNanos, madeBy, expiresAt } = offer
  const facts = [
    { name: t`Account`, value: accountName },
    { name: t`You will be`, value: t(roleWords[role].name) },
    { name: t`That can do`, value: t(roleWords[role].can) },
    {
      name: t`At most a month`,
      value: capNanos === null ? <Trans>no cap</Trans> : <Money nanos={capNanos} />,
    },
    { name: t`Invited by`, value: madeBy ?? <Trans>somebody who is gone</Trans> },
    { name: t`Good until`, value: <Time at={expiresAt} to="minute" isNamed /> },
    { name: t`You are signed in as`, value: name },
  ]
  return (
    <Card>
      <div className="grid gap-5">
        <Facts facts={facts} />
        <PostForm className="flex flex-wrap gap-3">
          <Button>
            <Trans>Join</Trans>
          </Button>
          <ButtonLink look="secondary" to={dashboardPath}>
            <Trans>Not now</Trans>
          </ButtonLink>
        </PostForm>
      </div>
    </Card>
  )
}

export default function Join() {
  const { t } = useLingui()
  const { offer, closed, name } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <div className="mx-auto grid w-full max-w-xl gap-6 sm:py-8">
      <PageTitle>
        <Trans>Invitation</Trans>
      </PageTitle>
      {answer && (
        <Notice tone="bad" title={t`You have not joined`} isAnswer>
          <p>{t(answer.why)}</p>
        </Notice>
      )}
      {closed && <ClosedLink closed={closed} isStranger={name === null} />}
      {offer && <Offer offer={offer} name={name} />}
    </div>
  )
}
