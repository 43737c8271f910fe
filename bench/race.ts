import { present } from '../test/present.ts'
import { median, spread } from './figures.ts'
import { withCpu } from './cpu.ts'
import { shoot, type Load, type Shot } from './wrk.ts'

/** One of those that are compared, and all processes whose work a call to it is. */
export type Runner = {
  name: string
  load: Omit<Load, 'connections' | 'seconds'>
  pids: Record<string, number>
}

export type Outcome = {
  name: string
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Of the requests a second, over the rounds. */
  spread: number
  /** CPU time a call, in microseconds, by process. */
  cpuUs: Record<string, number>
}

/** Compilers and caches want some thousands of calls before they show what they can do. */
export const warmUp = { connections: 64, seconds: 3 }

/**
 * A relay's calls become cheaper until V8 has compiled what they run, some 25,000 of them: whoever
 * is measured before that is measured as a compiler. On a slow machine the time is what ends it.
 */
const warmCallsLeast = 25_000
const warmUpsMost = 10

const warm = new WeakSet<Runner>()

async function makeWarm(runner: Runner): Promise<void> {
  let calls = 0
  for (let i = 0; i < warmUpsMost && calls < warmCallsLeast; i++)
    calls += (await shoot({ ...runner.load, ...warmUp })).requests
  warm.add(runner)
}

/**
 * Loads all runners in turn, round after round, so that whatever else the machine does meets all of
 * them. Answers medians.
 */
export async function race(
  runners: Runner[],
  { connections, seconds, rounds }: { connections: number; seconds: number; rounds: number },
): Promise<Outcome[]> {
  const shots = new Map(
    runners.map(({ name }) => [name, [] as (Shot & { cpu: Outcome['cpuUs'] })[]]),
  )
  for (const runner of runners) {
    if (!warm.has(runner)) await makeWarm(runner)
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, load, pids } of runners) {
      const { result, cpu } = await withCpu(pids, () => shoot({ ...load, connections, seconds }))
      present(shots.get(name)).push({ ...result, cpu })
    }
  }
  return runners.map(({ name, pids }) => {
    const all = present(shots.get(name))
    const rates = all.map((shot) => shot.requestsPerSecond)
    const cpuOf = (process: string) =>
      median(all.map((it) => present(it.cpu[process]) / it.requests))
    return {
      name,
      requestsPerSecond: median(rates),
      spread: spread(rates),
      p50Ms: median(all.map((shot) => shot.p50Ms)),
      p99Ms: median(all.map((shot) => shot.p99Ms)),
      cpuUs: Object.fromEntries(Object.keys(pids).map((process) => [process, cpuOf(process)])),
    }
  })
}
