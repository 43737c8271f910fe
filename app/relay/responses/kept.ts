import { Refused } from '../../errors/refusal.ts'
import type { KeptForm } from '../endpoint.ts'
import type { Kept, ResponsesCall } from './request.ts'
import { findStored, noteStored } from './stored.ts'

const shown = (id: string) => JSON.stringify(id.slice(0, 100)).slice(1, -1)

/** One wording for what is another account's, what is nobody's, and what can be had no more. */
function notFound({ member, id }: Kept): Refused {
  const what = member === 'conversation' ? 'Conversation' : 'Previous response'
  return new Refused('not_found', {
    message: `${what} with id '${shown(id)}' not found.`,
    param: member,
    more: { code: 'previous_response_not_found' },
  })
}

/** The same of an answer that is asked for by itself. */
export const responseNotFound = (id: string) =>
  new Refused('not_found', { message: `Response with id '${shown(id)}' not found.` })

/** Answers that calls go on from; of what is compacted none is kept. */
export const keptBefore: KeptForm<ResponsesCall> = {
  async placeOf({ goesOnFrom }, accountId, { db }) {
    const [first, second] = goesOnFrom
    if (!first) return undefined
    // Nobody can begin a conversation here, so that none is anybody's.
    const conversation = [first, second].find((it) => it?.member === 'conversation')
    if (conversation) throw notFound(conversation)
    const found = await findStored(db, first.id, accountId)
    if (!found) throw notFound(first)
    return found.place
  },
  goneFor: ({ goesOnFrom: [first] }) =>
    first ? notFound(first) : new Refused('upstream_unavailable'),
}

/** The same, of which each answer is kept too, unless its client says otherwise. */
export const kept: KeptForm<ResponsesCall> = {
  ...keptBefore,
  async note(id, { isKept, model }, { accountId, place }, { db }) {
    if (isKept) await noteStored(db, id, { accountId, place, model: model.name })
  },
}
