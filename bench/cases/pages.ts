import { present } from '../../test/present.ts'
import { createPool, installationName } from '../../app/db/db.server.ts'
import { findOrSignUp, startSession } from '../../app/auth/auth.server.ts'
import type { Services } from '../../app/services.ts'
import { plainAnswer, plainQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { runSql } from '../../test/sql.ts'
import { bound, count, median, percentile, table } from '../figures.ts'
import { sessionSecret, startStaticUpstream } from '../servers.ts'
import { seedHistory, type Ground } from '../ground.ts'
import { shoot, type Shot } from '../wrk.ts'

const paths = ['/dashboard', '/usage', '/keys']
const seconds = 4
const rounds = 3
const connections = 8
/** A person looks at a page before the next; so many of them look at once. */
const visitors = 4
const lookMs = 100
const history = 100_000

type Visits = { perSecond: number; ms: number[] }

/** A session of somebody with a long history. */
export async function signIn(databaseUrl: string, url: string): Promise<string> {
  seedHistory(databaseUrl, history)
  const pool = createPool(databaseUrl, { size: 1 })
  try {
    const who = { provider: 'github', providerUserId: 'bench', name: 'bench', email: null } as const
    const { userId } = await findOrSignUp(pool, who)
    // The history's account becomes this person's.
    await runSql(
      databaseUrl,
      `update users set account_id =
         (select account_id from account_quarters
           group by account_id order by sum(calls) desc limit 1)
        where id = ?`,
      [userId],
    )
    const env = { APP_URL: url, SESSION_SECRET: sessionSecret }
    const installation = await installationName(pool)
    const services = { db: pool, env, installation } as Partial<Services> as Services
    const cookie = await startSession(services, userId, null)
    return present(cookie.split(';')[0])
  } finally {
    await pool.close()
  }
}

/** Visitors go from page to page until the work is done, or for `seconds`. */
async function visit(url: string, cookie: string, work?: Promise<unknown>): Promise<Visits> {
  const ms: number[] = []
  let isOver = false
  const startMs = performance.now()
  const end = work ?? new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  void end.then(() => (isOver = true))
  await Promise.all(
    Array.from({ length: visitors }, async (_, i) => {
      for (let at = i; !isOver; at++) {
        const fromMs = performance.now()
        const answer = await fetch(url + present(paths[at % paths.length]), {
          headers: { cookie },
          redirect: 'manual',
        })
        await answer.text()
        if (answer.status !== 200) throw new Error(`a page answered ${answer.status}`)
        ms.push(performance.now() - fromMs)
        await new Promise((resolve) => setTimeout(resolve, lookMs))
      }
    }),
  )
  return { perSecond: ms.length / ((performance.now() - startMs) / 1_000), ms }
}

/** What people who look at pages and programs that call do to each other. */
export async function benchPages(ground: Ground): Promise<string[]> {
  const upstream = ground.keep(
    await startStaticUpstream(ground.dir, 'application/json', plainAnswer),
  )
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 1_000)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
  const cookie = await signIn(databaseUrl, relay.url)
  const load = () => shoot({ url: relay.url, connections, seconds, keys, body })
  await visit(relay.url, cookie)
  await load()
  const alone: Shot[] = []
  const together: Shot[] = []
  const quiet: Visits[] = []
  const busy: Visits[] = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await load())
    quiet.push(await visit(relay.url, cookie))
    const shot = load()
    busy.push(await visit(relay.url, cookie, shot))
    together.push(await shot)
  }
  const p99 = (shots: Shot[]) => median(shots.map((shot) => shot.p99Ms))
  const callRow = (name: string, shots: Shot[]) => [
    name,
    count(median(shots.map((shot) => shot.requestsPerSecond))),
    median(shots.map((shot) => shot.p50Ms)).toFixed(2),
    p99(shots).toFixed(2),
  ]
  const pageRow = (name: string, visits: Visits[]) => {
    const ms = visits.flatMap((it) => it.ms)
    const perSecond = median(visits.map((it) => it.perSecond))
    return [name, count(perSecond), ...[0.5, 0.99].map((part) => percentile(ms, part).toFixed(2))]
  }
  return [
    `Calls over ${connections} connections without a pause; ${visitors} people with ${history.toLocaleString('en-US')} calls behind them go from ${paths.join(' to ')} and look ${lookMs} ms at each; ${rounds} rounds of ${seconds} s.`,
    '',
    ...table(
      ['what', 'a second', 'p50, ms', 'p99, ms'],
      [
        callRow('calls, nobody looks', alone),
        callRow('calls, people look', together),
        pageRow('pages, no calls', quiet),
        pageRow('pages, under calls', busy),
      ],
    ),
    '',
    bound(
      'p99 of calls while people look, of that while nobody does',
      p99(together) / p99(alone),
      1.5,
    ),
  ]
}
