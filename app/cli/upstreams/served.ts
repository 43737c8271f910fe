import { removeUpstream, serveModel, unserveModel } from '../../admin/admin.server.ts'
import { byNameOf, readModels } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { environmentNames } from '../../upstreams/upstreams.server.ts'
import { nameOf as modelNameOf, noSuchModel } from '../catalog.ts'
import { done, refused } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { ownPricesWords } from './own-prices.ts'
import { nameOf, noSuchUpstream } from './upstream.ts'
import { whenUpstreamsAreKnown } from './when-known.ts'

const { modelsMax } = limits.upstreams

/** The environment's upstreams serve what nobody else is named for, and what they are named for. */
const ofTheEnvironment = (model: string) =>
  `The environment's upstream serves it only where \`upstream serve openai ${model}\` says so.`

const serveVerb: Verb = {
  usage: 'upstream serve <name> <model> [--as THEIRS]',
  does:
    'Send calls of a model to an upstream, where it is called THEIRS; NAME is one of the database, or ' +
    "openai or anthropic, the environment's, which serve by themselves what no upstream is named for",
  prepare(args) {
    const upstream = nameOf(args, 'name', '')
    const asked = modelNameOf(args, 'model')
    const theirs = args.text('as', null, { form: /^[!-~]+$/, wants: 'a name without spaces' })
    return async (context) => {
      const { pool, actor } = context
      // Of an alias its model is served: that is what a call of it is in the books.
      const model = byNameOf(await readModels(pool)).get(asked)?.name
      if (model === undefined) return noSuchModel(asked)
      const theirName = theirs ?? model
      const answer = await serveModel(pool, { upstream, model, theirName, actor })
      if (answer === 'no_such_upstream') return noSuchUpstream(upstream)
      if (answer === 'too_many')
        return refused('over_the_limit', `${upstream} serves ${modelsMax} models, the most it may.`)
      const { announced, words } = await whenUpstreamsAreKnown(context)
      const document = { upstream, model, their_name: theirName, announced }
      const more = environmentNames.includes(upstream) ? '' : ` ${ofTheEnvironment(model)}`
      return done(document, `${upstream} serves ${model} as ${theirName}.${more} ${words}`)
    }
  },
}

const unserveVerb: Verb = {
  usage: 'upstream unserve <name> <model>',
  does: 'Send calls of a model to an upstream no more; those under way go on',
  prepare(args) {
    const upstream = nameOf(args, 'name', '')
    const model = modelNameOf(args, 'model')
    return async (context) => {
      const { pool, actor } = context
      const answer = await unserveModel(pool, { upstream, model, actor })
      if (answer === 'no_such_upstream') return noSuchUpstream(upstream)
      if (answer === 'not_served') return refused(answer, `${upstream} does not serve ${model}.`)
      const { announced, words } = await whenUpstreamsAreKnown(context)
      return done(
        { upstream, model, announced },
        `${upstream} serves no ${model} any more. ${words}`,
      )
    }
  },
}

const removeVerb: Verb = {
  usage: 'upstream remove <name>',
  does: 'Remove an upstream with its keys and models; calls under way there go on',
  prepare(args, now) {
    const name = nameOf(args, 'name', '')
    return async (context) => {
      const { pool, actor } = context
      if ((await removeUpstream(pool, { name, actor })) !== 'done') return noSuchUpstream(name)
      const { announced, words } = await whenUpstreamsAreKnown(context)
      const prices = await ownPricesWords(pool, name, now)
      return done({ name, announced }, `${name} is removed.${prices} ${words}`)
    }
  },
}

export const servedVerbs = [serveVerb, unserveVerb, removeVerb]
