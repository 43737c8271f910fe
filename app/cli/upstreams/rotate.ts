import { rotateKeys } from '../../admin/admin.server.ts'
import type { Pool } from '../../db/db.server.ts'
import type { Sealer } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { done, refused, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { upstreamsIn } from './upstream.ts'
import { whenUpstreamsAreKnown } from './when-known.ts'

const everyRelay =
  'A relay that does not run with this UPSTREAM_KEYS_SECRET opens none of them: start it again with it.'

/** Those among keys that were left which the machine's own secret opens. */
async function openedByOwn(
  pool: Pool,
  unopened: readonly { upstream: string; name: string }[],
  sealer: Sealer | undefined,
): Promise<string[]> {
  const { upstreams } = await upstreamsIn(pool)
  return upstreams
    .flatMap(({ keys }) => keys)
    .filter(
      (key) =>
        unopened.some((it) => it.upstream === key.upstream && it.name === key.name) &&
        sealer?.open(key, key) !== undefined,
    )
    .map(({ upstream, name }) => `${upstream} ${name}`)
}

async function rotate(context: Context, withOwn: boolean): Promise<VerbResult> {
  const { pool, actor } = context
  const sealer = withOwn ? context.sealer : context.rotatingSealer
  if (!sealer) return refused('no_secret', 'UPSTREAM_KEYS_SECRET is missing.')
  const { resealed, alreadyCurrent, unopened } = await rotateKeys(pool, { sealer, actor })
  const { announced } = await whenUpstreamsAreKnown(context)
  const document = { resealed, already_current: alreadyCurrent, unopened, announced }
  const counts = `${resealed} keys are sealed anew, ${alreadyCurrent} were so before.`
  const lines = resealed > 0 ? [`${counts} ${everyRelay}`] : [counts]
  if (unopened.length === 0) {
    lines.push('UPSTREAM_KEYS_SECRET_OLD is not needed any more.')
    return done(document, lines.join('\n'))
  }
  const own = await openedByOwn(pool, unopened, context.sealer)
  const others = unopened
    .map(({ upstream, name }) => `${upstream} ${name}`)
    .filter((it) => !own.includes(it))
  if (own.length > 0)
    lines.push(
      `Left as they are, by the own secret of this machine: ${own.join(', ')}. First set ` +
        'UPSTREAM_KEYS_SECRET for every relay and start each again; they then open both. After ' +
        'that, `upstream rotate --from-own`.',
    )
  if (others.length > 0)
    lines.push(
      `No secret that is set opens these: ${others.join(', ')}. Remove and add them, ` +
        'or set the secret that sealed them as UPSTREAM_KEYS_SECRET_OLD and do this again.',
    )
  return { exitCode: 1, document, text: lines.join('\n') }
}

export const rotateVerb: Verb = {
  usage: 'upstream rotate [--from-own]',
  does:
    'Seal the keys of all upstreams by UPSTREAM_KEYS_SECRET, which UPSTREAM_KEYS_SECRET_OLD has ' +
    'sealed so far, or with --from-own the own secret of this machine; every relay must run with ' +
    'the new one before; done again it changes nothing',
  prepare(args) {
    const withOwn = args.has('from-own')
    return (context) => rotate(context, withOwn)
  },
}
