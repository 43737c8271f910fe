import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { settingNames } from '../app/config/env.ts'
import { childEnvironment } from '../dev/command/environment.ts'
import {
  freePort,
  spawnOwned,
  untilItAnswers,
  type OwnedProcess,
} from '../dev/servers/processes.ts'
import type { Ground } from './ground.ts'

export type Said = { status: number | null; text: string }

/** A relay of its own port; another process takes it over when it is restarted. */
export type Relay = {
  port: number
  pid(): number
  /** Ends it by SIGTERM, waits, and starts what is in `folder`. Answers how long each took. */
  restart(folder: string): Promise<{ endedMs: number; readyMs: number }>
  stop(): Promise<void>
  /** All that its processes have logged. */
  logged(): string
}

const startMsMax = 60_000
/** Longer than a drain may take. */
const stopMsMax = 60_000
const nobody = '65534'
/** Blank is said: no `.env` of whoever runs this says more. */
const blanks = Object.fromEntries(settingNames.map((name) => [name, '']))

/** Node in a folder, as a user without rights where we have some to give up. */
function asNobody(args: string[]): [file: string, args: string[]] {
  if (process.getuid?.() !== 0) return [process.execPath, args]
  const lesser = ['--reuid', nobody, '--regid', nobody, '--clear-groups', '--pdeathsig', 'TERM']
  return ['setpriv', [...lesser, '--', process.execPath, ...args]]
}

/** What relays need of what they run on. */
type Footing = Pick<Ground, 'dir' | 'upstream'> & {
  redis: Pick<Ground['redis'], 'url'>
  providers: { env: object }
}
type Told = Record<string, string>
type RelaysOptions = {
  ground: Footing & Pick<Ground, 'opened'>
  /** Of the first and of the second. */
  databaseUrls: readonly [string, string]
  appUrl: string
  env?: Told
}

/** What the relays and the command line are told. */
export function environmentOf(
  { ground, databaseUrls, appUrl, env }: Omit<RelaysOptions, 'ground'> & { ground: Footing },
  secret: string,
): Told {
  const { redis, upstream, providers } = ground
  return {
    ...blanks,
    NODE_ENV: 'production',
    APP_URL: appUrl,
    DATABASE_URL: databaseUrls[0],
    REDIS_URL: redis.url,
    OPENAI_API_KEY: upstream.apiKey,
    OPENAI_BASE_URL: upstream.url,
    ANTHROPIC_API_KEY: upstream.apiKey,
    ANTHROPIC_BASE_URL: upstream.url,
    SESSION_SECRET: secret,
    WELCOME_CREDIT_USD: '5',
    ...providers.env,
    ...env,
  }
}

export type Relays = {
  all: [Relay, Relay]
  /** The operator's command line, as it is in `folder`. */
  cli(folder: string, ...args: string[]): Promise<Said>
}

/** Two relays in production mode, from the builds in `folder`. */
export async function startRelays(options: RelaysOptions, folder: string): Promise<Relays> {
  const secret = randomBytes(32).toString('base64url')
  const told = environmentOf(options, secret)
  const [first, second] = options.databaseUrls
  const startOne = async (url: string) => {
    const relay = await startRelay(options.ground, { ...told, DATABASE_URL: url }, folder)
    options.ground.opened.closeWith(() => relay.stop())
    return relay
  }
  const all: [Relay, Relay] = [await startOne(first), await startOne(second)]
  return { all, cli: (where, ...args) => runCli(told, where, args) }
}

/** The operator's command line, as it is in `folder`. */
export async function runCli(told: Told, folder: string, args: string[]): Promise<Said> {
  const [file, rest] = asNobody([join('build', 'relay.mjs'), ...args])
  const env = childEnvironment(told)
  const child = spawn(file, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit') as Promise<[number | null]>
  const [said, failed] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = await exit
  return { status, text: said + failed }
}

/** A relay from the build in `folder`. @throws what it said where it ended instead of coming up. */
export async function startRelay(
  { dir }: Pick<Ground, 'dir'>,
  told: Told,
  folder: string,
): Promise<Relay> {
  const port = await freePort()
  const logFile = resolve(dir, `relay-${port}.log`)
  const launch = async (where: string): Promise<OwnedProcess> => {
    const log = openSync(logFile, 'a')
    const [file, args] = asNobody(['--enable-source-maps', 'build/server.mjs'])
    const env = childEnvironment({ ...told, PORT: String(port) })
    const child = spawnOwned(file, args, { cwd: where, env, stdio: ['ignore', log, log] })
    closeSync(log)
    const answers = () => isReady(port)
    await untilItAnswers(`The relay on port ${port}`, startMsMax, answers, child).catch(
      async (error: unknown) => {
        await child.stop(stopMsMax)
        throw new Error(readFileSync(logFile, 'utf8'), { cause: error })
      },
    )
    return child
  }
  let child = await launch(folder)
  return {
    port,
    pid: () => child.pid,
    async restart(where) {
      const startedAt = performance.now()
      await child.stop(stopMsMax)
      const endedAt = performance.now()
      child = await launch(where)
      return { endedMs: endedAt - startedAt, readyMs: performance.now() - endedAt }
    },
    stop: async () => void (await child.stop(stopMsMax)),
    logged: () => readFileSync(logFile, 'utf8'),
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200
  } catch {
    // Nobody listens there yet.
    return false
  }
}
