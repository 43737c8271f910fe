import type { StoredUpstream } from '../../upstreams/upstreams.server.ts'
import { done, table } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { documentOf, keyText } from './show.ts'
import { upstreamsIn } from './upstream.ts'

const heads = ['name', 'kind', 'state', 'priority', 'weight', 'keys', 'models', 'base URL']

const rowOf = ({ name, definition, state, priority, weight, keys, models }: StoredUpstream) => [
  name,
  definition.kind,
  state,
  priority,
  weight,
  definition.credential === null ? 'needs none' : keys.map(keyText).join(', ') || 'none',
  models.length,
  definition.baseUrl,
]

export const listVerb: Verb = {
  usage: 'upstream list',
  does: 'Upstreams in the database, with their keys and how many models they serve',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const { upstreams, unreadable } = await upstreamsIn(pool)
      const lines = [table(heads, upstreams.map(rowOf))]
      if (unreadable.length)
        lines.push(`Not readable by this version, and not called: ${unreadable.join(', ')}.`)
      const document = { upstreams: upstreams.map(documentOf), unreadable }
      return done(document, lines.join('\n'))
    },
}
