import { run, type Db } from '../db/db.server.ts'
import anthropic from './anthropic-aliases.json' with { type: 'json' }
import openai from './openai-aliases.json' with { type: 'json' }

/** The other names of each model, by the model's own. */
export async function readAliases(db: Db): Promise<Map<string, string[]>> {
  const aliases = new Map<string, string[]>()
  for (const { alias, model } of await run(db, 'catalog/list-aliases', {}))
    aliases.set(model, [...(aliases.get(model) ?? []), alias])
  return aliases
}

/** Gives a model another name; false where that name has a model already, which keeps it. */
export async function insertAlias(db: Db, row: { alias: string; model: string }): Promise<boolean> {
  if ((await run(db, 'catalog/insert-alias', row)) === 1) return true
  return (await run(db, 'catalog/revive-alias', row)) === 1
}

/** Takes a name back; false where no model has it. */
export const disableAlias = async (db: Db, alias: string): Promise<boolean> =>
  (await run(db, 'catalog/disable-alias', { alias })) === 1

/**
 * The snapshots that providers sell at their model's own price, one by one: a date behind a known
 * name says nothing of the price (gpt-4o-2024-05-13 costs twice what gpt-4o does, and is a model of
 * its own here). Those that were taken back stay so, and a model that was not seeded has none.
 */
export async function seedAliases(db: Db, seeded: ReadonlySet<string>): Promise<void> {
  const published: Record<string, Record<string, string[]>>[] = [openai, anthropic]
  for (const kinds of published)
    for (const models of Object.values(kinds))
      for (const [model, aliases] of Object.entries(models))
        for (const alias of seeded.has(model) ? aliases : [])
          await run(db, 'catalog/insert-alias', { alias, model })
}
