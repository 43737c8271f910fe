import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../../test/present.ts'
import { streamedQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { bound, count, median, percentile, table } from '../figures.ts'
import { startBareProxy, startScript } from '../servers.ts'
import type { Ground } from '../ground.ts'
import { newAgent, readPaced } from '../stream-client.ts'
import { withCpu } from '../cpu.ts'

const events = 60
const everyMs = 20
const seconds = 3
const rounds = 3
const sizes = [300, 1_000] as const
const lateMsMax = 10

type Paced = { streams: number; cpuUs: number; p50Ms: number; p99Ms: number }

/** Keeps so many streams open, each followed by the next, and starts them spread out in time. */
async function run(url: string, pid: number, keys: string[], atOnce: number): Promise<Paced> {
  const agent = newAgent(atOnce)
  const lateMs: number[] = []
  let streams = 0
  const endMs = performance.now() + seconds * 1_000
  const { cpu } = await withCpu({ own: pid }, () =>
    Promise.all(
      Array.from({ length: atOnce }, async (_, i) => {
        await sleep((i / atOnce) * events * everyMs)
        while (performance.now() < endMs) {
          await readPaced({ url, key: present(keys[i % keys.length]), body, agent }, lateMs)
          streams++
        }
      }),
    ),
  )
  agent.destroy()
  return {
    streams,
    cpuUs: present(cpu.own) / streams,
    p50Ms: percentile(lateMs, 0.5),
    p99Ms: percentile(lateMs, 0.99),
  }
}

/** Many slow streams at once: what each costs, and how late its events come. */
export async function benchPaced(ground: Ground): Promise<string[]> {
  const { dir, keep } = ground
  const upstream = keep(
    await startScript(dir, 'paced-upstream.ts', String(events), String(everyMs)),
  )
  const bare = keep(await startBareProxy(dir, upstream.url))
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 1_000)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
  const targets = [
    ['upstream, direct', upstream],
    ['bare Node proxy', bare],
    ['relay', relay],
  ] as const

  // Compilers and caches first, at the smaller size.
  for (const [, { url, pid }] of targets) await run(url, pid, keys, sizes[0])
  const rows: string[][] = []
  const goals: string[] = []
  for (const size of sizes) {
    const seen = new Map<string, Paced[]>(targets.map(([name]) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const [name, { url, pid }] of targets)
        present(seen.get(name)).push(await run(url, pid, keys, size))
    const of = (name: string, figure: keyof Paced) =>
      median(present(seen.get(name)).map((paced) => paced[figure]))
    for (const [name] of targets) {
      const ms = (figure: keyof Paced) => of(name, figure).toFixed(1)
      const cpu = name === 'upstream, direct' ? '' : count(of(name, 'cpuUs'))
      rows.push([String(size), name, count(of(name, 'streams')), cpu, ms('p50Ms'), ms('p99Ms')])
    }
    const cpuRatio = of('relay', 'cpuUs') / of('bare Node proxy', 'cpuUs')
    goals.push(bound(`${size} streams, CPU of the bare Node proxy's`, cpuRatio, 1.5))
    const [ours, theirs] = [of('relay', 'p99Ms'), of('bare Node proxy', 'p99Ms')]
    goals.push(
      theirs <= lateMsMax
        ? bound(`${size} streams, an event's lateness at p99, ms`, ours, lateMsMax)
        : `- ${size} streams: the bare proxy itself is ${theirs.toFixed(1)} ms late at p99, the relay ${ours.toFixed(1)} ms`,
    )
  }
  return [
    `${events} events, one every ${everyMs} ms; streams follow one another for ${seconds} s, ${rounds} rounds. Late: from the upstream's write to the client's read, on one clock; so many timers and a client in Node make even the direct way late.`,
    '',
    ...table(
      ['at once', 'what', 'streams', 'CPU a stream, µs', 'late p50, ms', 'late p99, ms'],
      rows,
    ),
    '',
    ...goals,
  ]
}
