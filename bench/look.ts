import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../test/present.ts'
import { plainQuestion } from './answers.ts'
import { cpuUs, rssBytes, threadsUs, type Cpu } from './cpu.ts'
import { median, percentile } from './figures.ts'

/** A payer calls at this pace, whatever becomes of the calls before. */
export const callEveryMs = 10
const lookEveryMs = 50

/** What others have of a relay; times in ms, CPU in parts of a core. */
export type Seen = {
  ms: number[]
  p50Ms: number
  p99Ms: number
  notAnswered: number
  healthMs: number
  pageMs: number
  rssBytes: number
  relay: Cpu
  database: number
  attacker: number
}

type Looked = {
  relay: { url: string; pid: number }
  databasePid: number
  attackerPid?: number
  keys: string[]
  seconds: number
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

/** What everybody else has of the relay meanwhile, and who uses the cores. */
export async function look({ relay, databasePid, attackerPid, keys, seconds }: Looked) {
  const agents = [64, 1, 1].map((maxSockets) => new Agent({ keepAlive: true, maxSockets }))
  const [callers, prober, reader] = agents.map((it) => present(it)) as [Agent, Agent, Agent]
  const calls: Promise<number>[] = []
  const healthMs: number[] = []
  const pageMs: number[] = []
  let rss = 0
  const used = () => ({
    relay: threadsUs(relay.pid),
    database: cpuUs(databasePid),
    attacker: attackerPid === undefined ? 0 : cpuUs(attackerPid),
  })
  const before = used()
  const startMs = performance.now()
  const endMs = startMs + seconds * 1_000
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
  const after = used()
  const us = (performance.now() - startMs) * 1_000
  const ms = await Promise.all(calls)
  for (const agent of agents) agent.destroy()
  const part = (kind: keyof Cpu) => (after.relay[kind] - before.relay[kind]) / us
  const seen: Seen = {
    ms,
    p50Ms: median(ms),
    p99Ms: percentile(ms, 0.99),
    notAnswered: ms.filter((it) => it === Infinity).length,
    healthMs: Math.max(...healthMs),
    pageMs: median(pageMs),
    rssBytes: rss,
    relay: { main: part('main'), nice: part('nice'), rest: part('rest') },
    database: (after.database - before.database) / us,
    attacker: (after.attacker - before.attacker) / us,
  }
  return seen
}

/** Several looks at the same thing as one: all their calls, what was worst, CPU on average. */
export function together(seen: Seen[]): Seen {
  const ms = seen.flatMap((it) => it.ms)
  const worst = (of: (it: Seen) => number) => Math.max(...seen.map(of))
  const mean = (of: (it: Seen) => number) => seen.reduce((sum, it) => sum + of(it), 0) / seen.length
  return {
    ms,
    p50Ms: median(ms),
    p99Ms: percentile(ms, 0.99),
    notAnswered: ms.filter((it) => it === Infinity).length,
    healthMs: worst((it) => it.healthMs),
    pageMs: median(seen.map((it) => it.pageMs)),
    rssBytes: worst((it) => it.rssBytes),
    relay: {
      main: mean((it) => it.relay.main),
      nice: mean((it) => it.relay.nice),
      rest: mean((it) => it.relay.rest),
    },
    database: mean((it) => it.database),
    attacker: mean((it) => it.attacker),
  }
}
