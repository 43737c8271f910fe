import { setUpstream } from '../../admin/admin.server.ts'
import {
  checkDefinition,
  unknownPaths,
  type StoredUpstream,
} from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { done, refused, timeText, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { readJsonFile, readPlace } from './add.ts'
import { priceListWords } from './price-list.ts'
import { documentOf } from './show.ts'
import { withSettings } from './settings.ts'
import { nameOf, refusedFor, upstreamNamed } from './upstream.ts'
import { whenUpstreamsAreKnown } from './when-known.ts'

type Table = Record<string, unknown>
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null

/** What a file holds: a definition, or all that `show` said, with the version that was seen then. */
function inFile(file: Table | undefined) {
  if (!file || !isTable(file.definition)) return { definition: file, version: undefined }
  const { definition, version } = file
  return { definition, version: typeof version === 'number' ? version : undefined }
}

async function change(
  context: Context,
  before: StoredUpstream,
  after: StoredUpstream,
): Promise<VerbResult> {
  const { pool, actor } = context
  const { name, definition, state, priority, weight } = after
  const row = { name, definition, state, priority, weight }
  const answer = await setUpstream(pool, { before, after: row, actor })
  if (answer !== 'done') {
    const { overtaken } = answer
    const who = overtaken
      ? `${overtaken.actor} did \`${overtaken.action}\` at ${timeText(overtaken.createdAt)}`
      : 'somebody else has'
    const words = `${name} has changed since it was read: ${who}. Nothing was changed; look at it again.`
    return refused('upstream_changed', words)
  }
  const { announced, words } = await whenUpstreamsAreKnown(context)
  const isOther = definition.prices !== before.definition.prices
  const doubt = isOther ? await priceListWords(pool, definition.prices) : ''
  return done(
    { ...documentOf(after), version: before.version + 1, announced },
    `${name} is changed.${doubt} ${words}`,
  )
}

export const setVerb: Verb = {
  usage:
    'upstream set <name> [--set SETTING]... [--unset PATH]... [--definition FILE] [--url URL] ' +
    '[--priority N] [--weight N] [--state STATE]',
  does:
    'Change an upstream: SETTING is PATH=VALUE, such as members.drop=["user"]; FILE is a definition, ' +
    'or what `show` said, which is refused where somebody has changed it since; STATE is on, ' +
    'draining (no new calls; those that were let in may go there yet) or off (none at all); what is ' +
    'under way there ends as it began; the highest priority that is well goes first',
  prepare(args) {
    const name = nameOf(args, 'name', '')
    const { url, definitionFile, set, ...place } = readPlace(args)
    const unset = args.all('unset')
    const file = inFile(readJsonFile(definitionFile, args.problems))
    const isAny =
      set.length + unset.length > 0 ||
      [url, definitionFile, ...Object.values(place)].some((it) => it !== null)
    if (!isAny) args.problems.push('there is nothing to change')
    args.problems.push(...unknownPaths(unset))
    return async (context) => {
      const found = await upstreamNamed(context.pool, name)
      if ('refusal' in found) return found.refusal
      const { upstream } = found
      const base = { ...(file.definition ?? upstream.definition), ...(url && { baseUrl: url }) }
      const checked = checkDefinition(withSettings(base, { set, unset }))
      if ('problems' in checked) return refusedFor(checked.problems)
      const { definition } = checked
      const after: StoredUpstream = {
        ...upstream,
        definition,
        state: place.state ?? upstream.state,
        priority: place.priority ?? upstream.priority,
        weight: place.weight ?? upstream.weight,
      }
      const before = { ...upstream, version: file.version ?? upstream.version }
      return change(context, before, after)
    }
  },
}
