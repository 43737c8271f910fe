import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { TestBrowser } from '../../test/browser.ts'
import { present } from '../../test/present.ts'
import { failureOn, locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import type { Env } from '../config/env.ts'
import type { ProviderName } from '../values/provider-names.ts'
import { attemptStorage } from './attempt.ts'
import { findPerson, listLinked, unlinkIdentity } from './auth.server.ts'
import type { SignInFailure } from './failures.ts'
import { makeInvitation } from '../teams/teams.server.ts'
import { letIn } from './let-in.ts'
import { mayJoin } from './may-sign-up.ts'
import { ProviderTrouble } from './providers/provider-answer.ts'
import { askProvider } from './providers/providers.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

const callbackUrl = () => `${stage.pages.url}/auth/oidc/callback`
const env = (): Env => stage.pages.services.env

/** With other settings for as long as the work takes. */
async function having<T>(settings: Partial<Env>, work: () => Promise<T>): Promise<T> {
  const before = { ...env() }
  Object.assign(env(), settings)
  return work().finally(() => Object.assign(env(), before))
}
const oidcAt = (discoveryUrl: string): Partial<Env> => ({
  providers: { ...env().providers, oidc: { ...present(env().providers.oidc), discoveryUrl } },
})

async function personOf(browser: TestBrowser) {
  const address = `${stage.pages.url}/settings`
  const request = new Request(address, { headers: { cookie: browser.cookiesFor(address) } })
  return findPerson(request, stage.pages.services)
}

async function signedIn(provider: ProviderName, login: string) {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, provider, login))
  return { browser, person: present(await personOf(browser)) }
}

