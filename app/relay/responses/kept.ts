import { Refused } from '../../errors/refusal.ts'
import type { KeptForm } from '../endpoint.ts'
import type { Kept, ResponsesCall } from './request.ts'

/** One wording for what is another account's and for what is nobody's. */
function notFound({ member, id }: Kept): Refused {
  const what = member === 'conversation' ? 'Conversation' : 'Previous response'
  const shown = JSON.stringify(id.slice(0, 100)).slice(1, -1)
  return new Refused('not_found', {
    message: `${what} with id '${shown}' not found.`,
    param: member,
    more: { code: 'previous_response_not_found' },
  })
}

/** What upstreams keep of answers, and which calls go on from it. */
export const kept: KeptForm<ResponsesCall> = {
  placeOf({ goesOnFrom }) {
    const [first] = goesOnFrom
    return first ? Promise.reject(notFound(first)) : Promise.resolve(undefined)
  },
}
