import { pseudonymised, type Pseudonyms, type Target } from '../../upstreams/upstreams.server.ts'
import type { Call, Endpoint, Way } from '../endpoint.ts'

type Named = { accountId: number; call: Call; pseudonyms: Pseudonyms }

const nothing: Record<string, unknown> = {}

/** How the upstream of this target wants a call of this account, and says what it has used. */
export function wayOf({ offer, upstream }: Target, endpoint: Endpoint, named: Named): Way {
  const { members, limitMember, usage, reasoning } = upstream.definition
  const { drop, rename, allow } = members
  let set = nothing
  for (const name in members.set) {
    // What is set for one endpoint may be unknown to another.
    if (!endpoint.hasMember(name) && !allow.includes(name)) continue
    if (set === nothing) set = Object.create(null) as Record<string, unknown>
    set[name] = filled(members.set[name], named)
  }
  const theirName = offer.theirName === named.call.model.name ? null : offer.theirName
  const { accountId } = named
  const pseudonyms = {
    names: pseudonymised(upstream.definition),
    of: (name: string, given: string) => named.pseudonyms.ofSaid(accountId, name, given),
  }
  return { theirName, set, drop, pseudonyms, rename, limitMember, usage, reasoning }
}

/**
 * A value that a definition sets, with what it is to say of the account. Who names no cache has one
 * all the same, which is the account's own: nobody learns from the time that an answer takes, or from
 * what it says was cached, what another account has asked.
 */
function filled(value: unknown, named: Named): unknown {
  if (Array.isArray(value)) return value.map((it) => filled(it, named))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, filled(it, named)]))
  if (typeof value !== 'string') return value
  const { accountId, call, pseudonyms } = named
  return value
    .replaceAll('{account}', () => pseudonyms.ofAccount(accountId))
    .replaceAll('{cache}', () => pseudonyms.ofCache(accountId, call.cacheKey ?? ''))
}

/** Whether no limit of ours bounds what an upstream may charge as output. */
export const isUnlimited = ({ upstream: { definition } }: Target): boolean =>
  definition.limitMember === 'none' || definition.reasoning === 'beside'
