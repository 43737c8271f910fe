import { setTimeout as sleep } from 'node:timers/promises'
import { readDatabaseHosts } from '../config/database-address.ts'
import { limits } from '../config/limits.ts'
import type { Hosts, Term } from './hosts.ts'
import { NoHost } from './no-host.ts'

const { followEveryMs, followMsMax } = limits.db.hosts

/**
 * For a thread: works with the host that the thread which shares its choice works with. Where that
 * has failed here, it waits for the other one to see it too.
 */
export function followHosts(address: string, shared: Int32Array): Hosts {
  const all = readDatabaseHosts(address)
  const chosen = () => all[Atomics.load(shared, 0)]
  let term: Term | undefined
  let doubtedUntil = -Infinity
  return {
    shared,
    async pick() {
      while (chosen() === term?.host && performance.now() < doubtedUntil) await sleep(followEveryMs)
      doubtedUntil = -Infinity
      const host = chosen()
      if (!host) throw new NoHost('none of its hosts has been found well yet.')
      if (host !== term?.host) term = { host }
      return term
    },
    hasLeft: ({ host }) => host !== chosen(),
    doubt: () => void (doubtedUntil = performance.now() + followMsMax),
    heard: () => undefined,
    watch: () => () => undefined,
  }
}
