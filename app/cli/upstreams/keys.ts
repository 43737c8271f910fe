import { addUpstreamKey, enableUpstreamKey, removeUpstreamKey } from '../../admin/admin.server.ts'
import { limits } from '../../config/limits.ts'
import type { Context } from '../context.ts'
import { done, refused, table, timeText, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { keySource, readKey } from './given-key.ts'
import { rotateVerb } from './rotate.ts'
import { documentOf } from './show.ts'
import {
  nameOf,
  noSuchKey,
  noSuchUpstream,
  upstreamNamed,
  whenUpstreamsAreKnown,
} from './upstream.ts'

const { keysMax } = limits.upstreams

const listVerb: Verb = {
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

async function add(
  context: Context,
  { name, from, keyName }: { name: string; from: string; keyName: string },
): Promise<VerbResult> {
  const { pool, actor } = context
  const found = await upstreamNamed(pool, name)
  if ('refusal' in found) return found.refusal
  if (found.upstream.definition.credential === null) {
    const setting = '\'credential={"header":"authorization","prefix":"Bearer "}\''
    const words = `${name} takes calls without a key; \`upstream set ${name} --set ${setting}\` first.`
    return refused('takes_no_key', words)
  }
  const read = await readKey(context, { from, name: keyName })
  if ('refusal' in read) return read.refusal
  const answer = await addUpstreamKey(pool, { upstream: name, key: read.key, actor })
  if (answer === 'no_such_upstream') return noSuchUpstream(name)
  if (answer === 'key_exists') {
    const words = `${name} has a key ${keyName} already; give another one by --key-name, then remove it.`
    return refused('upstream_key_exists', words)
  }
  if (answer === 'too_many')
    return refused('too_many_keys', `${name} has ${keysMax} keys, the most it may have.`)
  const { announced, words } = await whenUpstreamsAreKnown(context)
  return done({ upstream: name, key: keyName, announced }, `${name} has a key ${keyName}. ${words}`)
}

const addVerb: Verb = {
  usage: 'upstream key add <name> --key-from SOURCE [--key-name NAME]',
  does: 'Give an upstream a key, read from the variable SOURCE, or from standard input where that is -',
  prepare(args) {
    const name = nameOf(args, 'name', '')
    const from = keySource(args) ?? ''
    const keyName = nameOf(args, 'key-name', 'main')
    return (context) => add(context, { name, from, keyName })
  },
}

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
  addVerb,
  listVerb,
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
