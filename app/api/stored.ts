import { badRequest } from '../errors/refusal.ts'
import { askForStored, requireStored } from '../relay/relay.server.ts'
import type { ApiArgs } from './door.ts'
import { requireKey } from './require-key.ts'

/** What may be said behind the path of an answer that is kept: which part of it is wanted. */
const passing = new Set(['after', 'before', 'limit', 'order', 'include', 'include[]'])
/** What would have it answered in another way. */
const refused = ['stream', 'starting_after', 'background']

/** What goes to the upstream of a query. Throws `Refused` for what asks for another answer. */
function queryOf(url: string): string {
  const query = new URL(url).searchParams
  for (const name of refused)
    if (query.has(name) && query.get(name) !== 'false')
      throw badRequest(`'${name}' is not available here: the answer is read as a whole.`, name)
  return new URLSearchParams([...query].filter(([name]) => passing.has(name))).toString()
}

const idOf = ({ params }: ApiArgs) => params.id ?? ''

async function asking({ request, context: { services, exchange } }: ApiArgs) {
  const { accountId, keyId } = await requireKey(request, { services, exchange })
  return { accountId, keyId, services, exchange }
}

/** An answer of one's own, as its upstream keeps it. */
export const showResponse = async (args: ApiArgs) => {
  const query = queryOf(args.request.url)
  return askForStored({ id: idOf(args), method: 'GET', query }, await asking(args))
}

/** What such an answer was given to. */
export const listInputItems = async (args: ApiArgs) => {
  const query = queryOf(args.request.url)
  const asked = { id: idOf(args), method: 'GET', below: '/input_items', query } as const
  return askForStored(asked, await asking(args))
}

/** Takes such an answer away, there and here. */
export const deleteResponse = async (args: ApiArgs) =>
  askForStored({ id: idOf(args), method: 'DELETE' }, await asking(args))

/** Only what runs in the background can be cancelled, and nothing does here. */
export async function cancelResponse(args: ApiArgs): Promise<never> {
  const { accountId, services } = await asking(args)
  await requireStored(idOf(args), accountId, services)
  throw badRequest('Only responses with background=true can be cancelled; there are none here.')
}
