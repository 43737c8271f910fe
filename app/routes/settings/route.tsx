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
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled('Settings')

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

const Answered = ({ kind, ended }: SettingsAnswer) =>
  kind === 'unknown' ? (
    <Notice tone="bad" title="This form has expired or came from another page" isAnswer>
      <p>Nothing was changed. Open this page again and send the form once more.</p>
    </Notice>
  ) : kind === 'zone' || kind === 'no-zone' ? (
    <ZoneChosen isKnown={kind === 'zone'} />
  ) : kind === 'unlinked' || kind === 'last-way' || kind === 'gone-way' ? (
    <Unlinked kind={kind} />
  ) : kind === 'ended-one' ? (
    <Notice
      tone="good"
      title={ended ? 'The session has ended' : 'That session had already ended'}
      isAnswer
    />
  ) : (
    <Notice tone="good" title="You are signed out everywhere else" isAnswer>
      <p>
        {ended === 0
          ? 'There was no other session.'
          : ended === 1
            ? 'One session has ended.'
            : `${ended} sessions have ended.`}{' '}
        Your API keys keep working.
      </p>
    </Notice>
  )

export default function Settings() {
  const { profile, zones, accountId, role, linked, added, linkable, sessions } =
    useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return (
    <>
      <PageTitle aside={<TextLink to={noticesPath}>Notices</TextLink>}>Settings</PageTitle>
      {answer && <Answered {...answer} />}
      {!answer && added && (
        <Notice tone="good" title={`${added} was added`} isAnswer>
          <p>You can sign in with it from now on.</p>
        </Notice>
      )}
      <Card title="Profile">
        <Facts
          facts={[
            { name: 'Name', value: profile.name },
            { name: 'E-mail', value: profile.email ?? 'none' },
            { name: 'Account since', value: <Time at={profile.createdAt} to="day" /> },
            { name: 'Account', value: `No. ${accountId}` },
            { name: 'Your role in it', value: roleWords[role].name },
            { name: 'Its people', value: <TextLink to={peoplePath}>Show them</TextLink> },
            ...(may(role, 'manage-account')
              ? [{ name: 'Its log', value: <TextLink to={accountLogPath}>Show it</TextLink> }]
              : []),
          ]}
        />
      </Card>
      <TimeZone
        action={settingsPath}
        zones={zones}
        chosen={profile.zoneChosen ? (profile.zone ?? '') : ''}
      />
      <LanguageCard action={languagePath} returnTo={settingsPath} />
      <Card title="Ways to sign in" isFlush>
        <LinkedSignIns action={settingsPath} linked={linked} linkable={linkable} />
      </Card>
      <Card title="Sessions" aside={<TimesIn />} isFlush>
        <Sessions action={settingsPath} sessions={sessions} />
      </Card>
    </>
  )
}
