import { closeSync } from 'node:fs'
import { eventually } from '../../dev/command/eventually.ts'
import { childEnvironment } from '../../dev/command/environment.ts'
import { freePort, spawnOwned, type Exit } from '../../dev/servers/processes.ts'
import { openUnnamedFile, readWhole } from './relay-child.ts'
import type { Opened } from './opened.ts'
import { relayProgram } from './relay-program.ts'
import type { Site } from './site.ts'

/** One of the relays in the database's list of those that live. */
type LivingRelay = { id: string; pid: number }

/** Several relays behind one port. */
export type SeveralRelays = {
  /** http://127.0.0.1:PORT/v1 */
  url: string
  /** Of the parent. */
  pid: number
  exited: Promise<Exit>
  signal(name: NodeJS.Signals): void
  logged(): string
  /** Those that the database knows to live, the oldest first. */
  relays(): Promise<LivingRelay[]>
}

/** Starts them; `opened` ends them. Resolves when all are ready. */
export async function startSeveral(
  { books, upstream }: Site,
  redisUrl: string,
  opened: Opened,
  env: Record<string, string> = {},
): Promise<SeveralRelays> {
  const port = await freePort()
  const log = openUnnamedFile()
  const child = spawnOwned(process.execPath, [await relayProgram('several-process')], {
    stdio: ['ignore', 'ignore', log],
    env: childEnvironment({
      NODE_ENV: 'test',
      RELAY_MODE: 'local',
      RELAY_PROCESSES: '2',
      PORT: String(port),
      DATABASE_URL: books.url,
      REDIS_URL: redisUrl,
      OPENAI_API_KEY: upstream.apiKey,
      OPENAI_BASE_URL: upstream.url,
      SESSION_SECRET: 'a secret that is for tests alone, and long',
      LOG_LEVEL: 'info',
      ...env,
    }),
  })
  opened.closeWith(() => closeSync(log))
  opened.closeWith(() => child.stop(30_000))
  const logged = () => readWhole(log)
  await eventually(`all are up: ${logged()}`, () => {
    if (!child.isRunning()) throw new Error(`they did not come up: ${logged()}`)
    return logged().includes('"event":"listening"')
  })
  const relays = () =>
    books.sql<LivingRelay>(`select lower(hex(id)) as id, pid from relays order by started_at, id`)
  // Not to its group, as a terminal would.
  const signal = (name: NodeJS.Signals) => void process.kill(child.pid, name)
  const { pid, exited } = child
  return { url: `http://127.0.0.1:${port}/v1`, pid, exited, signal, logged, relays }
}
