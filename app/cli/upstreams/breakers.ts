import { logAdmin } from '../../admin/admin.server.ts'
import { listRelays } from '../../ledger/ledger.server.ts'
import type { Pool } from '../../db/db.server.ts'
import { environmentNames, type BreakerReport } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { done, refused } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { nameOf, upstreamsIn } from './upstream.ts'

type RelayStates = { relay: string; states: BreakerReport[] | undefined }[]

/** What each relay that lives has said of its breakers; undefined when Redis was not reached. */
export async function statesOfRelays(context: Context): Promise<RelayStates | undefined> {
  const relays = await listRelays(context.pool)
  const said = await context.upstreamStates(relays.map(({ id }) => id.toString('hex')))
  return said?.map(({ states }, at) => {
    // They are in the order in which they were asked for.
    const { host, pid } = relays[at]!
    return { relay: `${host} ${pid}`, states }
  })
}

const words = { open: 'open', trying: 'being tried', limited: 'limited', held: 'open by hand' }

const reportText = ({ key, model, state, forMs }: BreakerReport) => {
  const of = [key && `key ${key}`, model && `model ${model}`].filter(Boolean).join(' ')
  const until = forMs === null ? '' : ` for ${Math.ceil(forMs / 1_000)} s`
  return `${of || 'all'}: ${words[state]}${until}`
}

/** What is not closed of an upstream, on which relay. */
export function breakersText(name: string, relays: RelayStates | undefined): string {
  if (!relays) return '?'
  const lines = relays.flatMap(({ relay, states }) =>
    (states ?? [])
      .filter(({ upstream }) => upstream === name)
      .map((report) => `${reportText(report)}${report.state === 'held' ? '' : ` (${relay})`}`),
  )
  return [...new Set(lines)].join(', ') || 'closed'
}

type Named = { upstream: string; key: string | null; model: string | null }

/** Which of the names nobody here knows; empty where all are known. */
async function unknownOf(pool: Pool, { upstream, key, model }: Named): Promise<string> {
  const { upstreams, unreadable } = await upstreamsIn(pool)
  const found = upstreams.find(({ name }) => name === upstream)
  if (!found) {
    const isKnown = environmentNames.includes(upstream) || unreadable.includes(upstream)
    return isKnown ? '' : `there is no upstream ${upstream}`
  }
  if (key !== null && !found.keys.some(({ name }) => name === key)) return `it has no key ${key}`
  const isServed = model === null || found.models.some((it) => it.model === model)
  return isServed ? '' : `it does not serve ${model}`
}

const told = {
  open: 'takes no calls until `upstream close`',
  close: 'takes calls again',
}

function handVerb(what: 'open' | 'close', does: string): Verb {
  return {
    usage: `upstream ${what} <name> [--key KEY] [--model MODEL]`,
    does,
    prepare(args) {
      const upstream = nameOf(args, 'name', '')
      const key = nameOf(args, 'key', null)
      const model = args.text('model', null)
      return async (context) => {
        // Done at once, and looked up afterwards: whoever is in a hurry is told of a slip, and not kept.
        if (!(await context.holdUpstream({ upstream, key, model }, what))) {
          const state = '`upstream set NAME --state off` works without it'
          return refused('no_redis', `Redis was not reached, and nothing was changed; ${state}.`)
        }
        const { pool, actor } = context
        const act = { actor, action: `upstream ${what}`, subject: `upstream ${upstream}` } as const
        await logAdmin(pool, { ...act, detail: { key, model } })
        const of = [upstream, key && `key ${key}`, model && `model ${model}`].filter(Boolean)
        const unknown = await unknownOf(pool, { upstream, key, model })
        const doubt = unknown && ` But ${unknown}.`
        return done({ upstream, key, model, what }, `${of.join(', ')} ${told[what]}.${doubt}`)
      }
    },
  }
}

export const handVerbs = [
  handVerb('open', 'Send no more calls to an upstream, one of its keys or models, until `close`'),
  handVerb('close', 'Let calls through again, whatever has come of the last ones'),
]
