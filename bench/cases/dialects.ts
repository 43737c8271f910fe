import { present } from '../../test/present.ts'
import { seedCallers } from '../callers.ts'
import { dialects } from '../dialects.ts'
import { count, goal, percent, ratio, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { race, type Runner } from '../race.ts'
import { startStaticUpstream } from '../servers.ts'

const seconds = 3
const rounds = 5
const accounts = 1_000
const connections = [32, 128]
const least = 0.9

/** Streams of every dialect through one relay, taking turns: none costs much more than chat's. */
export async function benchDialects(ground: Ground): Promise<string[]> {
  const { dir, keep } = ground
  const only = new RegExp(ground.only ?? '')
  // All are measured by chat's, so that is always there.
  const all = Object.entries(dialects).filter(([name]) => name === 'chat' || only.test(name))
  const answers = Object.fromEntries(all.map(([, { path, answer }]) => [path, answer]))
  const upstream = keep(await startStaticUpstream(dir, 'text/event-stream', answers))
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, accounts)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
  const runners = all.map(([name, { path, body, headers }]): Runner => {
    const load = { url: relay.url, keys, path, body, ...(headers && { headers }) }
    return { name, load, pids: { own: relay.pid, mariadb: ground.mariadbPid } }
  })
  const rows: string[][] = []
  const goals: string[] = []
  for (const atOnce of connections) {
    const outcomes = await race(runners, { connections: atOnce, seconds, rounds })
    const rateOf = (name: string) =>
      present(outcomes.find((it) => it.name === name)).requestsPerSecond
    const chat = rateOf('chat')
    for (const it of outcomes) {
      const cpu = [it.cpuUs.own, it.cpuUs.mariadb].map((us) => count(present(us)))
      const figures = [count(it.requestsPerSecond), percent(it.spread), it.p99Ms.toFixed(2)]
      const of = ratio(it.requestsPerSecond / chat)
      rows.push([String(atOnce), it.name, ...figures, of, ...cpu])
    }
    for (const { name } of outcomes.slice(1))
      goals.push(
        goal(`${name} at ${atOnce} connections, of chat's streams`, rateOf(name) / chat, least),
      )
  }
  return [
    `One relay and one static upstream; ${accounts.toLocaleString('en-US')} accounts; the same answer of 62 words, each in an event, in each dialect; ${rounds} rounds of ${seconds} s, taking turns; medians.`,
    '',
    ...table(
      [
        'connections',
        'dialect',
        'streams/s',
        '±',
        'p99, ms',
        'of chat',
        'own CPU, µs',
        'MariaDB, µs',
      ],
      rows,
    ),
    '',
    ...goals,
  ]
}
