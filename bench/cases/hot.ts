import { present } from '../../test/present.ts'
import { plainAnswer, plainQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { count, goal, percent, table } from '../figures.ts'
import { race } from '../race.ts'
import { startStaticUpstream } from '../servers.ts'
import type { Ground } from '../ground.ts'

/** All calls on one account, whose row is the lock of its money, beside calls on a thousand. */
export async function benchHot(ground: Ground): Promise<string[]> {
  const upstream = ground.keep(
    await startStaticUpstream(ground.dir, 'application/json', plainAnswer),
  )
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 1_000)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
  const pids = { own: relay.pid, mariadb: ground.mariadbPid }
  const runners = [
    { name: '1,000 accounts', load: { url: relay.url, keys, body }, pids },
    { name: 'one account', load: { url: relay.url, keys: keys.slice(0, 1), body }, pids },
  ]
  const rows: string[][] = []
  const goals: string[] = []
  for (const connections of [32, 128]) {
    const outcomes = await race(runners, { connections, seconds: 3, rounds: 3 })
    for (const it of outcomes) {
      const cpu = [present(it.cpuUs.own), present(it.cpuUs.mariadb)].map(count)
      const ms = [it.p50Ms, it.p99Ms].map((value) => value.toFixed(2))
      const rate = [count(it.requestsPerSecond), percent(it.spread)]
      rows.push([String(connections), it.name, ...rate, ...ms, ...cpu])
    }
    const [many, one] = outcomes.map((it) => it.requestsPerSecond)
    goals.push(
      goal(
        `at ${connections} connections, one account of 1,000`,
        present(one) / present(many),
        0.8,
      ),
    )
  }
  const heads = ['connections', 'calls on', 'req/s', '±', 'p50, ms', 'p99, ms']
  return [...table([...heads, 'relay CPU, µs', 'MariaDB, µs'], rows), '', ...goals]
}
