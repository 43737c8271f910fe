import { ClientError, ResponseBodyError } from 'openid-client'
import { AuthorizationError } from 'remix-auth'
import { ProviderTrouble, troubleOfCode } from './provider-answer.ts'

/** An error of openid-client, which has the answer or what else was wrong as its cause. */
function troubleOfOidc(error: ClientError): ProviderTrouble {
  const { code, cause } = error
  const isLate = code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT'
  const isDown = cause instanceof Response && cause.status >= 500
  const about = cause instanceof Response ? `http_${cause.status}` : undefined
  const fault = isLate || isDown ? 'provider-down' : 'provider-answer'
  return new ProviderTrouble(fault, about, { cause: error })
}

/** What a visit failed of. A fault of our own is thrown on. */
export function troubleOf(error: unknown): ProviderTrouble {
  const cause: unknown = error instanceof AuthorizationError ? error.cause : error
  if (cause instanceof ProviderTrouble) return cause
  if (!(cause instanceof Error)) throw error
  if (cause instanceof ClientError) return troubleOfOidc(cause)
  // What the token endpoint of a provider of OIDC has answered with.
  const refused = cause instanceof ResponseBodyError ? troubleOfCode(cause.error) : undefined
  if (refused) return refused
  const isCut = cause.name === 'TimeoutError' || cause.name === 'AbortError'
  // `fetch failed` and `terminated` have a cause; a TypeError of our own making has none.
  const isAway = isCut || (cause instanceof TypeError && cause.cause !== undefined)
  if (cause instanceof TypeError && !isAway) throw cause
  return new ProviderTrouble(isAway ? 'provider-down' : 'provider-answer', undefined, { cause })
}
