import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainAnswer, plainQuestion, streamedAnswer, streamedQuestion } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { bound, count, goal, median, ratio, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { race, type Outcome, type Runner } from '../race.ts'
import { startStaticUpstream, type Server } from '../servers.ts'
import { rssBytes } from '../cpu.ts'
import { serveByMany } from '../many-upstreams.ts'
import { firstByteMs, newAgent } from '../stream-client.ts'

const accounts = 1_000
const rounds = 15
const seconds = 1
const firstBytes = 400
const warmUpCalls = 100
const MiB = 2 ** 20

/** This version twice: with the environment's upstream, and with five of the database. */
type Name = 'before' | 'now' | 'now, of five'
type Version = { name: Name; server: Server; keys: string[] }
/** What each comes to at least, of before. */
const goals = { now: 0.97, 'now, of five': 0.9 } satisfies Partial<Record<Name, number>>

/** A relay in front of `upstream`, on a database that this same version has made. */
async function startVersion(
  ground: Ground,
  name: Name,
  upstream: Server,
  folder: string,
): Promise<Version> {
  const databaseUrl = await ground.newEmptyDatabase()
  const server = await ground.startRelay({ databaseUrl, upstream: upstream.url, folder })
  if (name === 'now, of five')
    serveByMany(databaseUrl, { url: `${upstream.url}/v1`, model: 'gpt-4o-mini', many: 5 })
  return { name, server, keys: await seedCallers(databaseUrl, accounts) }
}

/** Both versions in front of one upstream, taking turns: calls a second, and what one costs. */
async function raceVersions(ground: Ground, before: string, stream: boolean): Promise<string[]> {
  const [type, answer, body, what] = stream
    ? ['text/event-stream', streamedAnswer, streamedQuestion, 'streamed']
    : ['application/json', plainAnswer, plainQuestion, 'plain']
  const upstream = ground.keep(await startStaticUpstream(ground.dir, type, answer))
  const versions = [
    await startVersion(ground, 'before', upstream, before),
    await startVersion(ground, 'now', upstream, '.'),
    await startVersion(ground, 'now, of five', upstream, '.'),
  ]
  const idle = await Promise.all(versions.map(({ server }) => rssAtRest(server)))
  const runners = versions.map(({ name, server, keys }): Runner => ({
    name,
    load: { url: server.url, keys, body },
    pids: { own: server.pid, mariadb: ground.mariadbPid },
  }))
  const rows: string[][] = []
  const verdicts: string[] = []
  for (const connections of [32, 128]) {
    const outcomes = await race(runners, { connections, seconds, rounds })
    for (const it of outcomes) rows.push(rowOf(connections, it))
    const of = (name: string) => outcomes.find((it) => it.name === name)?.requestsPerSecond ?? NaN
    for (const [name, least] of Object.entries(goals)) {
      const said = `${name}: ${what}, ${connections} connections`
      verdicts.push(goal(said, of(name) / of('before'), least))
    }
  }
  const loaded = await Promise.all(versions.map(({ server }) => rssAtRest(server)))
  verdicts.push(
    `- memory, MiB, when started: before ${mib(idle[0])}, now ${mib(idle[1])}; after all ${what} calls: before ${mib(loaded[0])}, now ${mib(loaded[1])}`,
  )
  if (stream) verdicts.push(await raceToTheFirstByte(versions, body))
  const heads = ['connections', `${what} calls`, 'req/s', 'p50, ms', 'own CPU, µs', 'MariaDB, µs']
  return [...table(heads, rows), '', ...verdicts, '']
}

const mib = (bytes = NaN) => (bytes / MiB).toFixed(0)

async function rssAtRest({ pid }: Server): Promise<number> {
  const seen: number[] = []
  for (let i = 0; i < 15; i++) {
    await sleep(200)
    seen.push(rssBytes(pid))
  }
  return median(seen)
}

const rowOf = (connections: number, it: Outcome): string[] => [
  String(connections),
  it.name,
  count(it.requestsPerSecond),
  it.p50Ms.toFixed(2),
  count(it.cpuUs.own ?? NaN),
  count(it.cpuUs.mariadb ?? NaN),
]

/** One call after the other, by turns. */
async function raceToTheFirstByte(versions: Version[], body: string): Promise<string> {
  const agent = newAgent(1)
  const times = new Map(versions.map(({ name }) => [name, [] as number[]]))
  for (let at = -warmUpCalls; at < firstBytes; at++) {
    for (const { name, server, keys } of versions) {
      const key = keys[(at + warmUpCalls) % keys.length] ?? ''
      const ms = await firstByteMs({ url: server.url, key, body, agent })
      if (at >= 0) times.get(name)?.push(ms)
    }
  }
  agent.destroy()
  const of = (name: Name) => median(times.get(name) ?? [])
  const figures = `${ratio(of('before'))} ms before, ${ratio(of('now'))} ms now`
  return bound(`to the first byte (${figures}), of before`, of('now') / of('before'), 1.05)
}

/**
 * This version beside another one, whose checkout, built, is in the folder of `--before`: the only
 * comparison of versions that means anything on a machine whose speed changes by the minute.
 */
export async function benchVersions(ground: Ground): Promise<string[]> {
  const before = resolve(ground.before ?? '.')
  const plain = await raceVersions(ground, before, false)
  const streamed = await raceVersions(ground, before, true)
  return [
    `${accounts.toLocaleString('en-US')} accounts; ${rounds} rounds of ${seconds} s each, both versions taking turns; medians.`,
    '',
    ...plain,
    ...streamed,
  ]
}
