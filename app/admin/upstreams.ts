import { isDeepStrictEqual } from 'node:util'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool, type Row } from '../db/db.server.ts'
import {
  changeUpstream,
  countParts,
  deleteKey,
  deleteModel,
  deleteUpstream,
  enableKey,
  insertKey,
  insertUpstream,
  putModel,
  resealKeys,
  touchServing,
  touchUpstream,
  type Rotation,
  type Sealer,
  type StoredUpstream,
  type UpstreamRow,
} from '../upstreams/upstreams.server.ts'
import type { AdminAction } from '../values/admin-actions.ts'
import { logAdmin } from './log.ts'

const { most, keysMax, modelsMax } = limits.upstreams

type UpstreamRefusal = 'no_such_upstream' | 'upstream_exists' | 'no_such_key' | 'key_exists'
type Refusal = UpstreamRefusal | 'too_many' | 'not_served'
type Answer<R extends Refusal = Refusal> = 'done' | R

/** A key as it was given: it goes no further than through the sealer. */
export type GivenKey = { name: string; secret: string; sealer: Sealer }

const subjectOf = (upstream: string) => `upstream ${upstream}`

/** Runs one change, whose work answers why it cannot be, or nothing where it is done. */
async function change<R extends Refusal>(
  pool: Pool,
  work: (db: Db) => Promise<R | undefined>,
): Promise<Answer<R>> {
  const result = await pool.transact(async (db) => {
    const refusal = await work(db)
    return refusal === undefined ? ('done' as const) : rollBack(refusal)
  })
  // What it was rolled back for is what the work has answered.
  return isRolledBack(result) ? (result.rolledBack as R) : result
}

/** A short key would be told by its end. */
const lastFourOf = (secret: string) => (secret.length < 16 ? '' : secret.slice(-4))

const keyRow = (upstream: string, { name, secret, sealer }: GivenKey) => ({
  upstream,
  name,
  lastFour: lastFourOf(secret),
  ...sealer.seal({ upstream, name }, secret),
})

/** Adds an upstream, with its first key where it has one. */
export const addUpstream = (
  pool: Pool,
  { upstream, key, actor }: { upstream: UpstreamRow; key: GivenKey | undefined; actor: string },
): Promise<Answer<'upstream_exists' | 'too_many'>> =>
  change(pool, async (db) => {
    const { name } = upstream
    if (!(await insertUpstream(db, upstream))) return 'upstream_exists'
    if ((await countParts(db, name)).upstreams > most) return 'too_many'
    if (key) await insertKey(db, keyRow(name, key))
    const detail = { ...upstream, key: key?.name ?? null }
    await logAdmin(db, { actor, action: 'upstream add', subject: subjectOf(name), detail })
    return undefined
  })

/** What is another than before, by the names of the definition's members. */
function changesBetween(before: StoredUpstream, after: UpstreamRow) {
  const flat = ({ definition, state, priority, weight }: UpstreamRow): Record<string, unknown> => ({
    ...definition,
    state,
    priority,
    weight,
  })
  const [old, now] = [flat(before), flat(after)]
  const names = Object.keys({ ...old, ...now }).filter(
    (name) => !isDeepStrictEqual(old[name], now[name]),
  )
  return Object.fromEntries(
    names.map((name) => [name, { from: old[name] ?? null, to: now[name] ?? null }]),
  )
}

/** Who changed it since it was read; what they did is undefined where the log has no row of it. */
type Overtaken = { overtaken: Row<'admin/find-last-of'> | undefined }

/**
 * Changes an upstream as it was read. Where somebody else has changed it since, nothing happens,
 * and it is told who, when, and by which command.
 */
export async function setUpstream(
  pool: Pool,
  { before, after, actor }: { before: StoredUpstream; after: UpstreamRow; actor: string },
): Promise<'done' | Overtaken> {
  const subject = subjectOf(before.name)
  const answer = await change(pool, async (db) => {
    if (!(await changeUpstream(db, { ...after, version: before.version })))
      return 'no_such_upstream'
    const detail = changesBetween(before, after)
    await logAdmin(db, { actor, action: 'upstream set', subject, detail })
    return undefined
  })
  if (answer === 'done') return answer
  return { overtaken: await run(pool, 'admin/find-last-of', { subject }) }
}

