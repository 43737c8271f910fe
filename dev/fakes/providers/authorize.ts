import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { personOf, type Person } from './behaviours.ts'
import type { Grants } from './grants.ts'
import { sendPage, sendTo } from './respond.ts'

const marked = '<script>alert("from the provider")</script>'
const escape = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A tiny form that asks who is there, and sends everything it was given once more with the login. */
function form(url: URL, title: string): string {
  const hidden = [...url.searchParams].map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  )
  return `<h1>${title}</h1><form action="${url.pathname}">${hidden.join('')}
    <label>Login <input name="login" required autofocus></label> <button>Authorize</button></form>`
}

function answerFor(person: Person, params: URLSearchParams, code: () => string): URLSearchParams {
  const { asked } = person
  const answer = new URLSearchParams()
  if (asked.has('denied')) {
    answer.set('error', 'access_denied')
    answer.set('error_description', `The user ${marked} has denied your application access.`)
  } else if (asked.has('server-error')) {
    answer.set('error', 'server_error')
  } else if (!asked.has('no-code')) {
    answer.set('code', code())
  }
  if (asked.has('bad-state')) answer.set('state', randomUUID())
  else if (!asked.has('no-state')) answer.set('state', params.get('state') ?? '')
  return answer
}

/**
 * The authorize page: checks the client, shows a form where no login says who is there, and sends
 * the browser back with a code. `defaultLogin` stands for a browser that is signed in already.
 */
export function authorize(
  res: ServerResponse,
  url: URL,
  grants: Grants,
  given: { title: string; loginName: string; defaultLogin: string | undefined; issuer?: string },
) {
  const params = url.searchParams
  const redirectUri = params.get('redirect_uri') ?? ''
  if (params.get('client_id') !== grants.client.id) return sendPage(res, 404, 'No such client.')
  if (params.get('response_type') !== 'code') return sendPage(res, 400, 'Not a code flow.')
  if (!/^https?:\/\/[^/]+\/auth\/\w+\/callback$/.test(redirectUri)) {
    return sendPage(res, 400, 'redirect_uri_mismatch')
  }
  const method = params.get('code_challenge_method')
  if (method !== null && method !== 'S256') return sendPage(res, 400, 'PKCE has to be S256.')
  const login = params.get('login') ?? params.get(given.loginName) ?? given.defaultLogin
  if (!login) return sendPage(res, 200, form(url, given.title))
  const person = personOf(login)
  const challenge = params.get('code_challenge')
  const back = new URL(redirectUri)
  const code = () =>
    grants.issueCode({ person, redirectUri, challenge, nonce: params.get('nonce') })
  const answer = answerFor(person, params, code)
  if (given.issuer !== undefined)
    answer.set('iss', person.asked.has('bad-iss') ? 'https://evil.example' : given.issuer)
  back.search = String(answer)
  sendTo(res, back)
}
