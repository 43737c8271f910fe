import { run, type Db, type Params, type Row } from '../db/db.server.ts'
import { addTo } from '../values/groups.ts'
import { environmentNames } from './environment.ts'
import { Definition } from './definition.ts'
import type { Sealer, SealedKey } from './seal.ts'

/** A key as the database has it: sealed. */
export type StoredKey = Omit<Row<'upstreams/list-keys'>, 'enabled'> & { enabled: boolean }
/** A model by our name, and what it is called there. */
type ServedModel = Omit<Row<'upstreams/list-models'>, 'upstream'>
export type StoredUpstream = Omit<Row<'upstreams/list'>, 'definition'> & {
  definition: Definition
  keys: StoredKey[]
  models: ServedModel[]
}

const groupBy = <T extends { upstream: string }>(rows: readonly T[]) => {
  const groups = new Map<string, T[]>()
  for (const row of rows) addTo(groups, row.upstream, row)
  return (name: string) => groups.get(name) ?? []
}

/** Undefined where it is no definition, of which `onUnreadable` is told. */
function definitionOf(
  { name, definition }: Row<'upstreams/list'>,
  onUnreadable: (upstream: string, error: unknown) => void,
): Definition | undefined {
  try {
    return Definition.parse(JSON.parse(definition))
  } catch (error) {
    onUnreadable(name, error)
    return undefined
  }
}

/** All upstreams, by name. One whose definition cannot be read is left out, and named. */
export async function readUpstreams(
  db: Db,
  onUnreadable: (upstream: string, error: unknown) => void,
): Promise<StoredUpstream[]> {
  const keysOf = groupBy(await run(db, 'upstreams/list-keys', {}))
  const modelsOf = groupBy(await run(db, 'upstreams/list-models', {}))
  const rows = await run(db, 'upstreams/list', {})
  return rows.flatMap((row) => {
    const definition = definitionOf(row, onUnreadable)
    if (!definition) return []
    const keys = keysOf(row.name).map((key) => ({ ...key, enabled: key.enabled === 1 }))
    const models = modelsOf(row.name).map(({ model, theirName }) => ({ model, theirName }))
    return [{ ...row, definition, keys, models }]
  })
}

/** What is another after every change of an upstream, its keys or its models. */
export const readMark = async (db: Db): Promise<string> =>
  (await run(db, 'upstreams/read-mark', {})).mark ?? ''

export type UpstreamRow = Omit<Params<'upstreams/insert'>, 'definition'> & {
  definition: Definition
}

const rowOf = ({ definition, ...row }: UpstreamRow) => ({
  ...row,
  definition: JSON.stringify(definition),
})

/** Adds an upstream; false where there is one of that name, which stands. */
export const insertUpstream = async (db: Db, upstream: UpstreamRow): Promise<boolean> =>
  (await run(db, 'upstreams/insert', rowOf(upstream))) === 1

/** Changes an upstream as it was read; false where it has changed since, or is gone. */
export async function changeUpstream(
  db: Db,
  { version, ...upstream }: UpstreamRow & { version: number },
): Promise<boolean> {
  return (await run(db, 'upstreams/change', { ...rowOf(upstream), version })) === 1
}

/** Removes an upstream with its keys and models; false where there is none of that name. */
export async function deleteUpstream(db: Db, name: string): Promise<boolean> {
  if ((await run(db, 'upstreams/delete', { name })) === 0) return false
  await run(db, 'upstreams/delete-keys', { name })
  await run(db, 'upstreams/delete-models', { name })
  return true
}

/** Takes the lock of an upstream's keys and models, which change; false where there is none. */
export const touchUpstream = async (db: Db, name: string): Promise<boolean> =>
  (await run(db, 'upstreams/touch', { name })) === 1

/**
 * The same of its models alone. The environment's upstream has no row of its own: the others' say
 * that something changes.
 */
export async function touchServing(db: Db, name: string): Promise<boolean> {
  if (await touchUpstream(db, name)) return true
  if (!environmentNames.includes(name)) return false
  await run(db, 'upstreams/touch-all', {})
  return true
}

/** How many upstreams there are, and keys and models of one. */
export async function countParts(db: Db, name: string) {
  const counts = await run(db, 'upstreams/count-parts', { name })
  return {
    upstreams: counts.upstreams ?? 0,
    keys: counts.apiKeys ?? 0,
    models: counts.models ?? 0,
  }
}

/** Adds a key; false where the upstream has one of that name, which stands. */
export const insertKey = async (db: Db, key: Params<'upstreams/insert-key'>): Promise<boolean> =>
  (await run(db, 'upstreams/insert-key', key)) === 1

/** Takes a key into use or out of it; false where there is none of that name. */
export const enableKey = async (
  db: Db,
  { enabled, ...key }: { upstream: string; name: string; enabled: boolean },
): Promise<boolean> =>
  (await run(db, 'upstreams/set-key-enabled', { ...key, enabled: Number(enabled) })) > 0

export const deleteKey = async (db: Db, key: Params<'upstreams/delete-key'>): Promise<boolean> =>
  (await run(db, 'upstreams/delete-key', key)) === 1

/** Says that an upstream serves a model, and by which name; what it was called before is forgotten. */
export const putModel = async (db: Db, model: Params<'upstreams/put-model'>): Promise<void> =>
  void (await run(db, 'upstreams/put-model', model))

export const deleteModel = async (
  db: Db,
  model: Params<'upstreams/delete-model'>,
): Promise<boolean> => (await run(db, 'upstreams/delete-model', model)) === 1

export type Rotation = {
  resealed: number
  alreadyCurrent: number
  /** Sealed by a secret that nobody gave, or damaged: these are as they were. */
  unopened: { upstream: string; name: string }[]
}

/**
 * Seals every key anew that the current secret has not sealed. In one transaction: where it breaks
 * off nothing has changed, and doing it again changes nothing.
 */
export async function resealKeys(db: Db, sealer: Sealer): Promise<Rotation> {
  const rotation: Rotation = { resealed: 0, alreadyCurrent: 0, unopened: [] }
  // The upstreams before their keys, as every change of a key takes them.
  await run(db, 'upstreams/touch-all', {})
  for (const { id, upstream, name, ...sealed } of await run(db, 'upstreams/lock-keys', {})) {
    const key = sealer.open({ upstream, name }, sealed satisfies SealedKey)
    if (key === undefined) rotation.unopened.push({ upstream, name })
    else if (sealer.isCurrent(sealed)) rotation.alreadyCurrent++
    else {
      await run(db, 'upstreams/reseal-key', { id, ...sealer.seal({ upstream, name }, key) })
      rotation.resealed++
    }
  }
  return rotation
}
