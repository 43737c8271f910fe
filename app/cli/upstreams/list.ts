import type { Sealer, StoredUpstream } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
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

type Own = Context['environment'][number]

/** What the environment's upstreams are, where they are and where one of the database is in place. */
function aboutOwn({ environment, isLocal }: Context, taken: (own: Own) => boolean): string[] {
  const demo = ': the built-in demo serves what no other is named for'
  if (environment.length === 0)
    return [`The environment of this command names no upstream${isLocal ? demo : ''}.`]
  return environment.map((own) => {
    const { name, variables, baseUrl } = own
    if (taken(own))
      return `That of the environment (${variables}), ${baseUrl}, is not called: ${name} takes its place.`
    const what =
      'serves what is its own and no other is named for, and `upstream set` does not change it'
    return `${name} is of the environment (${variables}), as this command has it: it ${what}.`
  })
}

const rowOfOwn = ({ name, kind, baseUrl }: Own, breakers: string) => [
  name,
  kind,
  'on',
  0,
  100,
  'environment',
  'all others',
  breakers,
  baseUrl,
]

export const listVerb: Verb = {
  usage: 'upstream list',
  does:
    'Upstreams in the database and those of the environment, their keys, and which breakers are not ' +
    'closed on which relay',
  isReading: true,
  prepare: () => async (context) => {
    const { upstreams, unreadable } = await upstreamsIn(context.pool)
    const states = await statesOfRelays(context)
    const rows = upstreams.map((it) => rowOf(it, breakersText(it.name, states), context.sealer))
    const { environment } = context
    const isTaken = (own: Own) => upstreams.some((it) => it.name === own.name)
    const own = environment
      .filter((it) => !isTaken(it))
      .map((it) => rowOfOwn(it, breakersText(it.name, states)))
    const lines = [table(heads, [...rows, ...own]), ...aboutOwn(context, isTaken)]
    if (unreadable.length)
      lines.push(`Not readable by this version, and not called: ${unreadable.join(', ')}.`)
    const document = {
      upstreams: upstreams.map(documentOf),
      environment: environment.map(({ name, kind, baseUrl }) => ({
        name,
        kind,
        base_url: baseUrl,
      })),
      unreadable,
      relays: states ?? null,
    }
    return done(document, lines.join('\n'))
  },
}
