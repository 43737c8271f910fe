import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import type { Attempt, Candidates, Offered, Target, Wanted } from './candidates.ts'
import { RetryBudget } from './retries.ts'
import { createUpstream } from './upstream.ts'

/** Every upstream that calls can go to, as this process knows them. */
export type Upstreams = {
  /** The name of the environment's own. */
  environment: string
  has(name: string): boolean
  /** Members of a request that some upstream takes although nobody here knows what they cost. */
  allowedMembers: ReadonlySet<string>
  /** Where a call can go for one of these offers. */
  candidates<O extends Offered>(offers: readonly O[], wanted: Wanted): Candidates<O>
  retries: RetryBudget
  /** Takes in what has changed in the database. */
  refresh(): Promise<void>
  close(): Promise<void>
}

const nothing = () => undefined

export function createUpstreams(env: Env, callsUnderWay: () => number): Upstreams {
  const upstream = createUpstream({
    name: env.UPSTREAM_IS_DEMO ? 'demo' : 'openai',
    baseUrl: env.OPENAI_BASE_URL,
    apiKey: env.OPENAI_API_KEY,
    allowedMembers: env.OPENAI_ALLOW_MEMBERS,
    proxies: env.proxies,
  })
  const key = { id: null, name: 'environment' }
  const { name, allowedMembers } = upstream
  const has = (wanted: string) => wanted === name
  function candidates<O extends Offered>(offers: readonly O[]): Candidates<O> {
    const targets: Target<O>[] = offers
      .filter((offer) => has(offer.upstream))
      .map((offer) => ({ offer, upstream, key }))
    const left = [...targets]
    const begin = (target: Target<O>): Attempt<O> => ({
      target,
      send: (call) => target.upstream.send(call),
      succeeded: nothing,
      failed: nothing,
      neutral: nothing,
    })
    const next = () => {
      const target = left.shift()
      return target && begin(target)
    }
    return { targets, next }
  }
  return {
    environment: name,
    has,
    allowedMembers,
    candidates,
    retries: new RetryBudget(limits.retries, callsUnderWay),
    refresh: () => Promise.resolve(),
    close: () => upstream.close(),
  }
}
