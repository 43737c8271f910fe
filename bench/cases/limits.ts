import { present } from '../../test/present.ts'
import { runSql } from '../../test/sql.ts'
import { plainAnswer, plainQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { bound, count, goal, percent, table } from '../figures.ts'
import { race, type Runner } from '../race.ts'
import { startStaticUpstream } from '../servers.ts'
import type { Ground } from '../ground.ts'

const accounts = 1_000
const rounds = 5
const seconds = 2

/** Every kind on every account, each far from being reached. */
const limitEveryone = `insert into rate_limits (scope, subject, requests, tokens, calls, version)
                       values ('everyone', '', 1000000, 1000000000, 10000, 1)`

/**
 * Calls that requests, tokens and calls at once are counted of, beside calls of a relay that limits
 * nobody: what the limits cost.
 */
export async function benchLimits(ground: Ground): Promise<string[]> {
  const upstream = ground.keep(
    await startStaticUpstream(ground.dir, 'application/json', plainAnswer),
  )
  const runnerOf = async (name: string, isLimited: boolean): Promise<Runner> => {
    const databaseUrl = await ground.newDatabase()
    if (isLimited) await runSql(databaseUrl, limitEveryone)
    const keys = await seedCallers(databaseUrl, accounts)
    const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
    const pids = { own: relay.pid, redis: ground.redisPid }
    return { name, load: { url: relay.url, keys, body }, pids }
  }
  const runners = [await runnerOf('without limits', false), await runnerOf('with limits', true)]
  const rows: string[][] = []
  const goals: string[] = []
  for (const connections of [1, 32, 128]) {
    const outcomes = await race(runners, { connections, seconds, rounds })
    for (const it of outcomes)
      rows.push([
        String(connections),
        it.name,
        count(it.requestsPerSecond),
        percent(it.spread),
        it.p50Ms.toFixed(2),
        it.p99Ms.toFixed(2),
        count(present(it.cpuUs.own)),
        count(present(it.cpuUs.redis)),
      ])
    const [without, limited] = outcomes
    const at = `at ${connections} connection${connections > 1 ? 's' : ''}`
    const rate = present(limited).requestsPerSecond / present(without).requestsPerSecond
    if (connections === 32) goals.push(goal(`${at}, of without limits`, rate, 0.95))
    if (connections > 1) continue
    const added = (of: 'p50Ms' | 'p99Ms') => present(limited)[of] - present(without)[of]
    goals.push(bound(`${at}, added to the p50, ms`, added('p50Ms'), 0.3))
    goals.push(bound(`${at}, added to the p99, ms`, added('p99Ms'), 3))
  }
  const heads = ['connections', 'what', 'req/s', '±', 'p50, ms', 'p99, ms']
  return [...table([...heads, 'relay CPU, µs', 'Redis, µs'], rows), '', ...goals]
}
