import { addPrice } from '../../admin/admin.server.ts'
import { readModels, type Model } from '../../catalog/catalog.server.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from '../catalog.ts'
import { done, refused, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { priceAt, priceDocument, priceLines } from './price-document.ts'
import { priceDoes, priceUsage, readTerms } from './read-terms.ts'

/** Adds a dated price to a model: one verb, by its name of today or of before. */
export const addPriceVerb = (words: string, does: string): Verb => ({
  usage: `${words} <name> ${priceUsage} [--from TIME]`,
  does,
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
      const lines = table(lineHeads, priceLines({ terms }))
      return done(document, `${name} costs from ${timeText(effectiveFrom)} on:\n${lines}\n${words}`)
    }
  },
})

const lineHeads = ['hours (UTC)', 'up to', 'USD a million']

const serviceText = ({ basisPoints }: Model['prices'][number]['terms']) =>
  Object.entries(basisPoints)
    .map(([name, points]) => `${name}:${points / 10_000}`)
    .join(' ')

const list: Verb = {
  usage: 'price list',
  does: 'The prices in force: of every hour, tier and unit, in USD per million but where it says another',
  isReading: true,
  prepare:
    (_, now) =>
    async ({ pool }) => {
      const priced = (await readModels(pool)).flatMap((model) => {
        const price = priceAt(model, now)
        return price ? [{ name: model.name, price }] : []
      })
      const rows = priced.flatMap(({ name, price }) =>
        priceLines(price).map((line) => [name, price.id, ...line, serviceText(price.terms)]),
      )
      const heads = ['name', 'price', ...lineHeads, 'service tiers']
      const document = priced.map(({ name, price }) => ({ name, price: priceDocument(price) }))
      return done({ prices: document }, table(heads, rows))
    },
}

const show: Verb = {
  usage: 'price show <name>',
  does: 'Every price that a model has, has had or is to have, the newest first',
  isReading: true,
  prepare(args, now) {
    const name = nameOf(args)
    return async ({ pool }) => {
      const model = await modelNamed(pool, name)
      if (!model) return noSuchModel(name)
      const inForce = priceAt(model, now)
      const stateOf = (price: Model['prices'][number]) => {
        if (price === inForce) return 'in force'
        return price.effectiveFrom > now ? 'to come' : 'past'
      }
      const rows = model.prices.flatMap((price) =>
        priceLines(price).map((line) => [
          price.id,
          timeText(price.effectiveFrom),
          stateOf(price),
          ...line,
          serviceText(price.terms),
        ]),
      )
      const heads = ['price', 'from', 'state', ...lineHeads, 'service tiers']
      const prices = model.prices.map((price) => ({
        ...priceDocument(price),
        state: stateOf(price),
      }))
      return done({ name, prices }, table(heads, rows))
    }
  },
}

const addDoes =
  `Add a price in USD per million, in force from TIME or now; what it does not name costs what input ` +
  `or output costs. ${priceDoes}`

export const priceVerbs = [addPriceVerb('price add', addDoes), list, show]
