import { createHash, createHmac, randomBytes } from 'node:crypto'
import { createCookie, redirect } from '@remix-run/node'
import { limits } from '../config/limits.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import { loginPath } from '../paths.ts'
import type { Stores } from '../services.ts'
import { readMember } from '../teams/teams.server.ts'
import type { Language } from '../values/language/languages.ts'
import type { Role } from '../values/teams/roles.ts'
import { cookieName } from './cookie-name.ts'
import { keepZone, zoneIn } from './zone.ts'

const { sessionHoursMax, sessionIdleHoursMax, sessionsMax } = limits.auth

export type Person = {
  userId: number
  name: string
  sessionDigest: Buffer
  /** The account that the session works in, and what the person is there. */
  accountId: number
  role: Role
  /** The account that was made for them. */
  homeAccountId: number
  /** By whose days and clocks they are shown things (docs/decisions/0056). */
  zone: string
  /** In which they have chosen to be shown the pages; null: as their browser asks. */
  language: Language | null
}

const isHttps = ({ env }: Stores) => env.APP_URL.startsWith('https:')

/** The prefix makes the browser refuse the cookie without `Secure`, from a subdomain, or with a path. */
const cookieFor = (services: Stores) =>
  createCookie(cookieName(services, '__Host-', 'sid'), {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: isHttps(services),
    maxAge: sessionHoursMax * 3_600,
  })

/** Keyed, so that a copy of the sessions table is of no use without the secret. */
const digestOf = (token: string, { env }: Stores) =>
  createHmac('sha256', env.SESSION_SECRET).update(token).digest()

/** Starts a session with a new id and answers the `set-cookie` header that carries it. */
export async function startSession(
  services: Stores,
  userId: number,
  userAgent: string | null,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await run(services.db, 'auth/insert-session', {
    digest: digestOf(token, services),
    userId,
    hours: sessionHoursMax,
    userAgent: userAgent?.slice(0, 200) ?? null,
  })
  return cookieFor(services).serialize(token)
}

/** What the database knows the request's session by, if the request names one. */
async function digestIn(request: Request, services: Stores): Promise<Buffer | undefined> {
  const token: unknown = await cookieFor(services).parse(request.headers.get('cookie'))
  return typeof token === 'string' && token.length <= 100 ? digestOf(token, services) : undefined
}

/**
 * Signs somebody in: a session with a new id, and whatever session the browser brought has ended,
 * so that an id planted before the sign-in is worth nothing after it. The zone of the browser is
 * theirs from now on, unless they have chosen one. Answers the `set-cookie` header.
 */
export async function rotateSession(
  request: Request,
  services: Stores,
  userId: number,
): Promise<string> {
  const cookie = await startSession(services, userId, request.headers.get('user-agent'))
  const digest = await digestIn(request, services)
  if (digest) await run(services.db, 'auth/delete-session', { digest })
  const zone = zoneIn(request)
  if (zone) await keepZone(services.db, userId, zone)
  return cookie
}

/** The account that a session has chosen; who is not in it any more is back in their own. */
function placeOf(found: Row<'auth/find-session'>): Pick<Person, 'accountId' | 'role'> | undefined {
  const { accountId, role, homeAccountId, homeRole } = found
  if (accountId !== null && role !== null) return { accountId, role }
  return homeRole === null ? undefined : { accountId: homeAccountId, role: homeRole }
}

/** Whose browser this is, or undefined. */
export async function findPerson(request: Request, services: Stores): Promise<Person | undefined> {
  const digest = await digestIn(request, services)
  if (!digest) return undefined
  const found = await run(services.db, 'auth/find-session', {
    digest,
    idleHours: sessionIdleHoursMax,
  })
  const place = found && placeOf(found)
  if (!found || !place) return undefined
  const { userId, name, homeAccountId, stale, zoneChosen, accountZone, language } = found
  if (stale) await run(services.db, 'auth/touch-session', { digest })
  const inBrowser = zoneChosen ? undefined : zoneIn(request)
  const zone = inBrowser ?? found.zone ?? accountZone ?? 'UTC'
  if (inBrowser && found.zone === null) await keepZone(services.db, userId, inBrowser)
  return { userId, name, sessionDigest: digest, homeAccountId, zone, language, ...place }
}

/** Lets a session work in another account from its next request on; false where its person is not in it. */
export async function workIn(db: Db, person: Person, accountId: number): Promise<boolean> {
  const { userId, homeAccountId, sessionDigest: digest } = person
  const isTheirs = accountId === homeAccountId || (await readMember(db, accountId, userId))
  if (!isTheirs) return false
  await run(db, 'auth/set-session-account', { digest, accountId })
  return true
}

/** To throw where nobody is signed in: to the sign-in page, and from there back. */
export function signInFirst({ url, method }: Request): Response {
  const { pathname, search } = new URL(url)
  return redirect(loginPath(method === 'GET' ? pathname + search : undefined))
}

/** The person behind the request; throws a redirect to the sign-in page when there is none. */
export async function requirePerson(request: Request, services: Stores): Promise<Person> {
  const person = await findPerson(request, services)
  if (!person) throw signInFirst(request)
  return person
}

/** Takes away what nobody can sign in with any more, a bounded number at a time. */
export async function deleteExpiredSessions(db: Db, rows = 1_000): Promise<void> {
  await run(db, 'auth/delete-expired-sessions', { rows })
  await run(db, 'auth/delete-expired-spent', { rows })
}

type OwnSession = {
  /** Names it in a form; it is of no use to sign in with. */
  id: string
  createdAt: Date
  usedAt: Date
  userAgent: string | null
  /** The one that asks. */
  isCurrent: boolean
}

const publicId = (digest: Buffer) => createHash('sha256').update(digest).digest('hex').slice(0, 32)

/** The sessions a person is signed in with, the last used first; for the settings. */
export async function listSessions(db: Db, person: Person): Promise<OwnSession[]> {
  const { userId, sessionDigest } = person
  const found = await run(db, 'auth/list-sessions', {
    userId,
    idleHours: sessionIdleHoursMax,
    rows: sessionsMax,
  })
  return found.map(({ digest, ...session }) => ({
    ...session,
    id: publicId(digest),
    isCurrent: sessionDigest.equals(digest),
  }))
}

/** Signs a person out everywhere else, at once; answers how many sessions that ended. */
export const endOtherSessions = (db: Db, { userId, sessionDigest }: Person): Promise<number> =>
  run(db, 'auth/delete-other-sessions', { userId, digest: sessionDigest })

/** Ends one of a person's own sessions, at once; false where there is none of this id. */
export async function endOwnSession(db: Db, person: Person, id: string): Promise<boolean> {
  const { userId } = person
  const own = await run(db, 'auth/list-sessions', {
    userId,
    idleHours: sessionIdleHoursMax,
    rows: sessionsMax,
  })
  const found = own.find(({ digest }) => publicId(digest) === id)
  return (
    found !== undefined && (await run(db, 'auth/delete-session', { digest: found.digest })) === 1
  )
}

/** Ends a session that has just been started, before its cookie is given to anybody. */
export async function dropSession(services: Stores, setCookie: string): Promise<void> {
  const [cookie = ''] = setCookie.split(';')
  await endSession(new Request(services.env.APP_URL, { headers: { cookie } }), services)
}

/** Ends the session at once, in the database; answers the header that clears the cookie. */
export async function endSession(request: Request, services: Stores): Promise<string> {
  const person = await findPerson(request, services)
  if (person) await run(services.db, 'auth/delete-session', { digest: person.sessionDigest })
  return cookieFor(services).serialize('', { maxAge: 0 })
}