/** Removes an upstream with all that is its own; calls under way there end undisturbed. */
export const removeUpstream = (
  pool: Pool,
  { name, actor }: { name: string; actor: string },
): Promise<Answer<'no_such_upstream'>> =>
  change(pool, async (db) => {
    if (!(await deleteUpstream(db, name))) return 'no_such_upstream'
    await logAdmin(db, { actor, action: 'upstream remove', subject: subjectOf(name) })
    return undefined
  })

type Part = { upstream: string; actor: string }

/** Changes a key or a model of an upstream, whose row is locked for as long. */
const changePart = <R extends Refusal>(
  pool: Pool,
  { upstream, actor }: Part,
  { action, detail }: { action: AdminAction; detail: Record<string, unknown> },
  work: (db: Db) => Promise<R | undefined>,
  touch = touchUpstream,
): Promise<Answer<R | 'no_such_upstream'>> =>
  change<R | 'no_such_upstream'>(pool, async (db) => {
    if (!(await touch(db, upstream))) return 'no_such_upstream'
    const refusal = await work(db)
    if (refusal !== undefined) return refusal
    await logAdmin(db, { actor, action, subject: subjectOf(upstream), detail })
    return undefined
  })

export const addUpstreamKey = (pool: Pool, { key, ...part }: Part & { key: GivenKey }) =>
  changePart(
    pool,
    part,
    { action: 'upstream key add', detail: { key: key.name } },
    async (db): Promise<'key_exists' | 'too_many' | undefined> => {
      if (!(await insertKey(db, keyRow(part.upstream, key)))) return 'key_exists'
      return (await countParts(db, part.upstream)).keys > keysMax ? 'too_many' : undefined
    },
  )

export function enableUpstreamKey(
  pool: Pool,
  { key, enabled, ...part }: Part & { key: string; enabled: boolean },
) {
  const action = enabled ? 'upstream key enable' : 'upstream key disable'
  const row = { upstream: part.upstream, name: key, enabled }
  return changePart(pool, part, { action, detail: { key } }, async (db) =>
    (await enableKey(db, row)) ? undefined : ('no_such_key' as const),
  )
}

export const removeUpstreamKey = (pool: Pool, { key, ...part }: Part & { key: string }) =>
  changePart(pool, part, { action: 'upstream key remove', detail: { key } }, async (db) =>
    (await deleteKey(db, { upstream: part.upstream, name: key }))
      ? undefined
      : ('no_such_key' as const),
  )

/** Has an upstream serve a model, by the name that it has there. */
export const serveModel = (
  pool: Pool,
  { model, theirName, ...part }: Part & { model: string; theirName: string },
) =>
  changePart(
    pool,
    part,
    { action: 'upstream serve', detail: { model, their_name: theirName } },
    async (db): Promise<'too_many' | undefined> => {
      await putModel(db, { upstream: part.upstream, model, theirName })
      return (await countParts(db, part.upstream)).models > modelsMax ? 'too_many' : undefined
    },
    touchServing,
  )

export const unserveModel = (pool: Pool, { model, ...part }: Part & { model: string }) =>
  changePart(
    pool,
    part,
    { action: 'upstream unserve', detail: { model } },
    async (db) =>
      (await deleteModel(db, { upstream: part.upstream, model }))
        ? undefined
        : ('not_served' as const),
    touchServing,
  )

/** Seals every key under the secret that seals now. */
export async function rotateKeys(
  pool: Pool,
  { sealer, actor }: { sealer: Sealer; actor: string },
): Promise<Rotation> {
  return pool.transact(async (db) => {
    const rotation = await resealKeys(db, sealer)
    const detail = { ...rotation }
    await logAdmin(db, { actor, action: 'upstream rotate', subject: 'upstreams', detail })
    return rotation
  })
}
