import { present } from '../../test/present.ts'
import { plainAnswer, plainQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { count, percent, ratio, table } from '../figures.ts'
import { race, type Outcome, type Runner } from '../race.ts'
import { startStaticUpstream } from '../servers.ts'
import { seedHistory, type Ground } from '../ground.ts'
import { keptAccounts } from './history.ts'

const connections = 32
const callers = 1_000
const manyAccounts = 100_000
const flatTo = 0.2

/** Calls a second with more and more behind them: rows of the past, and accounts with their keys. */
export async function benchGrow(ground: Ground): Promise<string[]> {
  const upstream = ground.keep(
    await startStaticUpstream(ground.dir, 'application/json', plainAnswer),
  )
  const runnerOn = async (name: string, databaseUrl: string, keys: string[]): Promise<Runner> => {
    const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
    const pids = { own: relay.pid, mariadb: ground.mariadbPid }
    return { name, load: { url: relay.url, keys, body }, pids }
  }
  const small = await ground.newDatabase()
  const million = await ground.newDatabase()
  seedHistory(million, 1_000_000)
  await keptAccounts(ground)
  const wide = await ground.newDatabase()
  const manyKeys = await seedCallers(wide, manyAccounts)
  const rowsOf = async (url: string) => runnerOn('', url, await seedCallers(url, callers))
  const calls = [
    { ...(await rowsOf(small)), name: 'none before' },
    { ...(await rowsOf(million)), name: '1 million before' },
    { ...(await rowsOf(ground.keptDatabaseUrl)), name: '10 million before' },
  ]
  const accounts = [
    { ...(await runnerOn('', wide, manyKeys)), name: 'calls on 100,000 accounts' },
    { ...present(calls[0]), name: 'calls on 1,000 accounts' },
    {
      ...present(calls[0]),
      name: 'calls on 1 account',
      load: { ...present(calls[0]).load, keys: present(calls[0]).load.keys.slice(0, 1) },
    },
  ]
  const measure = (runners: Runner[]) => race(runners, { connections, seconds: 4, rounds: 4 })
  const byCalls = await measure(calls)
  const byAccounts = await measure(accounts)
  const rows = (outcomes: Outcome[]) =>
    outcomes.map((it) => [
      it.name,
      count(it.requestsPerSecond),
      percent(it.spread),
      ratio(it.requestsPerSecond / present(outcomes[0]).requestsPerSecond),
      it.p99Ms.toFixed(2),
      count(present(it.cpuUs.own)),
      count(present(it.cpuUs.mariadb)),
    ])
  const heads = ['±', 'of the first', 'p99, ms', 'relay CPU, µs', 'MariaDB, µs']
  return [
    `Plain calls over ${connections} connections; each size a database and a relay of its own, taking turns in 4 rounds of 4 s.`,
    '',
    ...table(['rows in calls', 'req/s', ...heads], rows(byCalls)),
    '',
    ...table(['accounts and keys', 'req/s', ...heads], rows(byAccounts)),
    '',
    flatness('rows', byCalls),
    // From 1,000 accounts on: one account alone is another thing, whose row a batch writes once.
    flatness('accounts, 1 to 100 thousand', byAccounts.slice(0, 2)),
  ]
}

function flatness(what: string, outcomes: Outcome[]): string {
  const rates = outcomes.map((it) => it.requestsPerSecond)
  const apart = 1 - Math.min(...rates) / Math.max(...rates)
  const verdict = apart <= flatTo ? '✓' : '✗'
  return `- ${what}: slowest ${percent(apart)} below fastest (goal: flat within 20 %) ${verdict}`
}
