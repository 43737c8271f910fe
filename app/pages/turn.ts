import { data, type AppLoadContext } from '@remix-run/node'
import { msg } from '../values/language/msg.ts'

/**
 * Waits until it is an account's turn at the pages. The turn ends when the answer is made and all
 * work for it is over, whoever has left, or earlier with what is answered here. One request has one
 * turn, however many of its loaders ask.
 */
export const takeTurn = (accountId: number, context: AppLoadContext): Promise<() => void> =>
  (context.turn ??= begin(accountId, context))

async function begin(accountId: number, context: AppLoadContext) {
  const { services, made } = context
  const leave = await services.shares.take(accountId)
  if (!leave) {
    await services.refusals.wait(accountId)
    const message = msg`Too many pages of this account are being requested. Try again in a moment.`
    throw data({ message }, { status: 429 })
  }
  void made.then(() => Promise.allSettled(context.atWork ?? [])).then(leave)
  return leave
}
