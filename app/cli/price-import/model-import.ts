import { limits } from '../../config/limits.ts'
import {
  importModels,
  planModels,
  readTheirList,
  type ModelOrder,
  type ModelPlan,
} from '../../price-import/price-import.server.ts'
import { askForModels, type StoredUpstream } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { nameOf, upstreamNamed } from '../upstreams/upstream.ts'
import { whenUpstreamsAreKnown } from '../upstreams/when-known.ts'
import type { Verb } from '../verb.ts'
import { refused, type VerbResult } from '../verb-result.ts'

type Asked = Pick<ModelOrder, 'saleFactor' | 'reasoning' | 'vision' | 'now'> & {
  name: string
  models: string[]
  applies: boolean
}

/** What an upstream lists, or why it tells nothing. */
async function theirsOf(
  { sealer, proxies }: Context,
  { name, definition, keys }: StoredUpstream,
): Promise<{ theirs: ModelOrder['theirs'] } | { refusal: VerbResult }> {
  const noList = (why: string) => ({
    refusal: refused('no_model_list', `${name} ${why}. Nothing was changed.`),
  })
  const secrets = keys.flatMap((key) => (key.enabled ? (sealer?.open(key, key) ?? []) : []))
  const [secret] = secrets
  if (definition.credential && secret === undefined)
    return noList('has no key that is in use and can be opened here')
  const answer = await askForModels(definition, { secret, proxies })
  if ('why' in answer) return noList(answer.why)
  const theirs = readTheirList(answer.text)
  return theirs ? { theirs } : noList('answers no list of models')
}

const lineOf = ({ theirName, model, row, isSold }: ModelPlan['fresh'][number]) => {
  const name = theirName === model ? model : `${theirName} as ${model}`
  const about = row
    ? `new, context ${row.contextTokens}, longest output ${row.outputTokensMax}`
    : 'a model that is here already'
  return `  ${name}: ${about}${isSold ? '' : '; not on sale before it has a price or a sale factor'}`
}

function section(head: string, lines: string[]): string[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, limits.priceLists.shownMax)
  const more = lines.length - shown.length
  return ['', `${head} (${lines.length})`, ...shown, ...(more ? [`  … and ${more} more`] : [])]
}

const textOf = ({ fresh, served, left }: ModelPlan, end: string) =>
  [
    ...section('TO SERVE', fresh.map(lineOf)),
    ...section(
      'LEFT OUT',
      left.map(({ theirName, why }) => `  ${theirName}: ${why}`),
    ),
    '',
    `${fresh.length} to serve, ${served.length} served already, ${left.length} left out.`,
    end,
  ].join('\n')

function documentOf({ fresh, served, left }: ModelPlan, outcome: string) {
  const few = <T>(part: T[]) => part.slice(0, limits.priceLists.listedMax)
  return {
    outcome,
    counts: { to_serve: fresh.length, served_already: served.length, left_out: left.length },
    to_serve: few(fresh).map(({ theirName, model, row, isSold }) => ({
      model,
      their_name: theirName,
      is_new: row !== null,
      on_sale: isSold,
      context_tokens: row?.contextTokens ?? null,
      max_output_tokens: row?.outputTokensMax ?? null,
    })),
    left_out: few(left).map(({ theirName, why }) => ({ their_name: theirName, why })),
  }
}

async function importFrom(context: Context, asked: Asked): Promise<VerbResult> {
  const found = await upstreamNamed(context.pool, asked.name)
  if ('refusal' in found) return found.refusal
  const { upstream } = found
  const listed = await theirsOf(context, upstream)
  if ('refusal' in listed) return listed.refusal
  const { models } = asked
  const theirs = listed.theirs.filter(({ name }) => models.length === 0 || models.includes(name))
  const missing = models.filter((name) => !theirs.some((it) => it.name === name))
  // Part of what was named is no part of it: whoever named it would take the rest for all.
  if (missing.length) {
    const words = `${asked.name} lists no ${missing.join(', ')}. Nothing was changed.`
    return refused('no_such_model', words)
  }
  const order = { ...asked, upstream, theirs }
  if (!asked.applies) {
    const plan = await planModels(context.pool, order)
    const isEmpty = plan.fresh.length === 0
    const end = isEmpty ? 'There is nothing to add.' : 'Nothing was changed; --apply adds them.'
    const document = documentOf(plan, isEmpty ? 'nothing' : 'planned')
    return { exitCode: isEmpty ? 0 : 4, document, text: textOf(plan, end) }
  }
  const { plan, outcome } = await importModels(context.pool, order, context.actor)
  if (outcome === 'moved') {
    const words = `Somebody else has changed ${asked.name} or its models meanwhile. Nothing was changed.`
    return refused('upstream_moved', words)
  }
  if (outcome === 'too_many') {
    const words = `${asked.name} would serve more than ${limits.upstreams.modelsMax} models; --model names fewer.`
    return refused('over_the_limit', words)
  }
  const known = outcome === 'written' ? (await whenUpstreamsAreKnown(context)).words : ''
  const end = outcome === 'written' ? `They are served now. ${known}` : 'There is nothing to add.'
  return { exitCode: 0, document: documentOf(plan, outcome), text: textOf(plan, end) }
}

export const modelImportVerb: Verb = {
  usage:
    'model import --from-upstream NAME [--model THEIRS]... [--sale-factor TIMES] [--reasoning] ' +
    '[--vision] [--apply]',
  does:
    'Ask an upstream for its models, and with --apply add and serve those whose price is known; ' +
    'TIMES of their cost is what new ones are sold at, and the flags are what new ones can do',
  prepare(args, now) {
    const asked: Asked = {
      name: nameOf(args, 'from-upstream', ''),
      models: args.all('model'),
      saleFactor: args.factor('sale-factor', null),
      reasoning: args.has('reasoning'),
      vision: args.has('vision'),
      applies: args.has('apply'),
      now,
    }
    if (asked.models.length > limits.priceLists.namedMax)
      args.problems.push(`model is given more than ${limits.priceLists.namedMax} times`)
    return (context) => importFrom(context, asked)
  },
}
