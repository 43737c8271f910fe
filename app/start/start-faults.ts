import { createServer } from 'node:net'
import { environmentFaults, readableSettings } from '../config/env.ts'
import {
  checkClock,
  checkDatabase,
  createPool,
  databaseTrouble,
  hostsOf,
  UnfitDatabase,
} from '../db/db.server.ts'

type Source = Record<string, string | undefined>

/** Why the database at this address cannot be started on; undefined where it can. */
export async function databaseFault(url: string, allowUnsafe: boolean) {
  const db = createPool(hostsOf(url, { allowUnsafe }), { size: 1 })
  try {
    await checkDatabase(db, allowUnsafe)
    await checkClock(db)
    return undefined
  } catch (error) {
    if (error instanceof UnfitDatabase) return error.message
    const trouble = databaseTrouble(error)
    if (trouble === undefined) throw error
    return trouble
  } finally {
    await db.close()
  }
}

type ListenError = NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string }

/** What a listen that failed means; undefined where it is of another kind. */
export function listenTrouble(error: unknown): string | undefined {
  const { code, syscall, port, address, hostname } = error as ListenError
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined
  if (code === 'EADDRINUSE') {
    return `PORT: ${port} is in use; stop what listens there, or set another.`
  }
  if (code === 'EACCES') return `PORT: ${port} is for root alone; set one from 1024 on.`
  return `HOST: this machine cannot listen on ${address ?? hostname} (${code}); set an address that it has.`
}

/** Why nothing can listen there; undefined where something can. */
export function listenFault(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const trouble = listenTrouble(error)
      if (trouble === undefined) reject(error)
      else resolve(trouble)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** All that keeps a relay from starting, a line each, before anything of it is started. */
export async function startFaults(source?: Source): Promise<string[]> {
  const { PORT, HOST, DATABASE_URL, ALLOW_UNSAFE_DATABASE } = readableSettings(source)
  const found = await Promise.all([
    PORT !== undefined && HOST !== undefined ? listenFault(PORT, HOST) : undefined,
    DATABASE_URL !== undefined
      ? databaseFault(DATABASE_URL, ALLOW_UNSAFE_DATABASE ?? false)
      : undefined,
  ])
  return [...environmentFaults(source), ...found.filter((fault) => fault !== undefined)]
}
