import type { Log } from '../telemetry/log.ts'
import type { Elsewhere } from './elsewhere.ts'
import { createPassOn, type PassOn } from './pass-on.ts'

type PassedPages = Elsewhere & {
  /** They are behind this socket from now on; what is under way at an old one ends there. */
  moved(socketPath: string): void
  /** They have ended: what is under way there has no more to wait for. */
  lost(): void
}

/** Passes requests on to pages that are served behind a socket, wherever that comes to be. */
export function passPages(log: Log): PassedPages {
  let passOn: PassOn | undefined
  const old = new Set<PassOn>()
  return {
    moved(socketPath) {
      const before = passOn
      passOn = createPassOn(socketPath, log)
      if (!before) return
      old.add(before)
      void before.leave().finally(() => old.delete(before))
    },
    lost: () => void passOn?.close(),
    handle(incoming, res) {
      if (!passOn) throw new Error('nobody has said where the pages are')
      return passOn.handle(incoming, res)
    },
    async stop() {
      await Promise.all([...old, ...(passOn ? [passOn] : [])].map((each) => each.close()))
    },
  }
}
