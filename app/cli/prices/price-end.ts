import { addPrice } from '../../admin/admin.server.ts'
import { inForce, readOwnCosts, type Model } from '../../catalog/catalog.server.ts'
import { formatFactor } from '../../values/factors.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from '../catalog.ts'
import { nameOf as upstreamNameOf } from '../upstreams/upstream.ts'
import { done, refused, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

/** What a model costs without a price of its own. */
const soldAt = ({ name, saleFactor }: Model) =>
  saleFactor === null
    ? `It is not sold then: \`model set ${name} --sale-factor\` sells it at what it costs.`
    : `It is sold at ${formatFactor(saleFactor)} times what its upstream charges then.`

export const endPriceVerb: Verb = {
  usage: 'price end <name> [--from TIME] [--upstream UPSTREAM]',
  does:
    'End the price that a model has of its own, from TIME or now: it is sold at its sale factor ' +
    'then; with UPSTREAM, end what that one charges by a price of its own, so that its list counts',
  prepare(args, now) {
    const name = nameOf(args)
    const effectiveFrom = args.time('from', now)
    if (effectiveFrom < now) args.problems.push('from is in the past')
    const upstream = upstreamNameOf(args, 'upstream', undefined)
    return async (context) => {
      const { pool, actor } = context
      const model = await modelNamed(pool, name)
      if (!model) return noSuchModel(name)
      const costs = upstream === undefined ? [] : await readOwnCosts(pool, name)
      const prices =
        upstream === undefined ? model.prices : costs.filter((it) => it.upstream === upstream)
      const before = inForce(prices, effectiveFrom)
      const at = upstream === undefined ? '' : ` at ${upstream}`
      const since = timeText(effectiveFrom)
      if (!before?.terms) {
        const none = before ? 'a price that cannot be read' : 'no price of its own'
        return refused('no_price', `${name} has ${none}${at} at ${since}: there is none to end.`)
      }
      const terms = { ...before.terms, ended: true as const }
      if (!(await addPrice(pool, { model: name, upstream, effectiveFrom, terms, actor })))
        return refused(
          'price_exists',
          `${name} has a price${at} from ${since} on; nothing was changed.`,
        )
      const { announced, words } = await whenCatalogIsKnown(context)
      const then =
        upstream === undefined
          ? soldAt(model)
          : 'The list of that upstream counts, where it has one.'
      const document = { name, upstream: upstream ?? null, ends: since, announced }
      return done(
        document,
        `The price of its own that ${name} has${at} ends at ${since}. ${then} ${words}`,
      )
    }
  },
}
