import { enableUpstreamKey, removeUpstreamKey } from '../../admin/admin.server.ts'
import { done } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { keyAddVerb } from './key-add.ts'
import { keyListVerb } from './key-list.ts'
import { rotateVerb } from './rotate.ts'
import { nameOf, noSuchKey, noSuchUpstream } from './upstream.ts'
import { whenUpstreamsAreKnown } from './when-known.ts'

/** A verb that says of one key what becomes of it. */
function keyVerb(word: string, does: string, act: typeof removeUpstreamKey, told: string): Verb {
  return {
    usage: `upstream key ${word} <name> <key>`,
    does,
    prepare(args) {
      const upstream = nameOf(args, 'name', '')
      const key = nameOf(args, 'key', '')
      return async (context) => {
        const { pool, actor } = context
        const answer = await act(pool, { upstream, key, actor })
        if (answer === 'no_such_upstream') return noSuchUpstream(upstream)
        if (answer === 'no_such_key') return noSuchKey(upstream, key)
        const { announced, words } = await whenUpstreamsAreKnown(context)
        return done({ upstream, key, announced }, `The key ${key} of ${upstream} ${told}. ${words}`)
      }
    },
  }
}

export const upstreamKeyVerbs = [
  keyAddVerb,
  keyListVerb,
  keyVerb(
    'disable',
    'Take a key out of use; calls under way go on',
    (pool, it) => enableUpstreamKey(pool, { ...it, enabled: false }),
    'is out of use',
  ),
  keyVerb(
    'enable',
    'Take a key into use again',
    (pool, it) => enableUpstreamKey(pool, { ...it, enabled: true }),
    'is in use',
  ),
  keyVerb('remove', 'Forget a key; calls under way go on', removeUpstreamKey, 'is forgotten'),
  rotateVerb,
]
