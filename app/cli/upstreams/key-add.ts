import { addUpstreamKey } from '../../admin/admin.server.ts'
import { limits } from '../../config/limits.ts'
import type { Context } from '../context.ts'
import { done, refused, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { keySource, readKey } from './given-key.ts'
import { nameOf, noSuchUpstream, upstreamNamed } from './upstream.ts'
import { whenUpstreamsAreKnown } from './when-known.ts'

const { keysMax } = limits.upstreams

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

export const keyAddVerb: Verb = {
  usage: 'upstream key add <name> --key-from SOURCE [--key-name NAME]',
  does: 'Give an upstream a key, read from the variable SOURCE, or from standard input where that is -',
  prepare(args) {
    const name = nameOf(args, 'name', '')
    const from = keySource(args) ?? ''
    const keyName = nameOf(args, 'key-name', 'main')
    return (context) => add(context, { name, from, keyName })
  },
}
