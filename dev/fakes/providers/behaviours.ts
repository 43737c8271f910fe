/**
 * Everything the fake providers can be told to do, in one table. The login names it: `denied`, or
 * after a plus sign behind anybody's own login, as in `ada+no-verified-email` and `ada+slow:500`.
 * Several combine. Any other login is a person whose profile is in good order.
 */
const behaviours = {
  denied: 'Comes back with access_denied and a description full of markup.',
  'server-error': 'Comes back with server_error.',
  'bad-state': 'Comes back with a state that is not the one it was given.',
  'no-state': 'Comes back without a state.',
  'no-code': 'Comes back with the state and without a code.',
  'expired-code': 'Gives a code that has already expired.',
  'bad-client': 'Says at the exchange that it does not know the client.',
  slow: 'Waits arg ms (200) at the exchange and at the profile.',
  hang: 'Never answers the exchange.',
  'hang-profile': 'Never answers the profile.',
  reset: 'Resets the connection at the exchange.',
  down: 'Answers the exchange with 500 and JSON.',
  'down-profile': 'Answers the profile with 500 and JSON.',
  html: 'Answers the exchange with 200 and a page.',
  'html-profile': 'Answers the profile with 200 and a page.',
  redirect: 'Answers the profile with a redirect to somewhere else.',
  endless: 'Answers the exchange with JSON that has no end.',
  'endless-profile': 'Answers the profile with JSON that has no end.',
  'redirect-exchange': 'Answers the exchange with a redirect to somewhere else.',
  'no-token': 'Answers the exchange with JSON that holds no token.',
  'no-id': 'The profile has no id.',
  'odd-id': 'The profile has an id of another kind.',
  'no-verified-email': 'The only address is not verified.',
  'second-verified': 'The first address is not verified, another one is.',
  'no-emails': 'The profile has no address at all.',
  'emails-down': 'GitHub answers the addresses with 500.',
  email: 'The address is arg, e.g. that of somebody else.',
  'bad-nonce': 'OIDC: the token of identity is of another attempt.',
  'bad-issuer': 'OIDC: the token of identity is of another issuer.',
  'bad-audience': 'OIDC: the token of identity is for another client.',
  'bad-signature': 'OIDC: the token of identity is signed by nobody we know.',
  unsigned: 'OIDC: the token of identity says that it needs no signature.',
  'old-token': 'OIDC: the token of identity ended an hour ago.',
  'no-identity': 'OIDC: the exchange answers without a token of identity.',
  'bad-iss': 'OIDC: comes back in the name of another issuer (RFC 9207).',
  'other-sub': 'OIDC: the userinfo is somebody else’s.',
  slim: 'OIDC: the token of identity has no name and no address; the userinfo has.',
  'odd-name': 'The name is long, has line breaks and control characters.',
} as const satisfies Record<string, string>

type Behaviour = keyof typeof behaviours

/** Somebody who signs in at a fake provider, and what goes wrong when they do. */
export type Person = { login: string; asked: ReadonlyMap<Behaviour, string> }

/** Reads a login as typed; what names no behaviour is part of nothing. */
export function personOf(typed: string): Person {
  const [login = '', ...parts] = typed.split('+')
  const asked = new Map<Behaviour, string>()
  for (const part of [login, ...parts]) {
    const [name = '', arg = ''] = part.split(/:(.*)/s)
    if (Object.hasOwn(behaviours, name)) asked.set(name as Behaviour, arg)
  }
  return { login, asked }
}

/** The address of a person: the same at both providers, as it is for people. */
export const emailOf = ({ login, asked }: Person): string =>
  asked.get('email') || `${login}@example.com`

export const nameOf = ({ login, asked }: Person): string =>
  asked.has('odd-name') ? `\u0007${'Zoë 🦊 '.repeat(80)}\r\n=1+1` : `Test ${login}`
