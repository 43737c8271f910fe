import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { lockHolder } from '../servers/folder-lock.ts'
import { writePrivateFile } from '../servers/private-files.ts'

/** Where the servers of a data folder are while somebody holds its lock. */
type Endpoints = {
  pid: number
  databaseUrl: string
  redisUrl: string
  /** Where the relay signs in without a provider, once it runs; undefined where it never does. */
  signInUrl?: string
}

export function lockFileOf(dataDir: string): string {
  return join(dataDir, 'lock')
}

/** Where the session secret of local mode is kept, when none is set. */
export function secretFileOf(dataDir: string): string {
  return join(dataDir, 'session-secret')
}

/** Lets other commands of this clone find the servers. Only the lock's holder may call it. */
export function publishEndpoints(dataDir: string, endpoints: Omit<Endpoints, 'pid'>): void {
  writePrivateFile(fileIn(dataDir), `${JSON.stringify({ pid: process.pid, ...endpoints })}\n`)
}

export function withdrawEndpoints(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true })
}

/** The endpoints the lock's present holder published; a crash's leavings do not count. */
export function publishedEndpoints(dataDir: string): Endpoints | undefined {
  try {
    const endpoints = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as Endpoints
    return endpoints.pid === lockHolder(lockFileOf(dataDir))?.pid ? endpoints : undefined
  } catch {
    return undefined
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'endpoints.json')
}
