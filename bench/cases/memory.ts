import { setTimeout as sleep } from 'node:timers/promises'
import { present } from '../../test/present.ts'
import { streamedQuestion as body } from '../answers.ts'
import { seedCallers } from '../callers.ts'
import { bound, median, table } from '../figures.ts'
import { startBareProxy, startScript, type Server } from '../servers.ts'
import type { Ground } from '../ground.ts'
import { newAgent, openStream } from '../stream-client.ts'
import { rssBytes } from '../cpu.ts'

const sizes = [1_000, 5_000]
const warmUp = 500
/** Streams that say something now and then, as those of thinking models do. */
const everyMs = 5_000
const openedAtOnce = 50
const MiB = 2 ** 20

/** Resident memory once it has been watched for a while with nothing happening. */
async function rssAtRest(pid: number): Promise<number> {
  const seen: number[] = []
  for (let i = 0; i < 15; i++) {
    await sleep(200)
    seen.push(rssBytes(pid))
  }
  return median(seen)
}

async function openMany(server: Server, keys: string[], streams: number) {
  const agent = newAgent(streams)
  for (let at = 0; at < streams; at += openedAtOnce) {
    await Promise.all(
      Array.from({ length: openedAtOnce }, async (_, i) => {
        const call = { url: server.url, key: present(keys[(at + i) % keys.length]), body, agent }
        const answer = await openStream(call)
        answer.on('error', () => undefined).resume()
      }),
    )
  }
  return { close: () => agent.destroy() }
}

/** Resident memory with many streams open at once. */
export async function benchMemory(ground: Ground): Promise<string[]> {
  const { dir, keep } = ground
  const upstream = keep(await startScript(dir, 'paced-upstream.ts', '1000', String(everyMs)))
  const databaseUrl = await ground.newDatabase()
  const keys = await seedCallers(databaseUrl, 1_000)
  const servers = [
    ['bare Node proxy', keep(await startBareProxy(dir, upstream.url))],
    ['relay', await ground.startRelay({ databaseUrl, upstream: upstream.url })],
  ] as const
  const rows: string[][] = []
  const goals: string[] = []
  for (const [name, server] of servers) {
    const warm = await openMany(server, keys, warmUp)
    warm.close()
    const idle = await rssAtRest(server.pid)
    const cells = [(idle / MiB).toFixed(0)]
    for (const size of sizes) {
      const open = await openMany(server, keys, size)
      const rss = await rssAtRest(server.pid)
      const kB = (rss - idle) / 1_000 / size
      cells.push((rss / MiB).toFixed(0), kB.toFixed(1))
      if (name === 'relay') goals.push(bound(`${size} streams, kB a stream`, kB, 40))
      open.close()
      await sleep(2_000)
    }
    rows.push([name, ...cells])
  }
  const heads = ['what', 'none, MiB', ...sizes.flatMap((size) => [`${size}, MiB`, 'kB a stream'])]
  return [
    `Streams that were opened, have said their first words, and say something every ${everyMs / 1_000} s; 1,000 accounts. Before "none", ${warmUp} streams were opened and left.`,
    '',
    ...table(heads, rows),
    '',
    ...goals,
  ]
}
