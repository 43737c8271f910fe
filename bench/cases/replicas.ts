import { plainAnswer, plainQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { count, goal, median, percent, spread, table } from '../figures.ts'
import { startStaticUpstream, type Server } from '../servers.ts'
import type { Stage } from '../stage.ts'
import { withCpu } from '../usage-of.ts'
import { shoot, type Shot } from '../wrk.ts'

const connections = 64
const seconds = 4
const rounds = 3

type Seen = { rates: number[]; p99Ms: number[]; cpuUs: number[]; dbUs: number[] }

/** Two relay processes on one database beside one, with and without accounts in common. */
export async function benchReplicas(stage: Stage): Promise<string[]> {
  const upstream = stage.keep(await startStaticUpstream(stage.dir, 'application/json', plainAnswer))
  const databaseUrl = await stage.newDatabase()
  const keys = await seedCallers(databaseUrl, 1_000)
  const relays = [
    await stage.startRelay({ databaseUrl, upstream: upstream.url }),
    await stage.startRelay({ databaseUrl, upstream: upstream.url }),
  ]
  const [half, otherHalf] = [keys.slice(0, 500), keys.slice(500)]
  const [first, second] = relays as [Server, Server]
  const ways: Record<string, { server: Server; keys: string[] }[]> = {
    'one process, 1,000 accounts': [{ server: first, keys }],
    'two processes, 500 accounts each': [
      { server: first, keys: half },
      { server: second, keys: otherHalf },
    ],
    'two processes, the same 1,000 accounts': relays.map((server) => ({ server, keys })),
    'one process, one account': [{ server: first, keys: keys.slice(0, 1) }],
    'two processes, the same one account': relays.map((server) => ({
      ...{ server, keys: keys.slice(0, 1) },
    })),
  }
  const seen = new Map<string, Seen>()
  for (let round = -1; round < rounds; round++) {
    for (const [name, parts] of Object.entries(ways)) {
      const pids = { first: first.pid, second: second.pid, db: stage.mariadbPid }
      const { result, cpu } = await withCpu(pids, () =>
        Promise.all(
          parts.map(({ server, keys }) =>
            shoot({
              ...{ url: server.url, keys, body, seconds },
              connections: connections / parts.length,
            }),
          ),
        ),
      )
      if (round < 0) continue
      const all = seen.get(name) ?? { rates: [], p99Ms: [], cpuUs: [], dbUs: [] }
      const sum = (of: keyof Shot) => result.reduce((total, shot) => total + shot[of], 0)
      all.rates.push(sum('requestsPerSecond'))
      all.p99Ms.push(Math.max(...result.map((shot) => shot.p99Ms)))
      all.cpuUs.push((cpu.first! + cpu.second!) / sum('requests'))
      all.dbUs.push(cpu.db! / sum('requests'))
      seen.set(name, all)
    }
  }
  const rate = (name: string) => median(seen.get(name)!.rates)
  const rows = [...seen].map(([name, { rates, p99Ms, cpuUs, dbUs }]) => [
    ...[name, count(median(rates)), percent(spread(rates)), median(p99Ms).toFixed(2)],
    ...[count(median(cpuUs)), count(median(dbUs))],
  ])
  const of = (name: string, base: string) => rate(name) / rate(base)
  return [
    `${connections} connections in all, taking turns in ${rounds} rounds of ${seconds} s. The machine's two cores also carry the load, the upstream and the database, so a second process finds no core of its own here.`,
    '',
    ...table(['what', 'req/s', '±', 'p99, ms', 'relay CPU, µs', 'MariaDB, µs'], rows),
    '',
    goal(
      'two processes, of one',
      of('two processes, 500 accounts each', 'one process, 1,000 accounts'),
      1.5,
    ),
    `- the same accounts on both, of accounts apart: ${of('two processes, the same 1,000 accounts', 'two processes, 500 accounts each').toFixed(2)}`,
    `- one account on both, of one account on one: ${of('two processes, the same one account', 'one process, one account').toFixed(2)}`,
  ]
}