describe('a provider of OIDC', () => {
  test('that is away, or is another than was named, is said to be, and asked again', async () => {
    const begin = () => new TestBrowser().post(`${stage.pages.url}/auth/oidc`)
    const { url } = stage.providers.oidc
    for (const wrong of ['http://127.0.0.1:9', url.replace('127.0.0.1', 'localhost'), `${url}/x`]) {
      const answer = await having(oidcAt(wrong), begin)
      assert.equal(answer.status, 502, wrong)
      assert.equal(answer.headers.get('set-cookie'), null)
    }
    const failures = stage.pages.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
    const told = failures.filter(({ event }) => event === 'sign_in_failed')
    assert.deepEqual(
      told.map(({ failure, reason }) => [failure, reason]),
      [
        ['provider-down', undefined],
        ['misconfigured', 'issuer'],
        ['provider-answer', 'http_404'],
      ],
    )
    const full = `${url}/.well-known/openid-configuration`
    const found = await having(oidcAt(full), begin)
    assert.ok(locationOf(found).startsWith(`${url}/authorize?`))
  })

  test('is asked for an answer to this attempt, which nobody else can use', async () => {
    const browser = new TestBrowser()
    const { searchParams } = new URL(await stage.begin(browser, 'oidc'))
    const asked = Object.fromEntries(searchParams)
    const { code_challenge, nonce, state, ...rest } = asked
    assert.deepEqual(rest, {
      client_id: 'fake-oidc',
      code_challenge_method: 'S256',
      redirect_uri: callbackUrl(),
      response_type: 'code',
      scope: 'openid profile email',
    })
    const kept = await attemptStorage(stage.pages.services).getSession(
      browser.cookiesFor(stage.pages.url),
    )
    const verifier = present(kept.get('oauth2:codeVerifier'))
    assert.equal(code_challenge, createHash('sha256').update(verifier).digest('base64url'))
    assert.equal(kept.get('oauth2:state'), state)
    assert.ok(nonce && nonce !== state && !nonce.includes(verifier))
  })

  test('signs the same person in each time, known by issuer and subject', async () => {
    const first = await signedIn('oidc', 'ada')
    const again = await signedIn('oidc', 'ada')
    assert.equal(again.person.userId, first.person.userId)
    assert.equal(first.person.name, 'Test ada')
    const { db } = stage.pages.services
    const [linked, ...more] = await listLinked(db, first.person.userId)
    assert.deepEqual(more, [])
    assert.equal(linked?.provider, 'oidc')
    const { url } = stage.providers.oidc
    const tag = createHash('sha256').update(url).digest('base64url').slice(0, 11)
    assert.match(present(linked).providerUserId, /^[\w-]{11}:user-[\da-f]{64}$/)
    assert.ok(present(linked).providerUserId.startsWith(tag))
    const [user] = await stage.sql('select email from users where id = ?', [first.person.userId])
    assert.deepEqual(user, { email: 'ada@example.com' })
  })

  test('may say in its userinfo what its token does not', async () => {
    const { person } = await signedIn('oidc', 'grace+slim')
    assert.equal(person.name, 'Test grace')
    const [user] = await stage.sql('select email from users where id = ?', [person.userId])
    assert.deepEqual(user, { email: 'grace@example.com' })
  })

  const faults: [login: string, failure: SignInFailure][] = [
    ['bad-iss', 'provider-answer'],
    ['expired-code', 'code-refused'],
    ['bad-client', 'misconfigured'],
    ['reset', 'provider-down'],
    ['down', 'provider-down'],
    ['endless', 'provider-answer'],
    ['slim+endless-profile', 'provider-answer'],
    ['no-identity', 'provider-answer'],
    ['bad-nonce', 'provider-answer'],
    ['bad-issuer', 'provider-answer'],
    ['bad-audience', 'provider-answer'],
    ['bad-signature', 'provider-answer'],
    ['unsigned', 'provider-answer'],
    ['old-token', 'provider-answer'],
    ['no-id', 'provider-answer'],
    ['slim+down-profile', 'provider-down'],
    ['slim+other-sub', 'provider-answer'],
    ['no-verified-email', 'no-verified-email'],
  ]
  test('that does anything wrong signs nobody in, and the page says what it was', async () => {
    const users = await stage.count('users')
    const ends = faults.map(async ([login, failure]) => {
      const browser = new TestBrowser()
      const answer = await stage.signIn(browser, 'oidc', `fault+${login}`)
      const { status } = answer
      assert.equal(await failureOn(answer), failure, login)
      assert.ok(status >= 400 && status !== 500, login)
      assert.equal(stage.session(browser), undefined, login)
    })
    await Promise.all(ends)
    assert.equal(await stage.count('users'), users)
    assert.doesNotMatch(stage.pages.logged.join('\n'), /<script|code=|client_secret|access_token/)
  })

  for (const fault of ['hang', 'slim+hang-profile']) {
    test(`that never answers (${fault}) is given up`, { timeout: 60_000 }, async () => {
      const browser = new TestBrowser()
      const { services, url } = stage.pages
      const callback = new URL(
        await stage.allow(browser, await stage.begin(browser, 'oidc'), `ada+${fault}`),
      )
      const cookie = browser.cookiesFor(url)
      const kept = await attemptStorage(services).getSession(cookie)
      const codeVerifier = present(kept.get('oauth2:codeVerifier'))
      const given = { search: callback.search, cookie, codeVerifier }
      const answer = await askProvider(services, 'oidc', given, 150)
      assert.ok(answer instanceof ProviderTrouble)
      assert.equal(answer.fault, 'provider-down')
    })
  }

  test('elsewhere than where it is discovered is gone to by a page of ours in between', async () => {
    const browser = new TestBrowser()
    const { url } = stage.pages
    // What it says of itself is remembered; a form may lead to where it is discovered, and no further.
    await having(oidcAt('http://sso.example'), async () => {
      assert.equal(locationOf(await browser.post(`${url}/auth/oidc`)), '/auth/oidc')
      const between = await browser.get(`${url}/auth/oidc`)
      assert.equal(between.status, 200)
      assert.equal(between.headers.get('cache-control'), 'no-store')
      const address = present(/^0;url=(.*)$/.exec(between.headers.get('refresh') ?? '')?.[1])
      assert.ok(address.startsWith(`${stage.providers.oidc.url}/authorize?`))
      assert.match(await between.text(), /<a [^>]*href="http[^"]*\/authorize\?/)
      const callback = await stage.allow(browser, address, 'apart')
      assert.equal(locationOf(await browser.get(callback)), '/dashboard')
      assert.equal(locationOf(await new TestBrowser().get(`${url}/auth/oidc`)), '/login')
    })
  })
})

