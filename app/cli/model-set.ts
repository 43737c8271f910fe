import { sellAtCost } from '../admin/admin.server.ts'
import { formatFactor } from '../values/factors.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from './catalog.ts'
import { priceAt } from './prices/price-document.ts'
import { done } from './verb-result.ts'
import type { Verb } from './verb.ts'

export const setVerb: Verb = {
  usage: 'model set <name> --sale-factor FACTOR',
  does:
    'Sell a model that has no price of its own at so many times what its upstream charges, e.g. ' +
    '1.2; none ends that',
  prepare(args, now) {
    const name = nameOf(args)
    const factor = args.factorOrNone('sale-factor', null)
    return async (context) => {
      const { pool, actor } = context
      if (!(await sellAtCost(pool, { name, factor, actor }))) return noSuchModel(name)
      const { announced, words } = await whenCatalogIsKnown(context)
      const model = await modelNamed(pool, name)
      const hasPrice = model !== undefined && priceAt(model, now) !== undefined
      const times = factor === null ? null : formatFactor(factor)
      const is =
        times === null
          ? `${name} has no factor.`
          : hasPrice
            ? `${name} is to be sold at ${times} times what its upstream charges.`
            : `${name} is sold at ${times} times what its upstream charges.`
      const own = hasPrice
        ? ` Its own price stands while it is in force; \`price end ${name}\` ends it.`
        : ''
      const document = { name, sale_factor: times, has_own_price: hasPrice, announced }
      return done(document, `${is}${own} ${words}`)
    }
  },
}
