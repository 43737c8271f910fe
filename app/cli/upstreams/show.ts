import { readPresets, type Sealer, type StoredUpstream } from '../../upstreams/upstreams.server.ts'
import { done, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { nameOf, upstreamNamed } from './upstream.ts'

/** A key by what may be shown of it. */
const keyDocument = ({ name, lastFour, enabled, createdAt }: StoredUpstream['keys'][number]) => ({
  name,
  last_four: lastFour,
  enabled,
  created_at: timeText(createdAt),
})

/** All that may be shown of an upstream. */
export const documentOf = (upstream: StoredUpstream) => ({
  name: upstream.name,
  version: upstream.version,
  state: upstream.state,
  priority: upstream.priority,
  weight: upstream.weight,
  definition: upstream.definition,
  keys: upstream.keys.map(keyDocument),
  models: upstream.models.map(({ model, theirName }) => ({ model, their_name: theirName })),
  created_at: timeText(upstream.createdAt),
})

/** A key as people read it: its name, its end, and whether it is in use and opens here. */
export function keyText(key: StoredUpstream['keys'][number], sealer: Sealer | undefined): string {
  const end = key.lastFour && ` …${key.lastFour}`
  const isKnown = sealer?.open(key, key) !== undefined
  return `${key.name}${end}${key.enabled ? '' : ' (off)'}${isKnown ? '' : ' (sealed by an unknown secret)'}`
}

export const showVerb: Verb = {
  usage: 'upstream show <name>',
  does: 'An upstream as JSON: its definition, its models, and of its keys the names and the last four',
  isReading: true,
  prepare(args) {
    const name = nameOf(args, 'name', '')
    return async ({ pool }) => {
      const found = await upstreamNamed(pool, name)
      if ('refusal' in found) return found.refusal
      const document = documentOf(found.upstream)
      return done(document, JSON.stringify(document, null, 2))
    }
  },
}

export const presetsVerb: Verb = {
  usage: 'upstream presets [--name NAME]',
  does: 'What is known of providers, to begin with; of one, its whole definition',
  isReading: true,
  prepare(args) {
    const name = args.text('name', null)
    const presets = readPresets().filter((it) => name === null || it.name === name)
    if (presets.length === 0) args.problems.push('there is no preset of that name')
    return () => {
      const rows = presets.map((it) => [it.name, it.definition.baseUrl, it.title])
      const [only] = presets
      const text =
        name !== null && only
          ? `${only.title}. ${only.note}\n${JSON.stringify(only.definition, null, 2)}`
          : table(['preset', 'base URL', 'what it is'], rows)
      return Promise.resolve(done({ presets }, text))
    }
  },
}