describe('a new person', () => {
  const tables = ['users', 'accounts', 'identities', 'api_keys', 'sessions'] as const
  const counts = () => Promise.all(tables.map((table) => stage.count(table)))
  const refused = async (provider: ProviderName, login: string) => {
    const before = await counts()
    const answer = await stage.signIn(new TestBrowser(), provider, login)
    assert.equal(answer.status, 403)
    assert.deepEqual(await counts(), before)
    return failureOn(answer)
  }

  test('is let in as the relay is set up, and whoever is known always', async () => {
    const known = await signedIn('github', 'known')
    await having({ SIGN_UP: 'closed' }, async () => {
      assert.equal(await refused('github', 'newcomer'), 'sign-up-closed')
      assert.equal((await signedIn('github', 'known')).person.userId, known.person.userId)
    })
    await having({ SIGN_UP: 'invitation' }, async () => {
      assert.equal(await refused('google', 'newcomer'), 'sign-up-invitation')
      assert.equal(await refused('google', 'newcomer+email:x@example.com'), 'sign-up-invitation')
    })
    await having({ SIGN_UP: 'domain', SIGN_UP_DOMAINS: ['corp.example'] }, async () => {
      const outside = [
        'a@evil.example',
        'a@sub.corp.example',
        'a@corp.example.evil',
        'a@xcorp.example',
      ]
      for (const email of outside)
        assert.equal(await refused('oidc', `outside+email:${email}`), 'sign-up-domain', email)
      const unverified = 'outside+no-verified-email+email:a@corp.example'
      assert.equal(await refused('oidc', unverified), 'no-verified-email')
      const { person } = await signedIn('oidc', 'inside+email:a@CORP.example')
      const [user] = await stage.sql('select email from users where id = ?', [person.userId])
      assert.deepEqual(user, { email: 'a@CORP.example' })
    })
  })

  test('comes by an invitation where it takes one, and each lets one in', async () => {
    const { db } = stage.pages.services
    const { person } = await signedIn('github', 'host')
    const { accountId, userId } = person
    const asked = {
      accountId,
      by: { userId },
      role: 'member',
      capNanos: null,
      forWhom: null,
    } as const
    const made = await makeInvitation(db, asked)
    assert.ok(typeof made !== 'string')
    const path = `/join/${made.token}`
    const come = async (login: string, returnTo: string) => {
      const browser = new TestBrowser()
      const authorizeUrl = await stage.begin(browser, 'google', returnTo)
      return browser.get(await stage.allow(browser, authorizeUrl, login))
    }
    await having({ SIGN_UP: 'invitation' }, async () => {
      const users = await stage.count('users')
      assert.equal(
        await failureOn(await come('forger', '/join/aaaaaaaaaaaaaaaaaaaaaa')),
        'sign-up-invitation',
      )
      const answers = await Promise.all(
        ['one', 'two', 'three'].map((who) => come(`guest-${who}`, path)),
      )
      const landed = answers.filter(({ status }) => status === 302)
      assert.deepEqual(landed.map(locationOf), [path])
      assert.equal((await stage.count('users')) - users, 1)
      assert.equal(await failureOn(await come('guest-four', path)), 'sign-up-invitation')
    })
  })

  test('is let in by any address that is verified, in whatever letters the domain is written', () => {
    const who = {
      provider: 'github',
      providerUserId: '1',
      name: 'x',
      email: 'a@home.example',
    } as const
    const emails = ['a@home.example', 'a@BÜCHER.example']
    const by = (...domains: string[]) =>
      mayJoin({ SIGN_UP: 'domain', SIGN_UP_DOMAINS: domains }, { ...who, emails }, false)
    assert.deepEqual(by('xn--bcher-kva.example'), { email: 'a@BÜCHER.example' })
    assert.equal(by('other.example'), 'sign-up-domain')
    for (const other of ['/a.example', '?a', '#a', '\\a', '%2eexample', '%00'])
      assert.equal(
        mayJoin(
          { SIGN_UP: 'domain', SIGN_UP_DOMAINS: ['x.example', 'x'] },
          { ...who, emails: [`a@x${other}`, `a@x.example${other}`] },
          false,
        ),
        'sign-up-domain',
        other,
      )
    const nobody = { ...who, email: null, emails: [] }
    assert.equal(mayJoin({ SIGN_UP: 'open' }, nobody, false), 'no-verified-email')
    assert.equal(mayJoin({ SIGN_UP: 'closed' }, { ...who, emails }, true), 'sign-up-closed')
    assert.equal(
      mayJoin({ SIGN_UP: 'domain', SIGN_UP_DOMAINS: ['x.example'] }, { ...who, emails }, true),
      'sign-up-domain',
    )
    assert.deepEqual(mayJoin({ SIGN_UP: 'invitation' }, { ...who, emails }, true), {
      email: 'a@home.example',
    })
  })
})

