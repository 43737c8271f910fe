import { findCall } from '../../usage/usage.server.ts'
import { parseCallId } from '../../values/call-id.ts'
import { refused } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { foundCall } from './found-call.ts'

export const callShowVerb: Verb = {
  usage: 'call show <call>',
  does:
    'The receipt of one call, by its id, which is the x-request-id that its client was told: how it ' +
    'ended and why, what it cost line by line, and how that was paid',
  isReading: true,
  prepare(args) {
    const text = args.text('call', '').toLowerCase()
    const id = parseCallId(text)
    if (text && !id) args.problems.push('call must be the id of a call')
    return async ({ pool }) => {
      // What cannot be parsed is a problem, and then this does not run.
      const call = await findCall(pool, id!)
      if (call) return foundCall(text, call)
      return refused(
        'no_such_call',
        `There is no call ${text}. A request that was refused before a hold has no row: with ` +
          'LOG_LEVEL=debug the log has a line "refused" with its request id, key and code.',
      )
    }
  },
}
