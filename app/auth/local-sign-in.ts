import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { run } from '../db/db.server.ts'
import type { Stores } from '../services.ts'
import { deriveKey } from '../config/derive-key.ts'
import { spendOnce } from './once.ts'
import { signInWays } from './providers/providers.ts'
import { clockMs } from '../values/clock.ts'

const { localSignInHoursMax } = limits.auth
const purpose = 'local sign-in'

type Keyed = Pick<Env, 'SESSION_SECRET'>

const markOf = (env: Keyed, content: string) =>
  createHmac('sha256', deriveKey(env, purpose)).update(content).digest('base64url')

/**
 * What signs somebody of this machine in, once: `npm start` prints it as part of an address. It says
 * who and until when, and only who knows the installation's secret can make one.
 */
export function newSignInToken(env: Keyed, userId: number, nowMs = clockMs()): string {
  const untilMs = nowMs + localSignInHoursMax * 3_600_000
  const content = [userId, untilMs, randomBytes(12).toString('base64url')].join('.')
  return `${content}.${markOf(env, content)}`
}

/** Whom a token of ours is for, while it is good. */
function readSignInToken(env: Keyed, token: string, nowMs: number): number | undefined {
  const [, content = '', mark = ''] = /^([\w.-]{1,100})\.([\w-]{43})$/.exec(token) ?? []
  const expected = markOf(env, content)
  if (mark.length !== expected.length) return undefined
  if (!timingSafeEqual(Buffer.from(mark), Buffer.from(expected))) return undefined
  const [userId = 0, untilMs = 0] = content.split('.').map(Number)
  return nowMs < untilMs ? userId : undefined
}

/**
 * Whom the token signs in, or undefined: where this relay has no local sign-in, where the token is
 * none of ours or too old, or from the second time on.
 */
export async function spendSignInToken(
  services: Stores,
  token: string,
  nowMs = clockMs(),
): Promise<number | undefined> {
  if (!signInWays(services.env).local) return undefined
  const userId = readSignInToken(services.env, token, nowMs)
  if (userId === undefined || !(await run(services.db, 'auth/read-user', { userId })))
    return undefined
  const isFirst = await spendOnce(services.db, purpose, token, localSignInHoursMax * 60 * 2)
  return isFirst ? userId : undefined
}
