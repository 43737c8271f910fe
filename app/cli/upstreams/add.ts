import { readFileSync } from 'node:fs'
import { addUpstream } from '../../admin/admin.server.ts'
import { limits } from '../../config/limits.ts'
import { checkDefinition, readPresets } from '../../upstreams/upstreams.server.ts'
import { upstreamStates } from '../../values/upstream-states.ts'
import type { Arguments } from '../arguments.ts'
import { done, refused } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { keySource, readKey } from './given-key.ts'
import { ownPricesWords } from './own-prices.ts'
import { priceListWords } from './price-list.ts'
import { settingProblems, withSettings } from './settings.ts'
import { nameOf, refusedFor } from './upstream.ts'
import { whenUpstreamsAreKnown } from './when-known.ts'

const { weightMax, priorityMost, most } = limits.upstreams
const bearer = { header: 'authorization', prefix: 'Bearer ' }

/** What `add` and `set` both take. */
export function readPlace(args: Arguments) {
  for (const problem of settingProblems(args.all('set'))) args.problems.push(problem)
  return {
    url: args.text('url', null, { charsMax: limits.upstreams.urlCharsMax }),
    state: args.word('state', null, upstreamStates),
    priority: args.whole('priority', null, 0, priorityMost),
    weight: args.whole('weight', null, 0, weightMax),
    definitionFile: args.text('definition', null),
    set: args.all('set'),
  }
}

/** A file of JSON as an object; what is wrong with it is noted. */
export function readJsonFile(file: string | null, problems: string[]) {
  if (file === null) return undefined
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof read === 'object' && read !== null) return read as Record<string, unknown>
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    problems.push(`${file} ${code ? `cannot be read (${code})` : 'is no JSON'}`)
    return undefined
  }
  problems.push(`${file} holds no definition`)
  return undefined
}

/** What a new one is made of, before its settings; the presets are read when they are asked for. */
function baseOf(args: Arguments, url: string | null, file: string | null) {
  const name = args.text('preset', null)
  const given = readJsonFile(file, args.problems)
  if (given) return given
  const presets = readPresets()
  const preset = presets.find((it) => it.name === name)
  if (preset?.needsUrl && url === null)
    args.problems.push(`--url is missing: the one of ${name} is your own. ${preset.note}`)
  if (preset) return preset.definition
  const names = presets.map((it) => it.name).join(', ')
  if (name !== null) args.problems.push(`preset must be one of ${names}`)
  else if (file === null)
    args.problems.push(`--preset is missing, or --definition: the presets are ${names}`)
  return {}
}

function readDraft(args: Arguments) {
  const { url, definitionFile, set, ...place } = readPlace(args)
  const from = keySource(args)
  const isPrivate = args.has('private')
  const base: Record<string, unknown> = {
    ...baseOf(args, url, definitionFile),
    ...(url !== null && { baseUrl: url }),
    ...(isPrivate && { private: true }),
  }
  // A server of one's own takes a key where it was told to; its preset does not know.
  if (from !== null && base.credential === null) base.credential = bearer
  return {
    name: nameOf(args, 'name', ''),
    key: from === null ? null : { from, name: nameOf(args, 'key-name', 'main') },
    definition: withSettings(base, { set, unset: [] }),
    state: place.state ?? ('on' as const),
    priority: place.priority ?? 0,
    weight: place.weight ?? 100,
  }
}

export const addVerb: Verb = {
  usage:
    'upstream add <name> [--preset PRESET] [--definition FILE] [--url URL] [--private] ' +
    '[--key-from SOURCE] [--key-name NAME] [--priority N] [--weight N] [--state STATE] ' +
    '[--set SETTING]...',
  does:
    'Add an upstream, as PRESET or FILE defines it; its key is read from the variable SOURCE, or ' +
    'from standard input where that is -; SETTING is PATH=VALUE, such as timeouts.idleMs=60000; of ' +
    'those with the highest priority that are well, weights say the shares',
  prepare(args, now) {
    const { key: wanted, definition: given, ...row } = readDraft(args)
    return async (context) => {
      const checked = checkDefinition(given)
      if ('problems' in checked) return refusedFor(checked.problems)
      const read = wanted && (await readKey(context, wanted))
      if (read && 'refusal' in read) return read.refusal
      const { name } = row
      const { definition } = checked
      const upstream = { ...row, definition }
      const { pool, actor } = context
      const answer = await addUpstream(pool, { upstream, key: read?.key, actor })
      if (answer === 'upstream_exists')
        return refused(answer, `There is already an upstream ${name}; \`upstream set\` changes it.`)
      if (answer === 'too_many')
        return refused('over_the_limit', `There are ${most} upstreams, the most there may be.`)
      const { announced, words } = await whenUpstreamsAreKnown(context)
      const lacks =
        definition.credential && !read
          ? ' It is called once `upstream key add` gives it a key.'
          : ''
      const next = ` \`upstream serve ${name} MODEL\` says what it serves.`
      const key = read?.key.name ?? null
      const document = { name, definition, key, announced }
      const doubt = await priceListWords(pool, definition.prices)
      const prices = `${doubt}${await ownPricesWords(pool, name, now)}`
      return done(document, `Added ${name}.${lacks}${prices}${next} ${words}`)
    }
  },
}
