import { hasCostList } from '../../catalog/catalog.server.ts'
import type { Pool } from '../../db/db.server.ts'
import { nearest } from '../../values/nearest.ts'
import { upstreamsIn } from '../upstreams/upstream.ts'

/** Upstreams that are said to charge by a list that is neither among these providers nor known. */
export async function unlisted(pool: Pool, providers: readonly string[]): Promise<string[]> {
  const { upstreams } = await upstreamsIn(pool)
  const lines: string[] = []
  for (const { name, definition } of upstreams) {
    const { prices } = definition
    if (prices === null || providers.includes(prices) || (await hasCostList(pool, prices))) continue
    const likely = nearest(providers, prices)
    const meant = likely ? `, but ${likely}` : ''
    lines.push(`${name} is said to charge by the list ${prices}, which it does not have${meant}`)
  }
  return lines
}
