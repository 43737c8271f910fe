import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import {
  listLinked,
  listSessions,
  isUsable,
  providerLabel,
  readProfile,
  shownId,
  signInWays,
} from '../../auth/auth.server.ts'
import { actOnSettings } from './act.server.ts'
import { deviceOf } from './device.server.ts'
import { personalPage } from '../../pages/pages.server.ts'
import { accountLogPath, languagePath, noticesPath, peoplePath, settingsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { LanguageCard } from './language.tsx'
import { LinkedSignIns, Unlinked } from './linked-sign-ins.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Sessions } from './sessions.tsx'
import { TimeZone, ZoneChosen } from './time-zone.tsx'
import { allZones } from '../../values/zones/zones.ts'
import { roleWords } from '../../ui/account/role-words.ts'
import { TextLink } from '../../ui/link.tsx'
import { may } from '../../values/teams/roles.ts'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`Settings`)

/** `GET /settings`: who one is here, and how one signs in. `?linked=github` says what was added. */
export const loader = personalPage(async ({ request, person, services: { db, env } }) => {
  const [profile, identities, sessions] = await Promise.all([
    readProfile(db, person.userId),
    listLinked(db, person.userId),
    listSessions(db, person),
  ])
  const ways = signInWays(env).providers
  const linked = identities.map(({ provider, providerUserId, linkedAt }) => ({
    provider,
    providerUserId,
    linkedAt,
    label: providerLabel(env, provider),
    shownId: shownId(provider, providerUserId),
    mayGo:
      provider !== 'local' &&
      identities.some(
        (it) =>
          !(it.provider === provider && it.providerUserId === providerUserId) &&
          isUsable(env, it.provider),
      ),
  }))
  const asked = new URL(request.url).searchParams.get('linked')
  return {
    profile,
    zones: allZones(),
    accountId: person.accountId,
    role: person.role,
    linked,
    added: linked.find(({ provider }) => provider === asked)?.label ?? null,
    linkable: ways.filter(({ name }) => !linked.some(({ provider }) => provider === name)),
    sessions: sessions.map(({ userAgent, ...session }) => ({
      ...session,
      device: deviceOf(userAgent),
    })),
  }
})

/** `POST /settings`: adds a way to sign in, ends sessions, or chooses a time zone. */
export const action = personalPage(async (args) => {
  const answer = await actOnSettings(args)
  if (answer instanceof Response) throw answer
  return data(answer, { status: statusOf[answer.kind] })
})

const statusOf = {
  'ended-others': 200,
  'ended-one': 200,
  zone: 200,
  'no-zone': 400,
  unlinked: 200,
  'last-way': 409,
  'gone-way': 409,
  unknown: 400,
}

type SettingsAnswer = { kind: keyof typeof statusOf; ended: number }

/** How many sessions were ended, and what was not. */
const Ended = ({ count }: { count: number }) => (
  <p>
    {count === 0 ? (
      <Trans>There was no other session. Your API keys keep working.</Trans>
    ) : (
      <Plural
        value={count}
        one="One session has ended. Your API keys keep working."
        other="# sessions have ended. Your API keys keep working."
      />
    )}
  </p>
)

function Answered({ kind, ended }: SettingsAnswer) {
  const { t } = useLingui()
  switch (kind) {
    case 'unknown':
      return (
        <Notice tone="bad" title={t`This form has expired or came from another page`} isAnswer>
          <p>
            <Trans>Nothing was changed. Open this page again and send the form once more.</Trans>
          </p>
        </Notice>
      )
    case 'zone':
    case 'no-zone':
      return <ZoneChosen isKnown={kind === 'zone'} />
    case 'unlinked':
    case 'last-way':
    case 'gone-way':
      return <Unlinked kind={kind} />
    case 'ended-one': {
      const title = ended ? t`The session has ended` : t`That session had already ended`
      return <Notice tone="good" title={title} isAnswer />
    }
    case 'ended-others':
      return (
        <Notice tone="good" title={t`You are signed out everywhere else`} isAnswer>
          <Ended count={ended} />
        </Notice>
      )
  }
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>

/** Who somebody is here, and in which account as what. */
function Profile({ profile, accountId, role }: Pick<Loaded, 'profile' | 'accountId' | 'role'>) {
  const { t } = useLingui()
  const [people, log] = [t`Show them`, t`Show it`]
  return (
    <Card title={t`Profile`}>
      <Facts
        facts={[
          { name: t`Name`, value: profile.name },
          { name: t`E-mail`, value: profile.email ?? t`none` },
          { name: t`Account since`, value: <Time at={profile.createdAt} to="day" /> },
          { name: t`Account`, value: t`No. ${accountId}` },
          { name: t`Your role in it`, value: t(roleWords[role].name) },
          { name: t`Its people`, value: <TextLink to={peoplePath}>{people}</TextLink> },
          ...(may(role, 'manage-account')
            ? [{ name: t`Its log`, value: <TextLink to={accountLogPath}>{log}</TextLink> }]
            : []),
        ]}
      />
    </Card>
  )
}

const ToNotices = () => (
  <TextLink to={noticesPath}>
    <Trans>Notices</Trans>
  </TextLink>
)

export default function Settings() {
  const loaded = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useLingui()
  const { profile, zones, linked, added, linkable, sessions } = loaded
  return (
    <>
      <PageTitle aside={<ToNotices />}>
        <Trans>Settings</Trans>
      </PageTitle>
      {answer && <Answered {...answer} />}
      {!answer && added && (
        <Notice tone="good" title={t`${added} was added`} isAnswer>
          <p>
            <Trans>You can sign in with it from now on.</Trans>
          </p>
        </Notice>
      )}
      <Profile {...loaded} />
      <TimeZone
        action={settingsPath}
        zones={zones}
        chosen={profile.zoneChosen ? (profile.zone ?? '') : ''}
      />
      <LanguageCard action={languagePath} returnTo={settingsPath} />
      <Card title={t`Ways to sign in`} isFlush>
        <LinkedSignIns action={settingsPath} linked={linked} linkable={linkable} />
      </Card>
      <Card title={t`Sessions`} aside={<TimesIn />} isFlush>
        <Sessions action={settingsPath} sessions={sessions} />
      </Card>
    </>
  )
}
