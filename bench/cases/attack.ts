import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../../test/present.ts'
import { runSql } from '../../test/sql.ts'
import { attacks, controls, type Target } from '../attacks.ts'
import { seedCallers } from '../callers.ts'
import { bound, median, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { callEveryMs, look, together, type Seen } from '../look.ts'
import { startScript } from '../servers.ts'
import { signIn } from './pages.ts'

/** Each attack comes so often, for so long: the machine stands still for a moment now and then. */
const [rounds, seconds] = [3, 4]
/** Before an attack is looked at, it has come to what it does for as long as it lasts. */
const beginMs = 1_000
const [timesMax, healthMsMax, rssMiBMax] = [3, 100, 600]
const MiB = 2 ** 20

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

/** An attack, and what there was without it between its rounds. */
type Attacked = { name: string; seen: Seen; timesLonger: number }

const heads = [
  'who attacks',
  'p50, ms',
  'p99, ms',
  'of without',
  'not answered',
  '/healthz at most, ms',
  'a page, ms',
  'memory at most, MiB',
  'attacker',
  'calls',
  'pages',
  'others',
  'database',
]
function figures(seen: Seen, timesLonger: number): string[] {
  const { p50Ms, p99Ms, notAnswered, healthMs, pageMs, rssBytes, relay, database, attacker } = seen
  return [
    ...[p50Ms, p99Ms, timesLonger].map((value) => value.toFixed(1)),
    String(notAnswered),
    ...[healthMs, pageMs, rssBytes / MiB].map((value) => value.toFixed(0)),
    ...[attacker, relay.main, relay.nice, relay.rest, database].map((part) => part.toFixed(2)),
  ]
}

async function attackAll(ground: Ground, names: string[]) {
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
  const what = { relay, databasePid: ground.mariadbPid, keys, seconds }
  await look(what)
  let last = await look(what)
  const alone = [last]
  const attacked: Attacked[] = []
  for (const name of names) {
    const [during, around] = [[] as Seen[], [last]]
    for (let round = 0; round < rounds; round++) {
      const attacker = keep(await startScript(dir, 'attacker.ts', name, file))
      await sleep(beginMs)
      during.push(await look({ ...what, attackerPid: attacker.pid }))
      await attacker.stop()
      await sleep(beginMs)
      last = await look(what)
      around.push(last)
    }
    alone.push(...around.slice(1))
    // The machine may change from one minute to the next, so an attack is compared with its own.
    const seen = together(during)
    const timesLonger = seen.p99Ms / together(around).p99Ms
    attacked.push({ name, seen, timesLonger })
    ground.say(`${name}: ${figures(seen, timesLonger).join(' ')}`)
  }
  const lost = (await countLost(databaseUrl)) - lostBefore
  return { alone, attacked, lost }
}

/** What one client can do to everybody else. */
export async function benchAttack(ground: Ground): Promise<string[]> {
  const all = { ...controls, ...attacks }
  const names = Object.keys(all).filter(
    (name) => !ground.only || new RegExp(ground.only).test(name),
  )
  const { alone, attacked, lost } = await attackAll(ground, names)
  const quiet = present(alone.toSorted((a, b) => a.p99Ms - b.p99Ms)[alone.length >> 1])
  const own = attacked.filter(({ name }) => name in attacks)
  const worst = (of: (it: Attacked) => number) => Math.max(...own.map(of))
  const missed = own.filter(({ timesLonger }) => timesLonger > timesMax).map(({ name }) => name)
  const rows = attacked.map(({ name, seen, timesLonger }) => [name, ...figures(seen, timesLonger)])
  return [
    `A payer makes a plain call every ${callEveryMs} ms, whatever becomes of those before; ${rounds} times for ${seconds} s while one client attacks, and before and after each time without (“nobody” is the middle one of those). Percentiles are of all calls of the ${rounds} times; “of without” is p99 of that of the calls before, between and after. The last five columns are CPU in parts of a core: of the attacker, of the relay’s thread for calls, of its thread for pages, of its other threads, of MariaDB. The first rows attack nothing: a program beside the relay takes so much of a core.`,
    '',
    ...table(heads, [['nobody', ...figures(quiet, 1)], ...rows]),
    '',
    bound(
      'p99 of a payer’s call in the worst attack, of without',
      worst((it) => it.timesLonger),
      timesMax,
    ),
    `- the same in the middle one of the attacks: ${median(own.map((it) => it.timesLonger)).toFixed(2)}; above ${timesMax}: ${missed.join(', ') || 'none'}`,
    bound(
      '/healthz in the worst attack, ms',
      worst((it) => it.seen.healthMs),
      healthMsMax,
    ),
    bound(
      'memory in the worst attack, MiB',
      worst((it) => it.seen.rssBytes / MiB),
      rssMiBMax,
    ),
    bound('calls lost', lost, 0),
  ]
}
