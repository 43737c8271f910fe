import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { Announce } from '../command/announce.ts'
import { tempers, type Temper } from '../fakes/tempers.ts'
import { writePrivateFile } from '../servers/private-files.ts'
import { describeExit } from '../servers/processes.ts'
import { demoName } from './demo-names.ts'
import { startDemoUpstream } from './session-children.ts'

/** So long a killed one is away: time to look at how calls fare without it. */
const awayMs = 30_000
const stopMsMax = 5_000

/** One that runs, as the relay has to know it. */
export type RunningDemo = { name: string; url: string; apiKey: string }
type KeptDemo = { running: RunningDemo; stop(): Promise<void> }

type Around = { dataDir: string; say: Announce }

/** Starts so many demo upstreams of different temper. */
export const keepDemoUpstreams = (count: number, around: Around): Promise<KeptDemo[]> =>
  Promise.all(
    (Object.keys(tempers) as Temper[]).slice(0, count).map((temper) => keep(temper, around)),
  )

/**
 * Starts one whose process may be killed, by the number in its file: after a while it is started
 * again at the same address.
 */
async function keep(temper: Temper, { dataDir, say }: Around): Promise<KeptDemo> {
  const name = demoName(temper)
  const pidFile = join(dataDir, `${name}.pid`)
  const stopping = new AbortController()
  let demo = await startDemoUpstream({ temper })
  const { url, apiKey } = demo
  const port = Number(new URL(url).port)

  async function whileItRuns(): Promise<void> {
    writePrivateFile(pidFile, `${demo.process.pid}\n`)
    const exit = await demo.process.exited
    rmSync(pidFile, { force: true })
    if (stopping.signal.aborted) return
    say(`  ${name} has ended (${describeExit(exit)}); it is back in ${awayMs / 1_000} s.`)
  }

  async function again(): Promise<void> {
    while (!stopping.signal.aborted) {
      await whileItRuns()
      await Promise.race([delay(awayMs, undefined, { ref: false }), stopped])
      if (stopping.signal.aborted) return
      demo = await startDemoUpstream({ temper, port, apiKey })
      say(`  ${name} is back.`)
    }
    await demo.process.stop(stopMsMax)
  }

  const stopped = new Promise<void>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  const kept = again().catch((error: unknown) => say(`  ${name} stays away: ${String(error)}`))
  return {
    running: { name, url, apiKey },
    async stop() {
      stopping.abort()
      await demo.process.stop(stopMsMax)
      await kept
    },
  }
}
