import { addPrice, enableModel } from '../admin/admin.server.ts'
import { readModels, termsAt, type Model } from '../catalog/catalog.server.ts'
import { formatUsdShort } from '../values/money.ts'
import { done, refused, table, timeText } from './verb-result.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from './catalog.ts'
import { addVerb } from './model-add.ts'
import { priceAt, priceDocument, priceUsage, readTerms } from './prices.ts'
import type { Verb } from './verb.ts'

function documentOf(model: Model, now: Date) {
  const price = priceAt(model, now)
  const next = model.prices.findLast(({ effectiveFrom }) => effectiveFrom > now)
  return {
    name: model.name,
    kind: model.kind,
    enabled: model.enabled,
    context_tokens: model.contextTokens,
    max_output_tokens: model.outputTokensMax,
    reasoning: model.reasoning === 1,
    vision: model.vision === 1,
    owned_by: model.ownedBy,
    aliases: model.aliases,
    retires_on: model.retiresOn,
    price: price ? priceDocument(price) : null,
    next_price: next ? priceDocument(next) : null,
  }
}

function rowsOf(model: Model, now: Date) {
  const state = model.enabled ? 'on' : 'off'
  const about = [model.name, model.kind, state, model.contextTokens, model.outputTokensMax]
  const price = priceAt(model, now)
  if (!price) return [[...about, '', 'no price', '', '', '', '']]
  const usd = (nanos?: number) => (nanos === undefined ? '' : formatUsdShort(nanos))
  return termsAt(price.terms, now).tiers.map(({ upToInputTokens, prices }) => [
    ...about,
    upToInputTokens ?? 'any',
    usd(prices.input),
    usd(prices.cachedInput),
    usd(prices.cacheWrite),
    usd(prices.output),
    timeText(price.effectiveFrom),
  ])
}

const list: Verb = {
  usage: 'model list',
  does: 'Models and their prices in force, in USD per million tokens',
  isReading: true,
  prepare:
    (_, now) =>
    async ({ pool }) => {
      const models = await readModels(pool)
      const heads = [
        'name',
        'kind',
        'sale',
        'context',
        'max output',
        'up to',
        'input',
        'cached',
        'cache write',
        'output',
        'since',
      ]
      const text = table(
        heads,
        models.flatMap((model) => rowsOf(model, now)),
      )
      return done({ models: models.map((model) => documentOf(model, now)) }, text)
    },
}

const price: Verb = {
  usage: `model price <name> ${priceUsage} [--from TIME]`,
  does:
    'Add a price in USD per million tokens, in force from TIME or now; ' +
    'TIER is TOKENS:INPUT:OUTPUT[:CACHED[:WRITE]], SERVICE is NAME:TIMES, e.g. flex:0.5',
  prepare(args, now) {
    const name = nameOf(args)
    const effectiveFrom = args.time('from', now)
    // A price that begins before the one in force would never be.
    if (effectiveFrom < now) args.problems.push('from is in the past')
    const termsAfter = readTerms(args)
    return async (context) => {
      const { pool, actor } = context
      const model = await modelNamed(pool, name)
      if (!model) return noSuchModel(name)
      const terms = termsAfter(priceAt(model, effectiveFrom)?.terms)
      if (!(await addPrice(pool, { model: name, effectiveFrom, terms, actor }))) {
        const words = `${name} already has a price from ${timeText(effectiveFrom)} on; nothing was changed.`
        return refused('price_exists', words)
      }
      const { announced, words } = await whenCatalogIsKnown(context)
      const document = { name, price: priceDocument({ effectiveFrom, terms }), announced }
      // A price has one tier at least.
      const { input, output } = terms.times.at(-1)!.tiers.at(-1)!.prices
      const amounts = `${formatUsdShort(input)} USD in, ${formatUsdShort(output)} USD out`
      const since = timeText(effectiveFrom)
      return done(document, `${name} costs ${amounts} per million tokens from ${since}. ${words}`)
    }
  },
}

function saleVerb(usage: string, does: string, enabled: boolean): Verb {
  return {
    usage,
    does,
    prepare(args) {
      const name = nameOf(args)
      return async (context) => {
        if (!(await enableModel(context.pool, { name, enabled, actor: context.actor })))
          return noSuchModel(name)
        const { announced, words } = await whenCatalogIsKnown(context)
        const sale = enabled ? 'on sale' : 'no longer on sale'
        return done({ name, enabled, announced }, `${name} is ${sale}. ${words}`)
      }
    },
  }
}

export const modelVerbs = [
  list,
  price,
  addVerb,
  saleVerb('model enable <name>', 'Put a model on sale', true),
  saleVerb('model disable <name>', 'Take a model off sale; calls under way go on', false),
]
