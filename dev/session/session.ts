import { step, type Announce } from '../command/announce.ts'
import { ensureBuild } from '../bundle/build.ts'
import { lockFileOf, publishEndpoints, secretFileOf, withdrawEndpoints } from './endpoints.ts'
import { environmentWarnings, readEnv } from '../../app/config/env.ts'
import { childEnvironment, readSettings, type Settings } from '../command/environment.ts'
import { lockOrRefuse } from '../servers/folder-lock.ts'
import { keepDemoUpstreams, type RunningDemo } from './demo-upstreams.ts'
import { greeting } from './greeting.ts'
import { watchForInterruption, type Interruption } from './interruption.ts'
import { keptSecret } from '../servers/private-files.ts'
import { describeExit, exitCodeOf, type OwnedProcess } from '../servers/processes.ts'
import { startServers } from '../servers/servers.ts'
import { checkStart } from './session-faults.ts'
import {
  prepareLocalDeveloper,
  startDemoUpstream,
  startRelay,
  waitUntilReady,
  type DemoUpstream,
} from './session-children.ts'

/** The relay finishes the answers it is in the midst of, tells the rest, and settles. */
const drainMsMax = 45_000
const demoStopMsMax = 5_000

/** How `npm start` and `npm run dev` differ. */
type SessionPlan = {
  command: string
  relayArguments: string[]
  relayEnvironment: Record<string, string>
  isBuilt: boolean
  /** Looks out for edits that the relay does not take up by itself; answers how to stop. */
  watch?: (say: Announce) => Promise<() => void>
}

type Session = {
  plan: SessionPlan
  settings: Settings
  say: Announce
  interruption: Interruption
  /** What has to be undone at the end, the latest first. */
  undo: (() => Promise<void> | void)[]
}

type Stores = { databaseUrl: string; redisUrl: string; died: Promise<string> }

/** Starts everything, waits for its end or for Ctrl-C, and stops what it started. */
export async function runSession(plan: SessionPlan): Promise<number> {
  const session: Session = {
    plan,
    settings: readSettings(),
    say: (line) => console.log(line),
    interruption: watchForInterruption(),
    undo: [],
  }
  try {
    return await run(session)
  } catch (error) {
    // Ctrl-C while starting makes whatever is under way fail, and that is no failure.
    if (session.interruption.signal() === undefined) throw error
    return 0
  } finally {
    for (const undo of session.undo.reverse()) await undo()
  }
}

async function run(session: Session): Promise<number> {
  const { plan, settings, say, interruption, undo } = session
  const isPrivate = settings.databaseUrl === undefined || settings.redisUrl === undefined
  lockDataDir(session)
  const port = await checkStart({
    settings,
    relayEnvironment: (stores, port) =>
      relayEnvironment(session, stores, port, !settings.hasUpstream ? noDemo : undefined),
  })
  if (port !== settings.port) say(`  Port ${settings.port} is in use; taking ${port}.`)

  const stores = await openStores(session, isPrivate)
  if (plan.isBuilt) await step(say, 'build', ensureBuild, (outcome) => outcome)
  const demo = !settings.hasUpstream ? await openDemo(session) : undefined
  const demos = await openDemos(session)
  if (interruption.signal() !== undefined) return 0

  const environment = relayEnvironment(session, stores, port, demo)
  const env = readEnv(childEnvironment(environment))
  for (const warning of environmentWarnings(env)) {
    say(`  Warning: ${warning}`)
  }
  const relay = startRelay(plan.relayArguments, environment)
  const endMsMax = env.DRAIN_SECONDS * 1_000 + drainMsMax
  undo.push(() => stopRelay(relay, session, endMsMax))
  const unwatch = await plan.watch?.(say)
  if (unwatch !== undefined) undo.push(unwatch)
  await step(say, 'relay', () =>
    Promise.race([waitUntilReady(relay, env), interruption.happened.then(interrupted)]),
  )
  // Local mode answers to nothing else, whatever APP_URL says.
  const url = `http://localhost:${port}`
  const hasLocalSignIn = Object.keys(env.providers).length === 0
  if (hasLocalSignIn) {
    const { databaseUrl, redisUrl } = stores
    publishEndpoints(settings.dataDir, { databaseUrl, redisUrl, signInUrl: url })
  }
  const developer = await prepareLocalDeveloper({
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    SESSION_SECRET: environment.SESSION_SECRET,
    // The secret that seals keys of upstreams goes with it there.
    RELAY_MODE: environment.RELAY_MODE,
    DEMO_UPSTREAMS_RUNNING: JSON.stringify(demos),
  })
  const names = demos.map(({ name }) => name)
  say(greeting(url, developer, { isDemo: demo !== undefined, hasLocalSignIn, demos: names }))
  return waitForEnd(session, relay, stores, demo)
}

