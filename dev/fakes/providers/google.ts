import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { authorize } from './authorize.ts'
import { emailOf, nameOf, type Person } from './behaviours.ts'
import type { Grants } from './grants.ts'
import { misbehaveAtProfile, misbehaveAtToken, sendJson, sendPage } from './respond.ts'

/** 21 digits, more than a number holds, as Google's are. */
function subOf({ login }: Person): string {
  const digest = createHash('sha256').update(`google ${login}`).digest('hex')
  return String(BigInt(`0x${digest}`))
    .padStart(21, '1')
    .slice(0, 21)
}

async function exchange(req: IncomingMessage, res: ServerResponse, grants: Grants) {
  const form = new URLSearchParams(await text(req))
  if (form.get('grant_type') !== 'authorization_code') {
    return sendJson(res, 400, { error: 'unsupported_grant_type' })
  }
  const redeemed = grants.redeem(form)
  if (typeof redeemed === 'string') {
    const status = redeemed === 'invalid_client' ? 401 : 400
    return sendJson(res, status, { error: redeemed, error_description: 'Bad Request' })
  }
  if (await misbehaveAtToken(res, redeemed.person)) return
  const rest = { expires_in: 3599, scope: 'openid', token_type: 'Bearer' }
  sendJson(res, 200, { access_token: redeemed.token, ...rest })
}

function userinfoOf(person: Person): object {
  const { asked } = person
  const verified = !asked.has('no-verified-email') && !asked.has('second-verified')
  return {
    ...(!asked.has('no-id') && { sub: asked.has('odd-id') ? 7 : subOf(person) }),
    name: nameOf(person),
    ...(!asked.has('no-emails') && { email: emailOf(person), email_verified: verified }),
  }
}

/** Google: authorize, exchange and userinfo, each where and as Google has them. */
export function googleHandler(grants: Grants, defaultLogin: () => string | undefined) {
  return async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '/', 'http://fake')
    if (url.pathname === '/o/oauth2/v2/auth') {
      const given = { title: 'Fake Google', loginName: 'login_hint', defaultLogin: defaultLogin() }
      return authorize(res, url, grants, given)
    }
    if (url.pathname === '/token' && req.method === 'POST') return exchange(req, res, grants)
    if (url.pathname !== '/v1/userinfo') return sendPage(res, 404, 'Not Found')
    const person = grants.personWith(req.headers.authorization)
    if (!person) return sendJson(res, 401, { error: 'invalid_token' })
    if (await misbehaveAtProfile(res, person)) return
    sendJson(res, 200, userinfoOf(person))
  }
}
