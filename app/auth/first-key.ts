import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createCookie } from '@remix-run/node'
import { limits } from '../config/limits.ts'
import { dashboardPath } from '../paths.ts'
import type { Stores } from '../services.ts'
import { deriveKey } from '../config/derive-key.ts'
import { cookieName } from './cookie-name.ts'
import { spendOnce } from './once.ts'
import { findPerson } from './session.ts'
import { clockMs } from '../values/clock.ts'

const { firstKeyMinutesMax } = limits.auth

const purpose = 'first key'

type Sealed = { secret: string; userId: number; untilMs: number }

/** Goes to the dashboard alone, whose path also keeps it from being a `__Host-` cookie. */
function cookieFor({ env, installation }: Stores) {
  const secure = env.APP_URL.startsWith('https:')
  return createCookie(cookieName({ env, installation }, '__Secure-', 'first-key'), {
    httpOnly: true,
    sameSite: 'lax',
    path: dashboardPath,
    secure,
    maxAge: firstKeyMinutesMax * 60,
  })
}

function seal({ env }: Stores, content: Sealed): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(env, purpose), iv)
  const hidden = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString('base64url')
}

/** What was sealed, or undefined for anything that this secret did not seal. */
function unseal({ env }: Stores, text: string): Sealed | undefined {
  const bytes = Buffer.from(text, 'base64url')
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      deriveKey(env, purpose),
      bytes.subarray(0, 12),
      { authTagLength: 16 },
    )
    decipher.setAuthTag(bytes.subarray(12, 28))
    const content = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
    return JSON.parse(content.toString()) as Sealed
  } catch {
    return undefined
  }
}

/**
 * The header that carries a first key to the dashboard: the database keeps no key, so it travels
 * with the browser, sealed so that neither the browser's disk nor a page can read it.
 */
export const sendFirstKey = (services: Stores, userId: number, secret: string): Promise<string> =>
  cookieFor(services).serialize(
    seal(services, {
      secret,
      userId,
      untilMs: clockMs() + firstKeyMinutesMax * 60_000,
    }),
  )

/**
 * The key made at a first sign-in, for the one page that shows it, with the header that takes it
 * out of the browser. Undefined from the second time on, after five minutes, and for anybody
 * else.
 */
export async function takeFirstKey(
  request: Request,
  services: Stores,
): Promise<{ secret: string; headers: { 'set-cookie': string } } | undefined> {
  const cookie = cookieFor(services)
  const text: unknown = await cookie.parse(request.headers.get('cookie'))
  if (typeof text !== 'string' || text.length > 1_000) return undefined
  const sealed = unseal(services, text)
  if (!sealed || clockMs() > sealed.untilMs) return undefined
  const person = await findPerson(request, services)
  if (person?.userId !== sealed.userId) return undefined
  if (!(await spendOnce(services.db, purpose, text))) return undefined
  return {
    secret: sealed.secret,
    headers: { 'set-cookie': await cookie.serialize('', { maxAge: 0 }) },
  }
}
