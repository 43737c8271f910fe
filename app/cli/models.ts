import { enableModel } from '../admin/admin.server.ts'
import { readModels, termsAt, type Model } from '../catalog/catalog.server.ts'
import { formatFactor } from '../values/factors.ts'
import { formatUsdShort } from '../values/money.ts'
import { done, table, timeText } from './verb-result.ts'
import { nameOf, noSuchModel, whenCatalogIsKnown } from './catalog.ts'
import { addVerb } from './model-add.ts'
import { setVerb } from './model-set.ts'
import { priceAt, priceDocument } from './prices/price-document.ts'
import { addPriceVerb } from './prices/price-verbs.ts'
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
    sale_factor: model.saleFactor === null ? null : formatFactor(model.saleFactor),
    price: price ? priceDocument(price) : null,
    next_price: next && next.terms !== null ? priceDocument(next) : null,
  }
}

function rowsOf(model: Model, now: Date) {
  const state = model.enabled ? 'on' : 'off'
  const about = [model.name, model.kind, state, model.contextTokens, model.outputTokensMax]
  const price = priceAt(model, now)
  if (!price)
    return [
      [
        ...about,
        '',
        model.saleFactor === null ? 'no price' : `cost × ${formatFactor(model.saleFactor)}`,
        '',
        '',
        '',
        '',
      ],
    ]
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
  addPriceVerb('model price', 'The same as price add, by its older name'),
  addVerb,
  setVerb,
  saleVerb('model enable <name>', 'Put a model on sale', true),
  saleVerb('model disable <name>', 'Take a model off sale; calls under way go on', false),
]
