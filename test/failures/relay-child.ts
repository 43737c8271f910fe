import { closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { randomUUID } from 'node:crypto'
import { present } from '../present.ts'
import { spawnOwned, type Exit } from '../../dev/servers/processes.ts'
import type { RelayProcessOptions } from './relay-process.ts'
import { relayProgram } from './relay-program.ts'

/** A relay in a process of its own. */
export type RelayChild = {
  /** http://127.0.0.1:PORT/v1 */
  url: string
  pid: number
  exited: Promise<Exit>
  kill9(): void
  sigterm(): void
  /** Ends it in good order, and by force after 20 seconds. */
  end(): Promise<Exit>
  /** What it has logged: warnings and errors. */
  logged(): string
}

const children = new Set<{ stop(graceMs: number): Promise<Exit> }>()

/** For `after`: ends every relay that still runs. */
export const endRelayChildren = () => Promise.all([...children].map((child) => child.stop(5_000)))

/** A file without a name: it is gone with the last process that has it open. */
export function openUnnamedFile() {
  const path = join(tmpdir(), `relay-log-${randomUUID()}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}

export function readWhole(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size)
  readSync(file, bytes, 0, bytes.length, 0)
  return bytes.toString()
}

/** Starts a relay; rejects with what it said when it ends instead of coming up. */
export async function startRelayChild({
  upstream: { url: upstreamUrl, apiKey },
  ...rest
}: RelayProcessOptions): Promise<RelayChild> {
  const options = { ...rest, upstream: { url: upstreamUrl, apiKey } }
  const log = openUnnamedFile()
  const child = spawnOwned(process.execPath, [await relayProgram(), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', log],
  })
  children.add(child)
  let last = ''
  const logged = () => (last = child.isRunning() ? readWhole(log) : last)
  const exited = child.exited.then((exit) => {
    last = readWhole(log)
    closeSync(log)
    children.delete(child)
    return exit
  })
  const firstLine = new Promise<string>((resolve) => {
    createInterface({ input: present(child.stdout) }).once('line', resolve)
  })
  const ended = exited.then(() => {
    throw new Error(`the relay did not come up: ${last}`)
  })
  const { url } = JSON.parse(await Promise.race([firstLine, ended])) as { url: string }
  ended.catch(() => undefined)
  return {
    url,
    pid: child.pid,
    exited,
    kill9: () => child.signal('SIGKILL'),
    sigterm: () => child.signal('SIGTERM'),
    end: () => child.stop(20_000),
    logged,
  }
}
