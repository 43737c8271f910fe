import { Pool } from 'undici'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'

const anyHost: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** Where a relay that listens at this host is reached from its own machine. */
function ownAddress({ HOST, PORT }: Pick<Env, 'HOST' | 'PORT'>): string {
  const host = anyHost[HOST] ?? HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`
}

/**
 * The port of this relay, for pages that call the API: by no other way than everybody, and never
 * through a proxy. It waits as long as the API lets anybody wait.
 */
export const ownDoor = (env: Pick<Env, 'HOST' | 'PORT'>) =>
  new Pool(ownAddress(env), {
    connections: limits.playground.aProcessMax,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
