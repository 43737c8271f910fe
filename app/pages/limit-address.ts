import { data } from '@remix-run/node'
import type { GuessKind } from '../guesses/guesses.server.ts'
import type { PageArgs } from './page.ts'

const words = {
  'sign-in': 'Too many sign-ins were begun from your network',
  redeem: 'Too many codes were tried that are none',
  invitation: 'Too many invitations were tried that are none',
} satisfies Record<Exclude<GuessKind, 'key'>, string>

const inWords = (seconds: number) => {
  const minutes = Math.ceil(seconds / 60)
  return minutes > 1 ? `${minutes} minutes` : 'a minute'
}

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
    const message = `${words[kind]}. Nothing was changed. Try again in ${inWords(seconds)}.`
    const headers = { 'retry-after': String(seconds) }
    throw data({ message }, { status: 429, headers })
  }
  return async () => {
    for (const each of taken) if ('giveBack' in each) await each.giveBack()
  }
}
