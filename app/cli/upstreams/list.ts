import type { Sealer, StoredUpstream } from '../../upstreams/upstreams.server.ts'
import { done, table } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { breakersText, statesOfRelays } from './breakers.ts'
import { documentOf, keyText } from './show.ts'
import { upstreamsIn } from './upstream.ts'

const heads = [
  'name',
  'kind',
  'state',
  'priority',
  'weight',
  'keys',
  'models',
  'breakers',
  'base URL',
]

const rowOf = (
  { name, definition, state, priority, weight, keys, models }: StoredUpstream,
  breakers: string,
  sealer: Sealer | undefined,
) => [
  name,
  definition.kind,
  state,
  priority,
  weight,
  definition.credential === null
    ? 'needs none'
    : keys.map((key) => keyText(key, sealer)).join(', ') || 'none',
  models.length,
  breakers,
  definition.baseUrl,
]

export const listVerb: Verb = {
  usage: 'upstream list',
  does: 'Upstreams in the database, their keys, and which breakers are not closed on which relay',
  isReading: true,
  prepare: () => async (context) => {
    const { upstreams, unreadable } = await upstreamsIn(context.pool)
    const states = await statesOfRelays(context)
    const rows = upstreams.map((it) => rowOf(it, breakersText(it.name, states), context.sealer))
    const lines = [table(heads, rows)]
    if (unreadable.length)
      lines.push(`Not readable by this version, and not called: ${unreadable.join(', ')}.`)
    const document = { upstreams: upstreams.map(documentOf), unreadable, relays: states ?? null }
    return done(document, lines.join('\n'))
  },
}