describe('a way to sign in', () => {
  const link = async (userId: number, provider: ProviderName, providerUserId: string) => {
    await stage.sql(
      'insert into identities (provider, provider_user_id, user_id) values (?, ?, ?)',
      [provider, providerUserId, userId],
    )
    return { provider, providerUserId }
  }
  const left = async (userId: number) =>
    (await listLinked(stage.pages.services.db, userId)).map(({ provider }) => provider)
  const unlink = (
    person: Parameters<typeof unlinkIdentity>[2],
    named: Parameters<typeof unlinkIdentity>[3],
  ) => unlinkIdentity(stage.pages.services.db, env(), person, named)

  test('is removed while another is left, and everybody but who did it is signed out', async () => {
    const { browser, person } = await signedIn('github', 'leaver')
    const other = await signedIn('github', 'leaver')
    const [github] = await listLinked(stage.pages.services.db, person.userId)
    assert.equal(await unlink(person, present(github)), 'last')
    await link(person.userId, 'google', 'leaver-at-google')
    assert.equal(await unlink(person, present(github)), 'unlinked')
    assert.equal(await unlink(person, present(github)), 'gone')
    assert.deepEqual(await left(person.userId), ['google'])
    assert.ok(await personOf(browser))
    assert.equal(await personOf(other.browser), undefined)
    assert.notEqual((await signedIn('github', 'leaver')).person.userId, person.userId)
  })

  test('of two that are removed at once, one stays', async () => {
    for (let round = 0; round < 3; round++) {
      const { person } = await signedIn('github', `racer-${round}`)
      const all = [
        present((await listLinked(stage.pages.services.db, person.userId))[0]),
        await link(person.userId, 'google', `racer-${round}`),
        await link(person.userId, 'oidc', `racer-${round}`),
      ]
      const done = await Promise.all(all.map((named) => unlink(person, named)))
      assert.deepEqual(done.sort(), ['last', 'unlinked', 'unlinked'])
      assert.equal((await left(person.userId)).length, 1)
    }
  })

  test('that does not work here does not count, and nobody removes somebody else’s', async () => {
    const { person } = await signedIn('github', 'careful')
    const google = await link(person.userId, 'google', 'careful')
    const [github] = await listLinked(stage.pages.services.db, person.userId)
    const { google: _, ...providers } = env().providers
    await having({ providers }, async () =>
      assert.equal(await unlink(person, present(github)), 'last'),
    )
    const stranger = await signedIn('github', 'stranger')
    await link(stranger.person.userId, 'google', 'stranger')
    assert.equal(await unlink(stranger.person, google), 'gone')
    assert.deepEqual(await left(person.userId), ['github', 'google'])
  })

  test('that is removed just as it signs in makes nobody where nobody may sign up', async () => {
    const { person } = await signedIn('google', 'raced')
    const { services } = stage.pages
    const [google] = await listLinked(services.db, person.userId)
    const identity = { ...present(google), name: 'x', email: null }
    const users = await stage.count('users')
    const { db } = services
    const send: typeof db.send = async (bound) => {
      const answer = await db.send(bound)
      await stage.sql('delete from identities where user_id = ?', [person.userId])
      return answer
    }
    const raced: typeof services = { ...services, db: Object.assign(Object.create(db), { send }) }
    await having({ SIGN_UP: 'closed' }, () => letIn({ ...raced, env: env() }, identity, '/'))
    assert.equal(await stage.count('users'), users)
  })

  test('that is removed just as it signs in signs nobody in', async () => {
    const { person } = await signedIn('google', 'late')
    await stage.sql(
      `create trigger removed_meanwhile after insert on sessions for each row
       delete from identities where user_id = ${person.userId}`,
    )
    const browser = new TestBrowser()
    const answer = await stage.signIn(browser, 'google', 'late')
    await stage.sql('drop trigger removed_meanwhile')
    assert.equal(await failureOn(answer), 'just-unlinked')
    assert.equal(stage.session(browser), undefined)
    const sessions = await stage.sql('select 1 from sessions where user_id = ?', [person.userId])
    assert.equal(sessions.length, 1)
  })
})
