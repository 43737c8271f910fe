import { ownCostModels } from '../../catalog/catalog.server.ts'
import type { Pool } from '../../db/db.server.ts'

const namedMost = 5

/** What an upstream of this name is charged by, before its list: in words, and nothing where there is none. */
export async function ownPricesWords(pool: Pool, upstream: string, now: Date): Promise<string> {
  const models = await ownCostModels(pool, upstream, now)
  if (models.length === 0) return ''
  const more = models.length > namedMost ? ` and ${models.length - namedMost} more` : ''
  const names = `${models.slice(0, namedMost).join(', ')}${more}`
  return (
    ` What ${upstream} charges by prices of its own stands: for ${names}; ` +
    `\`price end MODEL --upstream ${upstream}\` ends it.`
  )
}
