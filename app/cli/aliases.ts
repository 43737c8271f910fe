import { addAlias, removeAlias } from '../admin/admin.server.ts'
import { readModels } from '../catalog/catalog.server.ts'
import { done, refused, table } from './verb-result.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from './catalog.ts'
import type { Verb } from './verb.ts'

const list: Verb = {
  usage: 'model alias list',
  does: 'The other names of models',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const pairs = (await readModels(pool)).flatMap(({ name, aliases }) =>
        aliases.map((alias) => ({ alias, model: name })),
      )
      const rows = pairs.map(({ alias, model }) => [alias, model])
      return done({ aliases: pairs }, table(['alias', 'model'], rows))
    },
}

const add: Verb = {
  usage: 'model alias add <alias> <model>',
  does: 'Give a model another name; what is asked for by it is that model, at its price',
  prepare(args) {
    const alias = nameOf(args, 'alias')
    const model = nameOf(args, 'model')
    return async (context) => {
      const { pool, actor } = context
      if (!(await modelNamed(pool, model))) return noSuchModel(model)
      if (await modelNamed(pool, alias))
        return refused('model_exists', `There is a model ${alias}; its name goes before an alias.`)
      if (!(await addAlias(pool, { alias, model, actor })))
        return refused('alias_exists', `${alias} is an alias already; remove it first.`)
      const { announced, words } = await whenCatalogIsKnown(context)
      return done({ alias, model, announced }, `${alias} is another name of ${model}. ${words}`)
    }
  },
}

const remove: Verb = {
  usage: 'model alias remove <alias>',
  does: 'Take another name back; calls under way go on',
  prepare(args) {
    const alias = nameOf(args, 'alias')
    return async (context) => {
      const { pool, actor } = context
      if (!(await removeAlias(pool, { alias, actor })))
        return refused('no_such_alias', `There is no alias ${alias}.`)
      const { announced, words } = await whenCatalogIsKnown(context)
      return done({ alias, announced }, `${alias} is no name of a model any more. ${words}`)
    }
  },
}

export const aliasVerbs = [list, add, remove]
