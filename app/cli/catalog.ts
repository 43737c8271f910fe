import { readModels, type Model } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import type { Pool } from '../db/db.server.ts'
import { refused } from './verb-result.ts'
import type { Arguments } from './arguments.ts'
import type { Context } from './context.ts'

/** The refusal that the verbs of models share. */
export const noSuchModel = (name: string) => refused('no_such_model', `There is no model ${name}.`)

/**
 * A model's name among the arguments, in letters of any script. Lists of models have commas or
 * spaces between the names, and an option begins with a dash.
 */
export const nameOf = (args: Arguments, operand = 'name') =>
  args.text(operand, '', {
    charsMax: 100,
    form: /^[\p{L}\p{N}@_~][\p{L}\p{M}\p{N}.:/@+~_-]*$/u,
    wants: 'letters, digits and . : / @ + - _ ~, at most 100',
  })

/** The model of this name as the database has it. */
export const modelNamed = async (pool: Pool, name: string): Promise<Model | undefined> =>
  (await readModels(pool)).find((model) => model.name === name)

/** Announces a change of the catalogue, and says when relays know of it. */
export async function whenCatalogIsKnown(
  context: Context,
): Promise<{ announced: boolean; words: string }> {
  const announced = await context.announceCatalog()
  const seconds = limits.watch.catalogEveryMs / 1_000
  const words = announced
    ? 'Relays are reading it now.'
    : `Redis was not reached: relays read it within ${seconds} seconds.`
  return { announced, words }
}
