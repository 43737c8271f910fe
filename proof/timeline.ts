import { setTimeout as sleep } from 'node:timers/promises'
import { fillDatabase, type Ground } from './ground.ts'
import type { Relays } from './relays.ts'

/** What was done to the relays or what they run on, and from when to when. */
export type Episode = {
  what: string
  from: number
  to: number
  /** Calls may be refused with 503 meanwhile, and until everything is there again. */
  mayRefuse: boolean
  note: string
}

export type Doing = { what: string; atMs: number; mayRefuse: boolean; work(): Promise<string> }

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

/** Both relays, one after the other, are ended and started from `folder`. */
export const rolling = (relays: Relays, folder: string) => async (): Promise<string> => {
  const said: string[] = []
  for (const relay of relays.all) {
    const { endedMs, readyMs } = await relay.restart(folder)
    said.push(`drained in ${inSeconds(endedMs)}, ready after ${inSeconds(readyMs)}`)
  }
  return said.join('; ')
}

/** The minute that the issue of production is about. */
export function hardMinute(ground: Ground, relays: Relays, folder: string): Doing[] {
  const { mariadb, redis, disk } = ground
  return [
    { what: 'rolling restart', atMs: 4_000, mayRefuse: false, work: rolling(relays, folder) },
    {
      what: 'database killed (kill -9)',
      atMs: 30_000,
      mayRefuse: true,
      async work() {
        await mariadb.kill9()
        const killedAt = performance.now()
        await mariadb.restart()
        return `back after ${inSeconds(performance.now() - killedAt)}`
      },
    },
    {
      what: 'Redis killed (kill -9)',
      atMs: 40_000,
      mayRefuse: false,
      async work() {
        await redis.kill9()
        await sleep(3_000)
        await redis.restart()
        return 'away for 3 s'
      },
    },
    {
      what: disk ? 'disk of the database full' : 'file of the database full',
      atMs: 47_000,
      mayRefuse: true,
      async work() {
        const startedAt = performance.now()
        const free = await fillDatabase(ground)
        const filled = inSeconds(performance.now() - startedAt)
        await sleep(6_000)
        await free()
        return `filled in ${filled}, then not a page left for 6 s`
      },
    },
  ]
}

/** Does each in its time, and lets `wholeMs` pass in all. */
export async function go(doings: Doing[], wholeMs: number): Promise<Episode[]> {
  const startedAt = Date.now()
  const episodes: Episode[] = []
  for (const { what, atMs, mayRefuse, work } of doings) {
    await sleep(Math.max(0, startedAt + atMs - Date.now()))
    const from = Date.now()
    const note = await work()
    episodes.push({ what, from, to: Date.now(), mayRefuse, note })
  }
  await sleep(Math.max(0, startedAt + wholeMs - Date.now()))
  return episodes
}
