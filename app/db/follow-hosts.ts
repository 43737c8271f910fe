import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { readDatabaseHosts, type DatabaseHost } from '../config/database-address.ts'
import { limits } from '../config/limits.ts'
import type { Hosts, Term } from './hosts.ts'
import { NoHost } from './no-host.ts'

const { followEveryMs, followMsMax } = limits.db.hosts

/** A term at a host, and how to tell whoever still waits for its answers that it is over. */
function beginTerm(host: DatabaseHost) {
  const end = new AbortController()
  // Each statement under way waits for it.
  setMaxListeners(0, end.signal)
  const term: Term = { host, lost: end.signal }
  // What is under way when calls go back to a host that is well has the time that it takes.
  return { term, endSoon: () => void setTimeout(() => end.abort(), followMsMax).unref() }
}

/**
 * For a thread: works with the host that the thread which shares its choice works with. Where that
 * has failed here, it waits for the other one to see it too.
 */
export function followHosts(address: string, shared: Int32Array): Hosts {
  const all = readDatabaseHosts(address)
  const chosen = () => all[Atomics.load(shared, 0)]
  let own: ReturnType<typeof beginTerm> | undefined
  let doubtedUntil = -Infinity
  const follow = () => {
    const host = chosen()
    if (host === own?.term.host) return own?.term
    own?.endSoon()
    own = host && beginTerm(host)
    return own?.term
  }
  return {
    shared,
    async pick() {
      // Looked at again and again: what is shared by threads wakes nobody who waits by an event.
      while (chosen() === own?.term.host && performance.now() < doubtedUntil)
        await sleep(followEveryMs)
      doubtedUntil = -Infinity
      const term = follow()
      if (!term) throw new NoHost('none of its hosts has been found well yet.')
      return term
    },
    hasLeft: ({ host }) => host !== chosen(),
    // One that is left already is no reason to wait.
    doubt(term) {
      if (term === own?.term) doubtedUntil = performance.now() + followMsMax
    },
    heard: () => undefined,
    watch() {
      const timer = setInterval(follow, followEveryMs).unref()
      return () => clearInterval(timer)
    },
  }
}
