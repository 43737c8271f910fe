import { eventually } from '../../dev/command/eventually.ts'
import { ask, each, type Answered } from '../answered.ts'
import { failoverStage, type Stage } from '../failover/stage.ts'
import { count, percentile, ratio, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { raceWays } from '../failover/ways.ts'
import { benchSessions } from '../failover/sessions.ts'

const goal = (what: string, seen: string, isMet: boolean, wanted: string) =>
  `- ${what}: ${seen} (goal: ${wanted}) ${isMet ? '✓' : '✗'}`
const exactly = (what: string, seen: number, wanted: number) =>
  goal(what, count(seen), seen === wanted, count(wanted))
const most = (what: string, seen: number, wanted: number) =>
  goal(what, ratio(seen), seen <= wanted, `at most ${wanted}`)

/** Fewer in a row than open a breaker. */
const batchCalls = 4
const good = 'good'

/** Calls of both kinds by turns, each with one straight to the good one beside it. */
async function callBoth(stage: Stage, direct: Stage, from: number, calls: number, atOnce: number) {
  const numbers = Array.from({ length: calls }, (_, i) => from + i)
  return each(numbers, atOnce, async (i) => {
    const asked = (on: Stage) =>
      ask({ url: on.relay.url, key: on.keyAt(i), agent: on.agent, stream: i % 2 === 1 })
    const plainly = await asked(direct)
    return { over: await asked(stage), plainly }
  })
}

/** One refuses connections, one says 429, one is good. */
async function benchRefused(ground: Ground): Promise<string[]> {
  const stage = await failoverStage(ground, [
    { name: 'refused', temper: 'refused', times: 9 },
    { name: 'limited', temper: 'limited', times: 7 },
    { name: good, temper: 'well' },
  ])
  const direct = await failoverStage(ground, [{ name: good, temper: 'well' }])
  await callBoth(direct, direct, 0, 200, 4)
  const closed: Awaited<ReturnType<typeof callBoth>> = []
  while (closed.length < 1_000) {
    // Breakers are as new after each batch, so that every call of it fails over.
    await Promise.all(['refused', 'limited'].map((name) => stage.news.close(name)))
    closed.push(...(await callBoth(stage, direct, closed.length, batchCalls, 1)))
  }
  const failedOver = (await stage.books()).attempts.length
  await callBoth(stage, direct, 0, 12, 1)
  const before = await stage.upstream('limited').asked()
  const startMs = performance.now()
  const open = await callBoth(stage, direct, 0, 988, 4)
  const probes = (await stage.upstream('limited').asked()) - before
  const probesMost = Math.ceil((performance.now() - startMs) / 30_000) + 1
  const { calls, held, attempts } = await stage.books()
  const all = calls.reduce((sum, it) => sum + it.count, 0)
  const goodPrice = 24 * 150 + 64 * 600
  const right = calls.filter(
    (it) => it.upstream === good && it.nanos === goodPrice && it.status === 200,
  )
  const chargedFailures = attempts
    .flatMap((tries) => tries.slice(0, -1))
    .filter((it) => it.charged === true)
  const added = (pairs: typeof open) => {
    const at = (part: number) =>
      percentile(
        pairs.map(({ over }) => over.ms),
        part,
      ) -
      percentile(
        pairs.map(({ plainly }) => plainly.ms),
        part,
      )
    return [at(0.5), at(0.99)] as const
  }
  const answers = [...closed, ...open].filter(({ over }) => over.status === 200).length + 12
  const rows = (
    [
      ['failing over', closed],
      ['with the breakers open', open],
    ] as const
  ).map(([name, pairs]) => [name, count(pairs.length), ...added(pairs).map((ms) => ms.toFixed(2))])
  return [
    '### One refuses, one says 429, one is good',
    '',
    ...table(['calls', 'how many', 'added at p50, ms', 'added at p99, ms'], rows),
    '',
    exactly('answers with 200, half of them streamed', answers, 2_000),
    exactly('calls in the books', all, 2_000),
    exactly(
      'billed at the good one’s price',
      right.reduce((sum, it) => sum + it.count, 0),
      2_000,
    ),
    exactly('attempts charged at the others', chargedFailures.length, 0),
    `- calls that failed over while the breakers were closed: ${count(failedOver)} of 1,000`,
    most('added by failover at p99, ms', added(closed)[1], 25),
    most('added at p99 once the breakers are open, ms', added(open)[1], 5),
    most('requests to the limited one while its breaker was open', probes, probesMost),
    exactly('holds left', held, 0),
  ]
}

/** The first choice comes to accept and never answer; then it is well again. */
async function benchSilent(ground: Ground): Promise<string[]> {
  const budgetMs = 500
  const stage = await failoverStage(ground, [
    { name: 'first', temper: 'well', firstEventMs: budgetMs },
    { name: good, temper: 'well' },
  ])
  const one = (i: number) =>
    ask({ url: stage.relay.url, key: stage.keyAt(i), agent: stage.agent, stream: i % 2 === 1 })
  // What a process does for the first time takes it a tenth of a second, whoever it is that fails.
  const before = await each(Array.from({ length: 100 }), 10, (_, i) => one(i))
  await stage.upstream('first').becomes('silent')
  const waited = await each(Array.from({ length: 20 }), 10, (_, i) => one(i))
  const after = await each(Array.from({ length: 200 }), 4, (_, i) => one(i))
  await stage.upstream('first').becomes('well')
  const wellMs = performance.now()
  let isLost = false
  const comesBack = async () => {
    const answer = await one(0)
    isLost ||= answer.status !== 200
    return answer.by === 'first' && answer
  }
  await eventually('a call that goes to it again', comesBack, { everyMs: 100 })
  const backMs = performance.now() - wellMs
  const slowest = Math.max(...waited.map(({ ms }) => ms))
  const bad =
    [...before, ...waited, ...after].filter(({ status }) => status !== 200).length + Number(isLost)
  const { held } = await stage.books()
  return [
    '### The first choice is silent',
    '',
    exactly('calls that were not answered with 200', bad, 0),
    most(
      'the slowest answer while it was found out, ms over the first-event budget',
      slowest - budgetMs,
      100,
    ),
    most(
      'p99 after its breaker opened, ms',
      percentile(
        after.map(({ ms }) => ms),
        0.99,
      ),
      100,
    ),
    most('seconds until calls go there again once it is well', backMs / 1_000, 30.5),
    exactly('holds left', held, 0),
  ]
}

/** The documented shape of an error. */
function isDocumented({ status, text }: Answered): boolean {
  if (status !== 503 && status !== 504) return false
  const { error } = JSON.parse(text) as { error?: Record<string, unknown> }
  return (
    typeof error?.message === 'string' &&
    typeof error.type === 'string' &&
    typeof error.code === 'string'
  )
}

/** Nobody answers. */
async function benchDead(ground: Ground): Promise<string[]> {
  const stage = await failoverStage(ground, [
    { name: 'silent', temper: 'silent', firstEventMs: 300 },
    { name: 'refused', temper: 'refused' },
    { name: 'limited', temper: 'limited' },
  ])
  const answers = await each(Array.from({ length: 1_000 }), 20, (_, i) =>
    ask({ url: stage.relay.url, key: stage.keyAt(i), agent: stage.agent, stream: i % 2 === 1 }),
  )
  const { calls, held, requests } = await stage.books()
  const codes = new Map<string, number>()
  for (const { status } of answers) codes.set(String(status), (codes.get(String(status)) ?? 0) + 1)
  return [
    '### All are dead',
    '',
    exactly('503 and 504 in the documented shape', answers.filter(isDocumented).length, 1_000),
    `- of these: ${[...codes].map(([code, n]) => `${code}: ${count(n)}`).join(', ')}`,
    exactly(
      'nano-dollars charged',
      calls.reduce((sum, it) => sum + it.nanos * it.count, 0),
      0,
    ),
    exactly('holds left', held, 0),
    most('upstream requests a call', requests / 1_000, 1.2),
  ]
}

/**
 * Several upstreams of one relay: whether a call survives those that fail, what that costs it, and
 * whether sessions stay where they are. The books are proved at the end of each.
 */
export async function benchFailover(ground: Ground): Promise<string[]> {
  const parts = [benchRefused, benchSilent, benchDead, benchSessions, raceWays]
  const lines: string[] = []
  for (const part of parts) {
    const { name } = part
    if (ground.only !== undefined && !new RegExp(ground.only).test(name)) continue
    const said = await part(ground)
    await ground.end()
    ground.say(said.join('\n'))
    lines.push(...said, '- books: every balance, hold and total follows from its rows ✓', '')
  }
  return lines
}
