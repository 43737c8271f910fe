import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../../test/present.ts'
import { runSql } from '../../test/sql.ts'
import { plainQuestion } from '../answers.ts'
import { attacks, type Target } from '../attacks.ts'
import { seedCallers } from '../callers.ts'
import { rssBytes } from '../cpu.ts'
import { bound, median, percentile, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { startScript, type Server } from '../servers.ts'
import { signIn } from './pages.ts'

const seconds = 4
/** Before an attack is looked at, it has come to what it does for as long as it lasts. */
const beginMs = 1_500
/** A payer calls at this pace, whatever becomes of the calls before. */
const callEveryMs = 10
const lookEveryMs = 50
const [timesMax, healthMsMax, rssMiBMax] = [3, 100, 600]
const MiB = 2 ** 20

type Seen = {
  p50Ms: number
  p99Ms: number
  notAnswered: number
  healthMs: number
  pageMs: number
  rssMiB: number
}

type Asked = { url: string; agent: Agent; method?: string; key?: string; body?: string }

/** Milliseconds to the end of a good answer; Infinity for any other, or none. */
function timed({ url, agent, method = 'GET', key, body }: Asked): Promise<number> {
  const startMs = performance.now()
  const headers = {
    ...(key && { authorization: `Bearer ${key}`, 'content-type': 'application/json' }),
  }
  return new Promise((resolve) => {
    const sent = request(url, { method, agent, headers, timeout: 20_000 }, (answer) => {
      answer.resume()
      answer.on('end', () =>
        resolve(answer.statusCode === 200 ? performance.now() - startMs : Infinity),
      )
      answer.on('error', () => resolve(Infinity))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(Infinity))
    sent.end(body)
  })
}

/** What everybody else has of the relay meanwhile. */
async function look(relay: Server, keys: string[]): Promise<Seen> {
  const agents = [64, 1, 1].map((maxSockets) => new Agent({ keepAlive: true, maxSockets }))
  const [callers, prober, reader] = agents.map((it) => present(it)) as [Agent, Agent, Agent]
  const calls: Promise<number>[] = []
  const healthMs: number[] = []
  const pageMs: number[] = []
  let rss = 0
  const endMs = performance.now() + seconds * 1_000
  const until = async (everyMs: number, work: (at: number) => unknown) => {
    for (let at = 0; performance.now() < endMs; at++) {
      await work(at)
      await sleep(everyMs)
    }
  }
  await Promise.all([
    until(callEveryMs, (at) => {
      const key = present(keys[at % keys.length])
      const url = `${relay.url}/v1/chat/completions`
      calls.push(timed({ url, agent: callers, method: 'POST', key, body: plainQuestion }))
    }),
    until(lookEveryMs, async () =>
      healthMs.push(await timed({ url: `${relay.url}/healthz`, agent: prober })),
    ),
    until(lookEveryMs * 4, async () =>
      pageMs.push(await timed({ url: `${relay.url}/login`, agent: reader })),
    ),
    until(lookEveryMs * 2, () => (rss = Math.max(rss, rssBytes(relay.pid)))),
  ])
  const ms = await Promise.all(calls)
  for (const agent of agents) agent.destroy()
  return {
    p50Ms: median(ms),
    p99Ms: percentile(ms, 0.99),
    notAnswered: ms.filter((it) => it === Infinity).length,
    healthMs: Math.max(...healthMs),
    pageMs: median(pageMs),
    rssMiB: rss / MiB,
  }
}

/** Who attacks: one without money, one with a cent, one who can pay, and somebody signed in. */
async function makeTarget(databaseUrl: string, url: string): Promise<Target> {
  const [empty] = await seedCallers(databaseUrl, 1, 0)
  const [cent] = await seedCallers(databaseUrl, 1, 10_000_000)
  const [payer] = await seedCallers(databaseUrl, 1)
  const cookie = await signIn(databaseUrl, url)
  return { url, empty: present(empty), cent: present(cent), payer: present(payer), cookie }
}

async function countLost(databaseUrl: string): Promise<number> {
  const statement = "select count(*) as calls from calls where outcome = 'lost'"
  const [row] = await runSql<{ calls: number }>(databaseUrl, statement)
  return Number(present(row).calls)
}

const figures = ({ p50Ms, p99Ms, notAnswered, healthMs, pageMs, rssMiB }: Seen) => [
  ...[p50Ms, p99Ms].map((ms) => ms.toFixed(1)),
  String(notAnswered),
  ...[healthMs, pageMs, rssMiB].map((value) => value.toFixed(0)),
]

/** What one client can do to everybody else. */
export async function benchAttack(ground: Ground): Promise<string[]> {
  const { dir, keep } = ground
  const upstream = keep(await startScript(dir, 'attack-upstream.ts'))
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 100)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
  const target = await makeTarget(databaseUrl, relay.url)
  const file = join(dir, 'attack-target.json')
  writeFileSync(file, JSON.stringify(target))
  // A made-up history has some of its own.
  const lostBefore = await countLost(databaseUrl)
  await look(relay, keys)
  const alone: Seen[] = []
  const seen = new Map<string, Seen>()
  for (const name of Object.keys(attacks)) {
    alone.push(await look(relay, keys))
    const attacker = keep(await startScript(dir, 'attacker.ts', name, file))
    await sleep(beginMs)
    seen.set(name, await look(relay, keys))
    await attacker.stop()
    ground.say(`${name}: ${figures(present(seen.get(name))).join(' ')}`)
    await sleep(beginMs)
  }
  const quietP99Ms = median(alone.map(({ p99Ms }) => p99Ms))
  const rows = [...seen].map(([name, it]) => [name, ...figures(it)])
  const quiet = present(alone.toSorted((a, b) => a.p99Ms - b.p99Ms)[alone.length >> 1])
  const worst = (of: (it: Seen) => number) => Math.max(...[...seen.values()].map(of))
  return [
    `A payer makes a plain call every ${callEveryMs} ms, whatever becomes of those before; for ${seconds} s each, alone before each attack (the median of those is "nobody"), and while one client attacks.`,
    '',
    ...table(
      [
        'who attacks',
        'p50, ms',
        'p99, ms',
        'not answered',
        '/healthz at most, ms',
        'a page, ms',
        'memory at most, MiB',
      ],
      [['nobody', ...figures(quiet)], ...rows],
    ),
    '',
    bound(
      'p99 of a payer’s call in the worst attack, of without',
      worst((it) => it.p99Ms) / quietP99Ms,
      timesMax,
    ),
    bound(
      '/healthz in the worst attack, ms',
      worst((it) => it.healthMs),
      healthMsMax,
    ),
    bound(
      'memory in the worst attack, MiB',
      worst((it) => it.rssMiB),
      rssMiBMax,
    ),
    bound('calls lost', (await countLost(databaseUrl)) - lostBefore, 0),
  ]
}
