import { addPrice } from '../../admin/admin.server.ts'
import { inForce, readModels, readOwnCosts, type Price } from '../../catalog/catalog.server.ts'
import { environmentNames } from '../../upstreams/upstreams.server.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from '../catalog.ts'
import { nameOf as upstreamNameOf, upstreamNamed } from '../upstreams/upstream.ts'
import { done, refused, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { leftOut, leftOutWords } from './left-out.ts'
import { endPriceVerb } from './price-end.ts'
import { priceAt, priceDocument, priceLines } from './price-document.ts'
import { priceDoes, priceUsage, readTerms } from './read-terms.ts'
import { unitWords } from './unit-words.ts'

type OwnCosts = Awaited<ReturnType<typeof readOwnCosts>>

/** Adds a dated price to a model: one verb, by its name of today or of before. */
export const addPriceVerb = (words: string, does: string): Verb => ({
  usage: `${words} <name> ${priceUsage} [--from TIME] [--upstream UPSTREAM]`,
  does,
  prepare(args, now) {
    const name = nameOf(args)
    const effectiveFrom = args.time('from', now)
    // A price that begins before the one in force would never be.
    if (effectiveFrom < now) args.problems.push('from is in the past')
    const upstream = upstreamNameOf(args, 'upstream', undefined)
    const termsAfter = readTerms(args)
    return async (context) => {
      const { pool, actor } = context
      const model = await modelNamed(pool, name)
      if (!model) return noSuchModel(name)
      if (upstream !== undefined && !environmentNames.includes(upstream)) {
        const found = await upstreamNamed(pool, upstream)
        if ('refusal' in found) return found.refusal
      }
      const costs = upstream === undefined ? [] : await readOwnCosts(pool, name)
      const before =
        upstream === undefined
          ? priceAt(model, effectiveFrom)
          : costOf(costs, upstream, effectiveFrom)
      const terms = termsAfter(before?.terms ?? undefined)
      const at = upstream === undefined ? '' : ` at ${upstream}`
      const since = timeText(effectiveFrom)
      if (!(await addPrice(pool, { model: name, upstream, effectiveFrom, terms, actor }))) {
        const words = `${name} already has a price${at} from ${since} on; nothing was changed.`
        return refused('price_exists', words)
      }
      const { announced, words } = await whenCatalogIsKnown(context)
      const price = priceDocument({ effectiveFrom, terms })
      const had = before?.terms ?? undefined
      const left = leftOut(had, terms)
      const left_out = left.map((unit) => unitWords[unit])
      const document = { name, upstream: upstream ?? null, price, left_out, announced }
      const lines = table(lineHeads, priceLines({ terms }))
      return done(
        document,
        `${name} costs${at} from ${since} on:\n${lines}\n${leftOutWords(had, left)}${words}`,
      )
    }
  },
})

/** What an upstream charges by a row of its own at a moment. */
const costOf = (costs: OwnCosts, upstream: string, at: Date) =>
  inForce(
    costs.filter((it) => it.upstream === upstream),
    at,
  )

const lineHeads = ['hours (UTC)', 'up to', 'USD a million']

const serviceText = ({ basisPoints }: Price['terms']) =>
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
  does:
    'Every price that a model has, has had or is to have, the newest first; then what single ' +
    'upstreams charge the operator for it',
  isReading: true,
  prepare(args, now) {
    const name = nameOf(args)
    return async ({ pool }) => {
      const model = await modelNamed(pool, name)
      if (!model) return noSuchModel(name)
      const costs = await readOwnCosts(pool, name)
      const all = [...model.prices.map((price) => ({ ...price, upstream: null })), ...costs]
      const stated = all.flatMap((row) => {
        const { terms, ...rest } = row
        return terms === null ? [] : [{ price: { ...rest, terms }, state: stateOf(row, all, now) }]
      })
      const rows = stated.flatMap(({ price, state }) =>
        priceLines(price).map((line) => [
          price.id,
          price.upstream ?? 'sale',
          timeText(price.effectiveFrom),
          state,
          ...line,
          serviceText(price.terms),
        ]),
      )
      const heads = ['price', 'of', 'from', 'state', ...lineHeads, 'service tiers']
      const prices = stated.map(({ price, state }) => ({
        ...priceDocument(price),
        upstream: price.upstream,
        state,
      }))
      return done({ name, prices }, table(heads, rows))
    }
  },
}

type Stated = {
  upstream: string | null
  effectiveFrom: Date
  terms: { ended?: true | undefined } | null
}

/** Of the prices of one upstream, or of the sale, the newest that has begun is in force. */
function stateOf(price: Stated, all: readonly Stated[], now: Date) {
  if (price.effectiveFrom > now) return price.terms?.ended ? 'end to come' : 'to come'
  const begun = all.filter((it) => it.upstream === price.upstream && it.effectiveFrom <= now)
  if (begun[0] !== price) return 'past'
  return price.terms?.ended ? 'ended' : 'in force'
}

const addDoes =
  `Add a price in USD per million, in force from TIME or now; what it does not name costs what input ` +
  `or output costs; with UPSTREAM, what that upstream charges the operator. ${priceDoes}`

export const priceVerbs = [addPriceVerb('price add', addDoes), endPriceVerb, list, show]
