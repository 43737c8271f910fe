import { addUpstream, removeUpstream, serveModel } from '../../app/admin/admin.server.ts'
import type { Pool } from '../../app/db/db.server.ts'
import {
  checkDefinition,
  readUpstreams,
  type Sealer,
  type StoredUpstream,
} from '../../app/upstreams/upstreams.server.ts'
import { tempers, type Temper } from '../fakes/tempers.ts'
import { demoModels, demoName } from './demo-names.ts'
import type { RunningDemo } from './demo-upstreams.ts'

const actor = 'npm start'
const names = new Set((Object.keys(tempers) as Temper[]).map(demoName))

/** An operator may call one of theirs the same, elsewhere. */
const isDemo = ({ name, definition }: StoredUpstream) =>
  names.has(name) && definition.baseUrl.startsWith('http://127.0.0.1:')

/** Silence of the moody one is to be over while somebody watches. */
const timeouts = {
  connectMs: 1_000,
  firstEventMs: 3_000,
  plainMs: 4_000,
  idleMs: 10_000,
  totalMs: 120_000,
}

/**
 * Has the demo upstreams that run, and no others, in the database; true where that has changed it.
 * Each start has new addresses and keys, so those of an earlier one go first.
 */
export async function putDemoUpstreams(
  pool: Pool,
  demos: readonly RunningDemo[],
  sealer: Sealer | undefined,
): Promise<boolean> {
  const had = (await readUpstreams(pool, () => undefined)).filter(isDemo)
  for (const { name } of had) await removeUpstream(pool, { name, actor })
  for (const demo of demos) await put(pool, demo, sealer)
  return had.length + demos.length > 0
}

async function put(
  pool: Pool,
  { name, url, apiKey }: RunningDemo,
  sealer: Sealer | undefined,
): Promise<void> {
  const checked = checkDefinition({
    kind: 'openai',
    baseUrl: url,
    private: true,
    paths: { 'chat/completions': '/chat/completions' },
    credential: { header: 'authorization', prefix: 'Bearer ' },
    timeouts,
  })
  if ('problems' in checked) throw new Error(checked.problems.join('; '))
  if (!sealer) throw new Error('Nothing seals the keys of demo upstreams')
  const { definition } = checked
  const answer = await addUpstream(pool, {
    upstream: { name, definition, state: 'on', priority: 0, weight: 100 },
    key: { name: 'main', secret: apiKey, sealer },
    actor,
  })
  if (answer !== 'done') throw new Error(`The upstream ${name} could not be added: ${answer}`)
  for (const model of demoModels)
    await serveModel(pool, { upstream: name, model, theirName: model, actor })
}
