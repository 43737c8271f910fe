import type { CacheWrites } from '../../catalog/catalog.server.ts'
import { fold } from '../openai/members.ts'

const ranks: readonly CacheWrites[] = ['never', 'briefly', 'hourly']

/**
 * For how long a body may have something kept in a cache, by all that it says anywhere: who writes
 * to it pays for that, and more for an hour.
 */
export function cacheWritesIn(body: unknown): CacheWrites {
  return ranks[rankOf(body)] ?? 'hourly'
}

function rankOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let most = 0
  if (Array.isArray(value)) {
    for (const item of value) if (most < 2) most = Math.max(most, rankOf(item))
    return most
  }
  const members = value as Record<string, unknown>
  for (const name in members) {
    // A name that can be read in two ways may be this one.
    if (name.includes('\\')) return 2
    const member = members[name]
    most = Math.max(most, fold(name) === 'cache_control' ? ofControl(member) : rankOf(member))
    if (most === 2) return most
  }
  return most
}

/** Five minutes unless it says otherwise; whatever else it says may be an hour. */
function ofControl(control: unknown): number {
  if (control === null || control === undefined) return 0
  if (typeof control !== 'object') return 2
  for (const [name, value] of Object.entries(control)) {
    const isTtl = fold(name) === 'ttl' || typeof value === 'object'
    const isBrief = !isTtl || value === '5m' || value === null
    if (!isBrief || name.includes('\\')) return 2
  }
  return 1
}
