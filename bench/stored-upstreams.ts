import { randomBytes } from 'node:crypto'
import assert from 'node:assert/strict'
import { addUpstream, serveModel } from '../app/admin/admin.server.ts'
import { installationName, type Pool } from '../app/db/db.server.ts'
import { createRedis, keyspace } from '../app/redis/redis.server.ts'
import { createLog } from '../app/telemetry/log.ts'
import { checkDefinition, sealerOf } from '../app/upstreams/upstreams.server.ts'
import { runSql } from '../test/sql.ts'

const secret = randomBytes(32)
const sealer = sealerOf({ upstreamSecrets: [secret] })
const actor = 'bench'
export const model = 'gpt-4o-mini'

/** What a relay needs to open the keys of these upstreams. */
export const secretEnv = { UPSTREAM_KEYS_SECRET: secret.toString('base64') }

type Wanted = { name: string; url: string; priority?: number; firstEventMs?: number }

/** Adds an upstream of one's own machines, with a key, that serves the model of all calls. */
export async function storeUpstream(
  pool: Pool,
  { name, url, priority = 0, firstEventMs = 10_000 }: Wanted,
): Promise<void> {
  const checked = checkDefinition({
    kind: 'openai',
    baseUrl: `${url}/v1`,
    private: true,
    paths: { 'chat/completions': '/chat/completions' },
    credential: { header: 'authorization', prefix: 'Bearer ' },
    timeouts: { connectMs: 2_000, firstEventMs, idleMs: 10_000, totalMs: 60_000 },
  })
  assert.ok('definition' in checked && sealer)
  const { definition } = checked
  const key = { name: 'main', secret: `sk-bench-${name}`, sealer }
  const upstream = { name, definition, state: 'on' as const, priority, weight: 100 }
  assert.equal(await addUpstream(pool, { upstream, key, actor }), 'done')
  await serveModel(pool, { upstream: name, model, theirName: model, actor })
}

/** Has the model cost what its upstream costs, so many times its price of before. */
export async function priceByUpstream(url: string, times: Record<string, number>): Promise<void> {
  const [row] = await runSql<{ terms: string }>(
    url,
    'select terms from prices where model = ? order by effective_from desc limit 1',
    [model],
  )
  const terms = row?.terms ?? ''
  for (const [name, factor] of Object.entries(times)) {
    const dearer = terms.replace(/"(input|output)":(\d+)/g, (_, unit: string, nanos: string) => {
      return `"${unit}":${Number(nanos) * factor}`
    })
    await runSql(
      url,
      `insert into cost_prices (scope, model, effective_from, terms, source, actor)
       values (?, ?, '2020-01-01', ?, 'bench', 'bench')`,
      [`upstream:${name}`, model, dearer],
    )
  }
  await runSql(url, 'delete from prices where model = ?', [model])
  await runSql(url, 'update models set sale_factor = 10000 where name = ?', [model])
}

/** Tells relays of upstreams, as the command line does. */
export async function openNews(redisUrl: string, pool: Pool) {
  const redis = createRedis(redisUrl, await installationName(pool), createLog('silent'))
  const tell = (news: object) => redis.publish(keyspace.upstreamsChannel, JSON.stringify(news))
  await redis.ping()
  return {
    /** Lets calls through to an upstream again, whatever has come of the last ones. */
    close: (upstream: string) => tell({ what: 'close', upstream, key: null, model: null }),
    async changed() {
      await tell({ what: 'changed' })
      await redis.publish(keyspace.catalogChannel, 'changed')
    },
    stop: () => Promise.resolve(redis.close()),
  }
}
