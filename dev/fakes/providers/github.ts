import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { authorize } from './authorize.ts'
import { emailOf, nameOf, type Person } from './behaviours.ts'
import type { Grants, GrantError } from './grants.ts'
import { misbehaveAtProfile, misbehaveAtToken, sendJson, sendPage } from './respond.ts'

/** GitHub's own words; it says them with status 200. */
const words: Record<GrantError, string> = {
  invalid_client: 'incorrect_client_credentials',
  invalid_grant: 'bad_verification_code',
  redirect_uri_mismatch: 'redirect_uri_mismatch',
}

const idOf = ({ login }: Person) => createHash('sha256').update(login).digest().readUIntBE(0, 4) + 1

async function exchange(req: IncomingMessage, res: ServerResponse, grants: Grants) {
  const redeemed = grants.redeem(new URLSearchParams(await text(req)))
  if (typeof redeemed === 'string') {
    return sendJson(res, 200, {
      error: words[redeemed],
      error_description: 'The code passed is incorrect or expired.',
      error_uri: 'https://docs.github.com/',
    })
  }
  if (await misbehaveAtToken(res, redeemed.person)) return
  sendJson(res, 200, { access_token: redeemed.token, scope: 'user:email', token_type: 'bearer' })
}

function userOf(person: Person): object {
  const { login, asked } = person
  const user = { login, name: nameOf(person), email: null, type: 'User' }
  if (asked.has('no-id')) return user
  return { ...user, id: asked.has('odd-id') ? { $ne: null } : idOf(person) }
}

function emailsOf(person: Person): object[] {
  const { login, asked } = person
  if (asked.has('no-emails')) return []
  const verified = !asked.has('no-verified-email') && !asked.has('second-verified')
  const first = { email: emailOf(person), primary: true, verified, visibility: 'public' }
  const second = { email: `second-${login}@example.com`, primary: false, verified: true }
  return asked.has('second-verified') ? [first, { ...second, visibility: null }] : [first]
}

/** GitHub: authorize, exchange, user and addresses, each where and as GitHub has them. */
export function githubHandler(grants: Grants, defaultLogin: () => string | undefined) {
  return async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '/', 'http://fake')
    if (url.pathname === '/login/oauth/authorize') {
      const title = 'Fake GitHub'
      return authorize(res, url, grants, {
        title,
        loginName: 'login',
        defaultLogin: defaultLogin(),
      })
    }
    if (url.pathname === '/login/oauth/access_token' && req.method === 'POST') {
      return exchange(req, res, grants)
    }
    const person = grants.personWith(req.headers.authorization)
    if (url.pathname !== '/user' && url.pathname !== '/user/emails') {
      return sendPage(res, 404, 'Not Found')
    }
    if (!person) return sendJson(res, 401, { message: 'Bad credentials' })
    if (await misbehaveAtProfile(res, person)) return
    if (url.pathname === '/user') return sendJson(res, 200, userOf(person))
    if (person.asked.has('emails-down')) return sendJson(res, 500, { message: 'Server Error' })
    sendJson(res, 200, emailsOf(person))
  }
}
