import { byNameOf, readModels } from '../catalog/catalog.server.ts'
import type { Pool } from '../db/db.server.ts'
import type { Arguments } from './arguments.ts'
import { refused, type VerbResult } from './verb-result.ts'

/**
 * Models that something is for, by their names or by how those begin (`gpt-4.1*`), with commas between
 * them: null where the word for all is said, undefined where nothing is.
 */
export function readScope(
  args: Arguments,
  { all, charsMax }: { all: 'all' | 'none'; charsMax: number },
): string[] | null | undefined {
  const text = args.text('models', undefined, { charsMax })
  if (text === undefined) return undefined
  if (text.trim() === all) return null
  const models = [...new Set(text.split(',').map((name) => name.trim()))]
  if (models.includes('')) args.problems.push('models has an empty name in it')
  if (models.some((name) => /\*./.test(name) || name === '*'))
    args.problems.push(
      `a * stands at the end of a name only, behind how it begins; or say ${all}, which is for all`,
    )
  return models
}

/**
 * The same by the names that models have in the books; or why not: what is for a name that stands
 * for no model is for nothing, and nobody would know why.
 */
export async function knownScope(
  pool: Pool,
  scope: readonly string[],
): Promise<{ models: string[] } | { refusal: VerbResult }> {
  const known = await readModels(pool)
  const byName = byNameOf(known)
  const found = scope.map((name) => {
    if (!name.endsWith('*')) return byName.get(name)?.name
    return known.some((model) => model.name.startsWith(name.slice(0, -1))) ? name : undefined
  })
  const unknown = scope.filter((_, at) => found[at] === undefined)
  if (unknown.length)
    return { refusal: refused('no_such_model', `There is no model ${unknown.join(', ')}.`) }
  return { models: [...new Set(found.flatMap((name) => name ?? []))] }
}
