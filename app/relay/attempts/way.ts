import type { Pseudonyms, Target } from '../../upstreams/upstreams.server.ts'
import type { Call, Endpoint, Way } from '../endpoint.ts'

type Named = { accountId: number; call: Call; pseudonyms: Pseudonyms }

const nothing: Record<string, unknown> = {}

/** How the upstream of this target wants a call of this account, and says what it has used. */
export function wayOf({ offer, upstream }: Target, endpoint: Endpoint, named: Named): Way {
  const { members, limitMember, usage, reasoning } = upstream.definition
  const { drop, rename, allow } = members
  const entries = Object.entries(members.set)
  const set = entries.length === 0 ? nothing : (Object.create(null) as Record<string, unknown>)
  for (const [name, value] of entries) {
    // What is set for one endpoint may be unknown to another.
    if (endpoint.hasMember(name) || allow.includes(name)) set[name] = filled(value, named)
  }
  const theirName = offer.theirName === named.call.model.name ? null : offer.theirName
  return { theirName, set, drop, rename, limitMember, usage, reasoning }
}

/**
 * A value that a definition sets, with what it is to say of the account; undefined where it is to
 * name the client's own cache, and the client names none.
 */
function filled(value: unknown, { accountId, call, pseudonyms }: Named): unknown {
  if (typeof value !== 'string') return value
  const named = value.replaceAll('{account}', () => pseudonyms.ofAccount(accountId))
  if (!named.includes('{cache}')) return named
  const { cacheKey } = call
  if (cacheKey === null) return undefined
  return named.replaceAll('{cache}', () => pseudonyms.ofCache(accountId, cacheKey))
}

/** Whether no limit of ours bounds what an upstream may charge as output. */
export const isUnlimited = ({ upstream: { definition } }: Target): boolean =>
  definition.limitMember === 'none' || definition.reasoning === 'beside'
