import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../values/language/msg.ts'
import type { NotLetIn } from './may-sign-up.ts'
import type { ProviderFault } from './providers/provider-answer.ts'

/** Every way a sign-in can end without somebody being signed in. */
export type SignInFailure =
  | ProviderFault
  | 'denied'
  | 'foreign'
  | 'too-late'
  | 'replayed'
  | 'no-verified-email'
  | NotLetIn
  | 'just-unlinked'
  | 'link-signed-out'
  | 'link-taken'

export type FailureWords = { status: number; title: MessageDescriptor; text: MessageDescriptor }

/** What happened and what to do next. Nothing that a provider said is ever repeated here. */
const failureWords = {
  denied: {
    status: 403,
    title: msg`You declined to sign in`,
    text: msg`{provider} says that you declined. Nothing was changed. Sign in again if you did not mean to.`,
  },
  foreign: {
    status: 400,
    title: msg`This sign-in was not started here`,
    text: msg`It was started in another browser or window, or at an address other than {address}, or cookies are turned off. Sign in again and stay in this window.`,
  },
  'too-late': {
    status: 400,
    title: msg`This sign-in took too long`,
    text: msg`It has to be finished within ten minutes. Sign in again.`,
  },
  replayed: {
    status: 400,
    title: msg`This sign-in was used before`,
    text: msg`A sign-in works once, and going back or reloading the page uses it a second time. Sign in again.`,
  },
  'code-refused': {
    status: 400,
    title: msg`The sign-in has expired`,
    text: msg`{provider} no longer accepts the code it gave you. Sign in again.`,
  },
  'provider-down': {
    status: 503,
    title: msg`{provider} does not answer`,
    text: msg`It did not answer in time. Your API keys keep working. Try again in a few minutes.`,
  },
  'provider-answer': {
    status: 503,
    title: msg`{provider} did not say who you are`,
    text: msg`Its answer could not be used. Try again in a few minutes; if it happens again, tell whoever runs this relay.`,
  },
  misconfigured: {
    status: 503,
    title: msg`{provider} does not know this relay`,
    text: msg`The relay’s credentials or its callback address are wrong. Only whoever runs this relay can put that right: tell them, and quote the id below.`,
  },
  'no-verified-email': {
    status: 403,
    title: msg`You have no verified e-mail address there`,
    text: msg`A new account needs one. Verify an address with {provider}, then sign in again.`,
  },
  'sign-up-closed': {
    status: 403,
    title: msg`There is no account for you here`,
    text: msg`This relay makes no new accounts. If you have one, sign in the way you did before; else ask whoever runs this relay.`,
  },
  'sign-up-invitation': {
    status: 403,
    title: msg`You need an invitation`,
    text: msg`Nobody here knows you yet, and this relay takes people in by invitation alone. Open the link of an invitation that nobody has used, and sign in from there. If you have an account, sign in the way you did before.`,
  },
  'sign-up-domain': {
    status: 403,
    title: msg`Your e-mail address is not of the right domain`,
    text: msg`A new account here needs an address of {domains} that {provider} has verified. If you have an account, sign in the way you did before.`,
  },
  'just-unlinked': {
    status: 403,
    title: msg`This way to sign in was just removed`,
    text: msg`Somebody removed it from the account while you signed in. Sign in another way.`,
  },
  'link-signed-out': {
    status: 403,
    title: msg`You were signed out in the meantime`,
    text: msg`You have to be signed in to add a way to sign in. Sign in, then add it again.`,
  },
  'link-taken': {
    status: 409,
    title: msg`That {provider} account belongs to somebody else here`,
    text: msg`It already signs in to another account of this relay, so it was not added to yours. Nothing was changed.`,
  },
} satisfies Record<SignInFailure, FailureWords>

type Filled = { provider: string; address: string; domains: readonly string[] }

/** The words for one failure. */
export function wordsFor(
  failure: SignInFailure,
  { provider, address, domains }: Filled,
): FailureWords {
  const { status, title, text } = failureWords[failure]
  const values = { provider, address, domains: domains.join(', ') }
  const fill = (text: MessageDescriptor) => ({ ...text, values })
  return { status, title: fill(title), text: fill(text) }
}
