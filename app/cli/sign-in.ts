import { findOrSignUp, findUserOf, localDeveloper, newSignInToken } from '../auth/auth.server.ts'
import { tokenSignInPath } from '../paths.ts'
import type { Context } from './context.ts'
import { done, refused } from './verb-result.ts'
import type { Verb } from './verb.ts'

async function signIn({ pool, isLocal, site }: Context, accountId: number | null) {
  if (!isLocal || site === undefined) {
    return refused(
      'no_local_sign_in',
      'There is no relay of this machine’s own that signs in without a provider: npm start runs one ' +
        'where neither GitHub nor Google is set up and NODE_ENV is not production.',
    )
  }
  const user =
    accountId === null
      ? await findOrSignUp(pool, localDeveloper)
      : await findUserOf(pool, accountId)
  if (user === undefined) {
    return refused('no_such_account', `There is no account ${accountId} that somebody signs in to.`)
  }
  const { SESSION_SECRET, APP_URL } = site
  const url = APP_URL + tokenSignInPath(newSignInToken({ SESSION_SECRET }, user.userId))
  return done({ url, name: user.name }, `${url}\nSigns ${user.name} in, once.`)
}

export const signInVerb: Verb = {
  usage: 'sign-in [--account ID]',
  does:
    'Print an address that signs the local developer in, or whom another account is of; it works ' +
    'once, and only at the relay that npm start runs on this machine',
  prepare(args) {
    const accountId = args.whole('account', null)
    return (context) => signIn(context, accountId)
  },
}
