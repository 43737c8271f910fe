import { present } from '../../test/present.ts'
import { plainAnswer, plainQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { coreShares } from '../core-share.ts'
import { count, goal, median, percent, spread, table } from '../figures.ts'
import { startStaticUpstream, type Server } from '../servers.ts'
import type { Ground } from '../ground.ts'
import { familyOf, withCpu } from '../cpu.ts'
import { shoot, type Shot } from '../wrk.ts'

const connections = 64
const seconds = 2
const rounds = 5
const warmUpTurns = 5
/** Of a core, for each process: both together leave the rest of two cores to everything else. */
const share = 0.3

type Ways = Record<string, { server: Pick<Server, 'url'>; keys: string[] }[]>
type Seen = { rates: number[]; p99Ms: number[]; cpuUs: number[]; dbUs: number[] }

const one = 'one process, 1,000 accounts'
const apart = 'two processes, 500 accounts each'
const shared = 'two processes, the same 1,000 accounts'
const oneHot = 'one process, one account'
const twoHot = 'two processes, the same one account'
const onePort = 'RELAY_PROCESSES=2, 1,000 accounts'
const onePortHot = 'RELAY_PROCESSES=2, one account'

function waysOf([first, second]: [Server, Server], several: Server, keys: string[]): Ways {
  const hot = keys.slice(0, 1)
  const both = (some: string[]) => [first, second].map((server) => ({ server, keys: some }))
  return {
    [one]: [{ server: first, keys }],
    [apart]: [
      { server: first, keys: keys.slice(0, keys.length / 2) },
      { server: second, keys: keys.slice(keys.length / 2) },
    ],
    [shared]: both(keys),
    [onePort]: [{ server: several, keys }],
    [oneHot]: [{ server: first, keys: hot }],
    [twoHot]: both(hot),
    [onePortHot]: [{ server: several, keys: hot }],
  }
}

/**
 * Those behind one port share what it is asked, and are asked in two of seven ways: without this
 * they would be measured while their code is still compiled.
 */
async function warmUp(several: Server, keys: string[]) {
  for (let turn = 0; turn < warmUpTurns; turn++)
    await shoot({ body, seconds, connections, url: several.url, keys })
}

/** All ways in turn, round after round; the first round warms up. */
async function measure(ways: Ways, relays: number[], db: number) {
  const pids = { db, ...Object.fromEntries(relays.map((pid) => [String(pid), pid])) }
  const seen = new Map<string, Seen>()
  for (let round = -1; round < rounds; round++) {
    for (const [name, parts] of Object.entries(ways)) {
      const load = { body, seconds, connections: connections / parts.length }
      const {
        result,
        cpu: { db: dbUs, ...relaysUs },
      } = await withCpu(pids, () =>
        Promise.all(parts.map(({ server, keys }) => shoot({ ...load, url: server.url, keys }))),
      )
      if (round < 0) continue
      const all = seen.get(name) ?? { rates: [], p99Ms: [], cpuUs: [], dbUs: [] }
      const sum = (of: keyof Shot) => result.reduce((total, shot) => total + shot[of], 0)
      all.rates.push(sum('requestsPerSecond'))
      all.p99Ms.push(Math.max(...result.map((shot) => shot.p99Ms)))
      const relayUs = Object.values(relaysUs).reduce((total, us) => total + us, 0)
      all.cpuUs.push(relayUs / sum('requests'))
      all.dbUs.push(present(dbUs) / sum('requests'))
      seen.set(name, all)
    }
  }
  return seen
}

function report(seen: Map<string, Seen>, wanted: { apart?: number; onePort: number }): string[] {
  const rows = [...seen].map(([name, { rates, p99Ms, cpuUs, dbUs }]) => [
    name,
    count(median(rates)),
    percent(spread(rates)),
    median(p99Ms).toFixed(2),
    count(median(cpuUs)),
    count(median(dbUs)),
  ])
  const of = (name: string, base: string) =>
    median(present(seen.get(name)).rates) / median(present(seen.get(base)).rates)
  const line = (what: string, value: number) => `- ${what}: ${value.toFixed(2)}`
  const gain = 'two processes, of one'
  return [
    ...table(['what', 'req/s', '±', 'p99, ms', 'relay CPU, µs', 'MariaDB, µs'], rows),
    '',
    wanted.apart === undefined
      ? line(gain, of(apart, one))
      : goal(gain, of(apart, one), wanted.apart),
    goal('RELAY_PROCESSES=2, of one process', of(onePort, one), wanted.onePort),
    line('the same accounts on both, of accounts apart', of(shared, apart)),
    line('one account on both, of one account on one', of(twoHot, oneHot)),
    line('one account on RELAY_PROCESSES=2, of one account on one', of(onePortHot, oneHot)),
  ]
}

/**
 * Two relay processes on one database beside one, with and without accounts in common, each on a
 * port of its own and both behind one.
 */
export async function benchReplicas(ground: Ground): Promise<string[]> {
  const shares = coreShares()
  // Kept first, so that it ends last.
  ground.keep({ stop: () => Promise.resolve(shares.end()) })
  const upstream = ground.keep(
    await startStaticUpstream(ground.dir, 'application/json', plainAnswer),
  )
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 1_000)
  const start = (env?: Record<string, string>) =>
    ground.startRelay({ databaseUrl, upstream: upstream.url, ...(env && { env }) })
  const relays: [Server, Server] = [await start(), await start()]
  const several = await start({ RELAY_PROCESSES: '2' })
  const pids = [...relays.map(({ pid }) => pid), ...familyOf(several.pid)]
  const ways = waysOf(relays, several, keys)
  await warmUp(several, keys)
  const whole = await measure(ways, pids, ground.mariadbPid)
  const canLimit = pids.every((pid) => shares.limit(pid, share))
  const limited = canLimit
    ? report(await measure(ways, pids, ground.mariadbPid), { apart: 1.5, onePort: 1.7 })
    : ['The kernel does not let us limit a process here, so this was not measured.']
  return [
    `${connections} connections in all, taking turns in ${rounds} rounds of ${seconds} s.`,
    '',
    "The machine's two cores also carry the load, the upstream and the database, so a second process finds no core of its own here:",
    '',
    ...report(whole, { onePort: 0.95 }),
    '',
    `Where cores allow: each process may use ${share} of a core and no more, which one of them fills, and two leave room on two cores:`,
    '',
    ...limited,
  ]
}
