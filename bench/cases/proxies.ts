import { present } from '../../test/present.ts'
import { rssBytes } from '../cpu.ts'
import { seedCallers } from '../callers.ts'
import { count, goal, percent, ratio, table } from '../figures.ts'
import { race, type Outcome, type Runner } from '../race.ts'
import {
  portkeyHeaders,
  startBareProxy,
  startNginxProxy,
  startPortkey,
  startStaticUpstream,
} from '../servers.ts'
import type { Ground } from '../ground.ts'

const seconds = 2
const rounds = 3
const accounts = 1_000

type ProxyBench = {
  type: string
  answer: string
  body: string
  connections: number[]
  /** Why Portkey does not take part, as a sentence. */
  withoutPortkey?: string
  /** By connections: of Portkey's requests a second, and of the bare proxy's. */
  goals: Record<number, { portkey?: number; bare: number }>
}

const heads = [
  'connections',
  'what',
  'req/s',
  '±',
  'p50, ms',
  'p99, ms',
  'of the bare proxy',
  'own CPU, µs',
  'MariaDB, µs',
  'Redis, µs',
  'upstream, µs',
]

/** The relay beside its peers, all in front of one static upstream. */
export async function benchProxies(ground: Ground, bench: ProxyBench): Promise<string[]> {
  const { dir, keep } = ground
  const upstream = keep(await startStaticUpstream(dir, bench.type, bench.answer))
  const nginx = keep(await startNginxProxy(dir, upstream.url))
  const bare = keep(await startBareProxy(dir, upstream.url))
  const portkey = bench.withoutPortkey ? undefined : keep(await startPortkey(dir))
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, accounts)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })

  const { body } = bench
  const headers = portkeyHeaders(upstream.url)
  const runner = (name: string, url: string, pids: Runner['pids']): Runner => ({
    name,
    load: { url, keys, body, headers },
    pids: { ...pids, upstream: upstream.pid },
  })
  const runners = [
    runner('upstream, direct', upstream.url, {}),
    runner('nginx', nginx.url, { own: nginx.pid }),
    runner('bare Node proxy', bare.url, { own: bare.pid }),
    ...(portkey ? [runner('Portkey', portkey.url, { own: portkey.pid })] : []),
    runner('relay', relay.url, {
      own: relay.pid,
      mariadb: ground.mariadbPid,
      redis: ground.redisPid,
    }),
  ]
  const rows: string[][] = []
  const goals: string[] = []
  for (const connections of bench.connections) {
    const outcomes = await race(runners, { connections, seconds, rounds })
    const rate = (name: string) =>
      present(outcomes.find((it) => it.name === name)).requestsPerSecond
    for (const outcome of outcomes) rows.push(rowOf(connections, outcome, rate('bare Node proxy')))
    const wanted = bench.goals[connections]
    if (!wanted) continue
    const [ours, at] = [rate('relay'), `at ${connections} connections`]
    if (wanted.portkey)
      goals.push(goal(`${at}, of Portkey's req/s`, ours / rate('Portkey'), wanted.portkey))
    goals.push(goal(`${at}, of the bare Node proxy's`, ours / rate('bare Node proxy'), wanted.bare))
  }
  const MiB = (pid: number) => `${(rssBytes(pid) / 2 ** 20).toFixed(0)} MiB`
  return [
    `${accounts.toLocaleString('en-US')} accounts, one key each; ${rounds} rounds of ${seconds} s, all taking turns; medians. ${bench.withoutPortkey ?? 'Portkey has no accounts, no billing and no log.'} nginx and the bare proxy have nothing at all.`,
    '',
    ...table(heads, rows),
    '',
    ...goals,
    `- memory afterwards: relay ${MiB(relay.pid)}, bare Node proxy ${MiB(bare.pid)}${portkey ? `, Portkey ${MiB(portkey.pid)}` : ''}`,
  ]
}

function rowOf(connections: number, it: Outcome, bareRate: number): string[] {
  const us = (process: string) => {
    const value = it.cpuUs[process]
    return value === undefined ? '' : count(value)
  }
  return [
    String(connections),
    it.name,
    count(it.requestsPerSecond),
    percent(it.spread),
    it.p50Ms.toFixed(2),
    it.p99Ms.toFixed(2),
    ratio(it.requestsPerSecond / bareRate),
    us('own'),
    us('mariadb'),
    us('redis'),
    us('upstream'),
  ]
}
