import { hasCostList } from '../../catalog/catalog.server.ts'
import type { Pool } from '../../db/db.server.ts'
import { readPresets } from '../../upstreams/upstreams.server.ts'
import { nearest } from '../../values/nearest.ts'

/**
 * A doubt about the published list that an upstream is said to charge by: nothing of that name has
 * been taken in, and no preset names it. It may come yet, so that this refuses nothing.
 */
export async function priceListWords(pool: Pool, list: string | null): Promise<string> {
  if (list === null) return ''
  const known = [...new Set(readPresets().flatMap(({ definition: { prices } }) => prices ?? []))]
  if (known.includes(list) || (await hasCostList(pool, list))) return ''
  const likely = nearest(known, list)
  const meant = likely ? `did you mean ${likely}?` : `presets name ${known.join(', ')}.`
  return ` Nothing here knows a list of prices called ${list}: ${meant}`
}
