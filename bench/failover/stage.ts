import { eventually } from '../../dev/command/eventually.ts'
import { Agent } from 'node:http'
import { createPool } from '../../app/db/db.server.ts'
import { freePort } from '../../dev/servers/processes.ts'
import { present } from '../../test/present.ts'
import { openSql } from '../../test/sql.ts'
import { seedCallers } from '../callers.ts'
import type { Ground } from '../ground.ts'
import { startScript, type Server } from '../servers.ts'
import { openNews, priceByUpstream, secretEnv, storeUpstream } from '../stored-upstreams.ts'

/** Of upstreams: the first that is named is the first choice. */
type Temper = 'well' | 'limited' | 'silent' | 'refused'
type Wanted = { name: string; temper: Temper; times?: number; firstEventMs?: number }

type Tempered = Server & {
  name: string
  /** How often it was called. */
  asked(): Promise<number>
  becomes(temper: Temper): Promise<void>
}

const textOf = async (url: string) => (await fetch(url)).text()

export async function startTempered(ground: Ground, name: string, temper: string) {
  const server = await startScript(ground.dir, 'tempered-upstream.ts', name, temper)
  const tempered: Tempered = {
    ...server,
    name,
    asked: async () => Number(await textOf(`${server.url}/asked`)),
    becomes: async (to) => void (await textOf(`${server.url}/is/${to}`)),
  }
  return ground.keep(tempered)
}

/** A relay with these upstreams in its database, each at its own price, and a way to look in. */
export async function failoverStage(ground: Ground, wanted: Wanted[], isRanked = true) {
  const databaseUrl = await ground.newDatabase()
  const pool = createPool(databaseUrl, { size: 2 })
  const { sql, end } = openSql(databaseUrl)
  const upstreams = new Map<string, Tempered>()
  const addressOf = async ({ name, temper }: Wanted) => {
    if (temper === 'refused') return `http://127.0.0.1:${await freePort()}`
    const server = await startTempered(ground, name, temper)
    upstreams.set(name, server)
    return server.url
  }
  for (const [i, it] of wanted.entries()) {
    const { name, firstEventMs = 10_000 } = it
    const priority = isRanked ? wanted.length - i : 0
    await storeUpstream(pool, { name, url: await addressOf(it), priority, firstEventMs })
  }
  const times = Object.fromEntries(wanted.map(({ name, times: it = 1 }) => [name, it]))
  if (isRanked) await priceByUpstream(databaseUrl, times)
  const keys = await seedCallers(databaseUrl, 100)
  const relay = await ground.startRelay({
    databaseUrl,
    upstream: 'http://127.0.0.1:9',
    env: secretEnv,
  })
  const news = ground.keep(await openNews(ground.redisUrl, pool))
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  ground.keep({
    async stop() {
      agent.destroy()
      await pool.close()
      await end()
    },
  })
  return {
    relay,
    news,
    pool,
    sql,
    agent,
    upstream: (name: string) => present(upstreams.get(name)),
    keyAt: (at: number) => present(keys[at % keys.length]),
    books: () => readBooks(sql),
  }
}

export type Stage = Awaited<ReturnType<typeof failoverStage>>

/** What the books say of all calls, once nothing is held; what is held after 10 s stays so. */
async function readBooks(sql: ReturnType<typeof openSql>['sql']) {
  const heldIn = async () =>
    Number((await sql<{ held: number }>('select count(*) held from holds'))[0]?.held)
  const isFree = async () => (await heldIn()) === 0
  // What is held for longer is told of as such.
  await eventually('nothing held', isFree, { msMax: 10_000, everyMs: 100 }).catch(() => undefined)
  const calls = await sql<{
    upstream: string | null
    nanos: string
    count: number
    status: number
  }>(
    `select upstream, cost_nanos nanos, status_code status, count(*) count
       from calls group by upstream, cost_nanos, status_code`,
  )
  const tries = await sql<{ tries: string | null }>('select tries from calls')
  const attempts = tries.flatMap(({ tries: text }) =>
    text === null ? [] : [JSON.parse(text) as { upstream: string; charged: unknown; ms: number }[]],
  )
  return {
    held: await heldIn(),
    calls: calls.map((it) => ({ ...it, count: Number(it.count), nanos: Number(it.nanos) })),
    attempts,
    /** Requests to any upstream, those that reached nobody included. */
    requests: tries.length - attempts.length + attempts.flat().length,
  }
}
