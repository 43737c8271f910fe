import { createPool } from '../../app/db/db.server.ts'
import { present } from '../../test/present.ts'
import { plainAnswer, plainQuestion, streamedAnswer, streamedQuestion } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { count, goal, percent, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { race, type Runner } from '../race.ts'
import { startStaticUpstream, type Server } from '../servers.ts'
import { secretEnv, storeUpstream } from '../stored-upstreams.ts'

const ways = [
  ['one of the environment', 0],
  ['one of the database', 1],
  ['five of the database', 5],
] as const
const kinds = [
  { what: 'plain', type: 'application/json', answer: plainAnswer, body: plainQuestion },
  { what: 'streamed', type: 'text/event-stream', answer: streamedAnswer, body: streamedQuestion },
]

async function startWay(ground: Ground, upstream: Server, stored: number) {
  const databaseUrl = await ground.newDatabase()
  const pool = createPool(databaseUrl, { size: 1 })
  for (let i = 0; i < stored; i++)
    await storeUpstream(pool, { name: `upstream-${i}`, url: upstream.url })
  await pool.close()
  const keys = await seedCallers(databaseUrl, 1_000)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url, env: secretEnv })
  return { relay, keys }
}

/** What it costs a call that there is a choice of upstreams, beside one without. */
export async function raceWays(ground: Ground): Promise<string[]> {
  const rows: string[][] = []
  const goals: string[] = []
  for (const { what, type, answer, body } of kinds) {
    const upstream = ground.keep(await startStaticUpstream(ground.dir, type, answer))
    const runners: Runner[] = []
    for (const [name, stored] of ways) {
      const { relay, keys } = await startWay(ground, upstream, stored)
      const pids = { own: relay.pid, mariadb: ground.mariadbPid }
      runners.push({ name, load: { url: relay.url, keys, body }, pids })
    }
    for (const connections of [32, 128]) {
      const outcomes = await race(runners, { connections, seconds: 1, rounds: 9 })
      const rateOf = outcomes.map((it) => it.requestsPerSecond)
      for (const it of outcomes) {
        const cpu = count(present(it.cpuUs.own))
        const rate = [count(it.requestsPerSecond), percent(it.spread)]
        rows.push([`${connections}, ${what}`, it.name, ...rate, it.p50Ms.toFixed(2), cpu])
      }
      const of = (i: number) => present(rateOf[i]) / present(rateOf[0])
      const at = `${what}, ${connections} connections, of the environment's one`
      goals.push(goal(`${at}: one of the database`, of(1), 0.95))
      goals.push(goal(`${at}: five of the database`, of(2), 0.9))
    }
  }
  const heads = ['connections', 'upstreams', 'req/s', '±', 'p50, ms', 'own CPU, µs']
  return ['### What a choice costs', '', ...table(heads, rows), '', ...goals]
}
