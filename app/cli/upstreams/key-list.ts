import { done, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { documentOf } from './show.ts'
import { nameOf, upstreamNamed } from './upstream.ts'

export const keyListVerb: Verb = {
  usage: 'upstream key list <name>',
  does: 'The keys of an upstream: names, the last four and since when, never more',
  isReading: true,
  prepare(args) {
    const name = nameOf(args, 'name', '')
    return async ({ pool }) => {
      const found = await upstreamNamed(pool, name)
      if ('refusal' in found) return found.refusal
      const { upstream } = found
      const rows = upstream.keys.map((key) => [
        key.name,
        key.lastFour && `…${key.lastFour}`,
        key.enabled ? 'on' : 'off',
        timeText(key.createdAt),
      ])
      const { keys } = documentOf(upstream)
      return done({ upstream: name, keys }, table(['key', 'ends', 'use', 'since'], rows))
    }
  },
}
