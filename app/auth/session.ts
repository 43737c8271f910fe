import { createHmac, randomBytes } from 'node:crypto'
import { createCookie, redirect } from '@remix-run/node'
import { run, type Db } from '../db/db.server.ts'
import { loginPath } from '../paths.ts'
import type { Services } from '../services.ts'

export type Person = { userId: number; accountId: number; name: string; sessionDigest: Buffer }

/** A session ends this long after it began, whatever happens in it. */
const absoluteHours = 24 * 14
/** And this long after it was last used. */
const idleHours = 24 * 3

const isHttps = ({ env }: Services) => env.APP_URL.startsWith('https:')

/** The prefix makes the browser refuse the cookie without `Secure`, from a subdomain, or with a path. */
const cookieFor = (services: Services) =>
  createCookie(isHttps(services) ? '__Host-sid' : 'sid', {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: isHttps(services),
    maxAge: absoluteHours * 3_600,
  })

/** Keyed, so that a copy of the sessions table is of no use without the secret. */
const digestOf = (token: string, { env }: Services) =>
  createHmac('sha256', env.SESSION_SECRET).update(token).digest()

/** Starts a session with a new id and answers the `set-cookie` header that carries it. */
export async function startSession(
  services: Services,
  userId: number,
  userAgent: string | null,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await run(services.db, 'auth/insert-session', {
    digest: digestOf(token, services),
    userId,
    hours: absoluteHours,
    userAgent: userAgent?.slice(0, 200) ?? null,
  })
  return cookieFor(services).serialize(token)
}

/** Whose browser this is, or undefined. */
export async function findPerson(
  request: Request,
  services: Services,
): Promise<Person | undefined> {
  const token: unknown = await cookieFor(services).parse(request.headers.get('cookie'))
  if (typeof token !== 'string' || token.length > 100) return undefined
  const digest = digestOf(token, services)
  const found = await run(services.db, 'auth/find-session', { digest, idleHours })
  if (!found) return undefined
  const { userId, accountId, name, stale } = found
  if (stale) await run(services.db, 'auth/touch-session', { digest })
  return { userId, accountId, name, sessionDigest: digest }
}

/** The person behind the request; throws a redirect to the sign-in page when there is none. */
export async function requirePerson(request: Request, services: Services): Promise<Person> {
  const person = await findPerson(request, services)
  if (person) return person
  const { pathname, search } = new URL(request.url)
  throw redirect(loginPath(request.method === 'GET' ? pathname + search : undefined))
}

/** Takes away what nobody can sign in with any more, a bounded number at a time. */
export const deleteExpiredSessions = (db: Db, rows = 1_000) =>
  run(db, 'auth/delete-expired-sessions', { rows })

/** Ends the session at once, in the database; answers the header that clears the cookie. */
export async function endSession(request: Request, services: Services): Promise<string> {
  const person = await findPerson(request, services)
  if (person) await run(services.db, 'auth/delete-session', { digest: person.sessionDigest })
  return cookieFor(services).serialize('', { maxAge: 0 })
}
