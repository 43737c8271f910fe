import { present } from '../../test/present.ts'
import { streamedAnswer, streamedQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { bound, median, percentile, table } from '../figures.ts'
import { warmUp } from '../race.ts'
import { startBareProxy, startStaticUpstream } from '../servers.ts'
import type { Ground } from '../ground.ts'
import { firstByteMs, newAgent } from '../stream-client.ts'
import { durableReserve } from '../durable-reserve.ts'
import { shoot } from '../wrk.ts'

const calls = 300
const warmUpCalls = 200

/** One connection, one call after the other: what the relay adds before the first byte. */
export async function benchFirstByte(ground: Ground): Promise<string[]> {
  const { dir, keep } = ground
  const upstream = keep(await startStaticUpstream(dir, 'text/event-stream', streamedAnswer))
  const bare = keep(await startBareProxy(dir, upstream.url))
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 101)
  const relay = await ground.startRelay({ databaseUrl, upstream: upstream.url })
  const reserve = await durableReserve(databaseUrl)
  keep({ stop: reserve.close })
  for (const { url } of [bare, relay])
    await shoot({ url, keys: keys.slice(0, -1), body, ...warmUp })
  const agent = newAgent(1)
  const ways: Record<string, (at: number) => Promise<number>> = {
    'upstream, direct': () => firstByteMs({ url: upstream.url, key: 'none', body, agent }),
    'bare Node proxy': () => firstByteMs({ url: bare.url, key: 'none', body, agent }),
    relay: (at) => firstByteMs({ url: relay.url, key: present(keys[at % 100]), body, agent }),
    'a durable reserve transaction, bare': () => reserve.once(),
  }
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let at = -warmUpCalls; at < calls; at++) {
    for (const [name, way] of Object.entries(ways)) {
      const ms = await way(at + warmUpCalls)
      if (at >= 0) present(times.get(name)).push(ms)
    }
  }
  agent.destroy()
  const of = (name: string) => median(present(times.get(name)))
  const added = of('relay') - of('upstream, direct')
  const transaction = of('a durable reserve transaction, bare')
  const rows = [...times].map(([name, ms]) => [
    name,
    median(ms).toFixed(2),
    percentile(ms, 0.9).toFixed(2),
    percentile(ms, 0.99).toFixed(2),
  ])
  return [
    `${calls} streamed calls each, one connection, all ways in turn; the settlement of one call is over before the next begins. The transaction: begin, lock the account, read the key, write hold, account and key, commit; in two round trips on one connection of its own.`,
    '',
    ...table(['to the first byte', 'p50, ms', 'p90, ms', 'p99, ms'], rows),
    '',
    `- added over direct: ${added.toFixed(2)} ms`,
    bound('added, in durable reserve transactions', added / transaction, 1.5),
  ]
}
