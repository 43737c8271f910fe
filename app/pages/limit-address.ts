import type { MessageDescriptor } from '@lingui/core'
import { data } from '@remix-run/node'
import type { GuessKind } from '../guesses/guesses.server.ts'
import { msg } from '../values/language/msg.ts'
import type { PageArgs } from './page.ts'

/** Each with how many minutes to wait. */
const words = {
  'sign-in': msg`Too many sign-ins were begun from your network. Nothing was changed. Try again in {minutes, plural, one {a minute} other {# minutes}}.`,
  redeem: msg`Too many codes were tried that are none. Nothing was changed. Try again in {minutes, plural, one {a minute} other {# minutes}}.`,
  invitation: msg`Too many invitations were tried that are none. Nothing was changed. Try again in {minutes, plural, one {a minute} other {# minutes}}.`,
} satisfies Record<Exclude<GuessKind, 'key'>, MessageDescriptor>

/**
 * Counts one try of what somebody may guess: of the address that it came from, and of an account
 * where one is named. Throws the page that says to wait (429) where it is one too many. Answers how
 * to give it back, which whoever finds that it was right does: only what was in vain counts.
 */
export async function limitAddress(
  kind: keyof typeof words,
  { services, clientAddress }: Pick<PageArgs, 'services' | 'clientAddress'>,
  accountId?: number,
): Promise<() => Promise<void>> {
  const { guesses, log } = services
  const whose = [{ address: clientAddress }, ...(accountId === undefined ? [] : [{ accountId }])]
  const taken = await Promise.all(whose.map((who) => guesses.take(kind, who)))
  const waitMs = Math.max(...taken.map((each) => ('waitMs' in each ? each.waitMs : 0)))
  if (waitMs > 0) {
    log.counted('refusals', `${kind}_too_often`)
    const seconds = Math.ceil(waitMs / 1_000)
    const message = { ...words[kind], values: { minutes: Math.ceil(seconds / 60) } }
    const headers = { 'retry-after': String(seconds) }
    throw data({ message }, { status: 429, headers })
  }
  return async () => {
    for (const each of taken) if ('giveBack' in each) await each.giveBack()
  }
}