/** What stands for the demo upstream until it runs. */
const noDemo = { apiKey: 'none', url: 'http://127.0.0.1' }

function lockDataDir({ settings, plan, undo }: Session): void {
  const lock = lockOrRefuse(lockFileOf(settings.dataDir), plan.command)
  undo.push(() => lock.release())
}

async function openStores(session: Session, isPrivate: boolean): Promise<Stores> {
  const { settings, say, undo } = session
  const { databaseUrl, redisUrl, dataDir } = settings
  const start = () =>
    startServers({
      dir: dataDir,
      needDatabase: databaseUrl === undefined,
      needRedis: redisUrl === undefined,
      say,
    })
  const servers = isPrivate ? await step(say, 'MariaDB and Redis', start) : undefined
  if (servers !== undefined) undo.push(() => servers.stop())
  const stores = {
    databaseUrl: databaseUrl ?? servers?.localDatabaseUrl ?? '',
    redisUrl: redisUrl ?? servers?.redisUrl ?? '',
  }
  publishEndpoints(dataDir, stores)
  undo.push(() => withdrawEndpoints(dataDir))
  return { ...stores, died: servers?.died ?? new Promise(() => undefined) }
}

async function openDemo({ say, undo }: Session): Promise<DemoUpstream> {
  const demo = await step(say, 'demo upstream', startDemoUpstream)
  undo.push(async () => void (await demo.process.stop(demoStopMsMax)))
  return demo
}

async function openDemos({ settings, say, undo }: Session): Promise<RunningDemo[]> {
  const { demoUpstreams, dataDir } = settings
  if (demoUpstreams === 0) return []
  const kept = await step(say, 'demo upstreams', () =>
    keepDemoUpstreams(demoUpstreams, { dataDir, say }),
  )
  undo.push(async () => void (await Promise.all(kept.map((it) => it.stop()))))
  return kept.map(({ running }) => running)
}

function relayEnvironment(
  { plan, settings }: Session,
  stores: Omit<Stores, 'died'>,
  port: number,
  demo: Pick<DemoUpstream, 'apiKey' | 'url'> | undefined,
): Record<string, string | undefined> {
  const { sessionSecret, dataDir } = settings
  return {
    PORT: String(port),
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    SESSION_SECRET: sessionSecret ?? keptSecret(secretFileOf(dataDir)),
    ...(demo !== undefined && {
      OPENAI_API_KEY: demo.apiKey,
      OPENAI_BASE_URL: demo.url,
      ANTHROPIC_API_KEY: demo.apiKey,
      ANTHROPIC_BASE_URL: demo.url,
      UPSTREAM_IS_DEMO: '1',
    }),
    RELAY_MODE: 'local',
    NODE_ENV: 'development',
    ...plan.relayEnvironment,
  }
}

async function waitForEnd(
  { interruption, say }: Session,
  relay: OwnedProcess,
  stores: Stores,
  demo: DemoUpstream | undefined,
): Promise<number> {
  const never = new Promise<never>(() => undefined)
  const end = await Promise.race([
    interruption.happened.then(() => ({ what: '', code: 0 })),
    relay.exited.then((exit) => ({
      what: `The relay ended on its own (${describeExit(exit)})`,
      code: exitCodeOf(exit),
    })),
    stores.died.then((what) => ({ what, code: 1 })),
    demo?.process.exited.then(() => ({ what: 'The demo upstream ended on its own', code: 1 })) ??
      never,
  ])
  if (end.what !== '') say(`\n  ${end.what}. Stopping.`)
  return end.code
}

async function stopRelay(
  relay: OwnedProcess,
  { interruption, say }: Session,
  msMax: number,
): Promise<void> {
  if (!relay.isRunning()) return
  say('\n  Stopping, once the answers under way are finished; Ctrl-C again does not wait.')
  void interruption.hurried.then(() => relay.signal('SIGKILL'))
  await relay.stop(msMax)
}

function interrupted(): never {
  throw new Error('interrupted')
}
