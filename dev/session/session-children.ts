import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { CannotContinue } from '../command/announce.ts'
import { childEnvironment } from '../command/environment.ts'
import type { Temper } from '../fakes/tempers.ts'
import {
  describeExit,
  spawnOwned,
  untilItAnswers,
  type OwnedProcess,
} from '../servers/processes.ts'

/** Whoever listens on these is reached on loopback too. */
const everyAddress = new Set(['0.0.0.0', '::'])
/** Migrations run in this time as well. */
const relayStartMsMax = 120_000

export type DemoUpstream = { process: OwnedProcess; url: string; apiKey: string }

type DemoSettings = { temper?: Temper; port?: number; apiKey?: string }

/** Starts the upstream that is not one: it answers like OpenAI and costs nothing. */
export async function startDemoUpstream({
  temper = 'steady',
  port = 0,
  apiKey = `demo-${randomBytes(16).toString('hex')}`,
}: DemoSettings = {}): Promise<DemoUpstream> {
  const args = ['--port', String(port), '--temper', temper, '--api-key', apiKey]
  const program = ['--import', 'tsx', 'dev/fakes/upstream/main.ts']
  const child = spawnOwned(process.execPath, [...program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await Promise.race([firstLine(child), child.exited])
  if (typeof line !== 'string') {
    throw new CannotContinue(`The demo upstream could not start (${describeExit(line)}).`)
  }
  const { url } = JSON.parse(line) as { url: string }
  return { process: child, url, apiKey }
}

async function firstLine(child: OwnedProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The demo upstream has no output to read')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  // Nobody reads on, but a full pipe would stop it.
  child.stdout.resume()
  return line
}

/** Starts the relay and waits until it says that it is ready; its output is shown as it comes. */
export function startRelay(args: string[], env: Record<string, string | undefined>): OwnedProcess {
  return spawnOwned(process.execPath, args, {
    env: childEnvironment(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Waits until /readyz says 200: the database is migrated and both stores answer. */
export async function waitUntilReady(
  relay: OwnedProcess,
  { HOST, PORT }: { HOST: string; PORT: number },
): Promise<void> {
  const host = everyAddress.has(HOST) ? '127.0.0.1' : HOST
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${PORT}/readyz`
  const isReady = async () => {
    try {
      const { status, body } = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      await body?.cancel()
      return status === 200
    } catch {
      return false
    }
  }
  await untilItAnswers('The relay', relayStartMsMax, isReady, relay)
}

export type LocalDeveloper = { signInToken?: string } & (
  { firstStart: true; apiKey: string } | { firstStart: false }
)

/** Makes the account of the person at this machine, once, with a key shown once. */
export async function prepareLocalDeveloper(
  env: Record<string, string | undefined>,
): Promise<LocalDeveloper> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'dev/session/local-developer.ts'], {
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new CannotContinue('The local developer could not be prepared.')
  return JSON.parse(output) as LocalDeveloper
}
