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

export type FailureWords = { status: number; title: string; text: string }

/** What happened and what to do next. Nothing that a provider said is ever repeated here. */
const failureWords = {
  denied: {
    status: 403,
    title: 'You declined to sign in',
    text: '{provider} says that you declined. Nothing was changed. Sign in again if you did not mean to.',
  },
  foreign: {
    status: 400,
    title: 'This sign-in was not started here',
    text: 'It was started in another browser or window, or at an address other than {address}, or cookies are turned off. Sign in again and stay in this window.',
  },
  'too-late': {
    status: 400,
    title: 'This sign-in took too long',
    text: 'It has to be finished within ten minutes. Sign in again.',
  },
  replayed: {
    status: 400,
    title: 'This sign-in was used before',
    text: 'A sign-in works once, and going back or reloading the page uses it a second time. Sign in again.',
  },
  'code-refused': {
    status: 400,
    title: 'The sign-in has expired',
    text: '{provider} no longer accepts the code it gave you. Sign in again.',
  },
  'provider-down': {
    status: 503,
    title: '{provider} does not answer',
    text: 'It did not answer in time. Your API keys keep working. Try again in a few minutes.',
  },
  'provider-answer': {
    status: 503,
    title: '{provider} did not say who you are',
    text: 'Its answer could not be used. Try again in a few minutes; if it happens again, tell whoever runs this relay.',
  },
  misconfigured: {
    status: 503,
    title: '{provider} does not know this relay',
    text: 'The relay’s credentials or its callback address are wrong. Only whoever runs this relay can put that right: tell them, and quote the id below.',
  },
  'no-verified-email': {
    status: 403,
    title: 'You have no verified e-mail address there',
    text: 'A new account needs one. Verify an address with {provider}, then sign in again.',
  },
  'sign-up-closed': {
    status: 403,
    title: 'There is no account for you here',
    text: 'This relay makes no new accounts. If you have one, sign in the way you did before; else ask whoever runs this relay.',
  },
  'sign-up-invitation': {
    status: 403,
    title: 'You need an invitation',
    text: 'Nobody here knows you yet, and this relay takes people in by invitation alone. Open the link of an invitation that nobody has used, and sign in from there. If you have an account, sign in the way you did before.',
  },
  'sign-up-domain': {
    status: 403,
    title: 'Your e-mail address is not of the right domain',
    text: 'A new account here needs an address of {domains} that {provider} has verified. If you have an account, sign in the way you did before.',
  },
  'just-unlinked': {
    status: 403,
    title: 'This way to sign in was just removed',
    text: 'Somebody removed it from the account while you signed in. Sign in another way.',
  },
  'link-signed-out': {
    status: 403,
    title: 'You were signed out in the meantime',
    text: 'You have to be signed in to add a way to sign in. Sign in, then add it again.',
  },
  'link-taken': {
    status: 409,
    title: 'That {provider} account belongs to somebody else here',
    text: 'It already signs in to another account of this relay, so it was not added to yours. Nothing was changed.',
  },
} satisfies Record<SignInFailure, FailureWords>

type Filled = { provider: string; address: string; domains: readonly string[] }

/** The words for one failure. */
export function wordsFor(
  failure: SignInFailure,
  { provider, address, domains }: Filled,
): FailureWords {
  const { status, title, text } = failureWords[failure]
  const fill = (words: string) =>
    words
      .replaceAll('{provider}', () => provider)
      .replaceAll('{address}', () => address)
      .replaceAll('{domains}', () => domains.join(', '))
  return { status, title: fill(title), text: fill(text) }
}
