import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

import { CannotContinue, runCommand } from './command/announce.ts'
import { lockFileOf, publishedEndpoints, secretFileOf } from './session/endpoints.ts'
import { childEnvironment, readSettings, type Settings } from './command/environment.ts'
import { lockHolder, tryLock, type Lock } from './servers/folder-lock.ts'
import { watchForInterruption, type Interruption } from './session/interruption.ts'
import { keptSecret } from './servers/private-files.ts'
import { exitCodeOf, type Exit } from './servers/processes.ts'
import { startServers } from './servers/servers.ts'

/** How long to wait for a start that is under way, or for another command to finish. */
const waitMsMax = 120_000

type Stores = {
  databaseUrl: string
  redisUrl: string | undefined
  /** The servers are this clone's own, and so is the person who is meant. */
  isLocal: boolean
  /** Where npm start has a relay that signs in without a provider, while it runs. */
  signInUrl: string | undefined
  close(): Promise<void>
}

await runCommand(async () => {
  const interruption = watchForInterruption()
  const settings = readSettings()
  const stores = await openStores(settings)
  try {
    return await runCli(process.argv.slice(2), stores, settings, interruption)
  } finally {
    await stores.close()
  }
})

/** The servers named from outside, else those that run for this clone, else our own for now. */
async function openStores(settings: Settings): Promise<Stores> {
  const { databaseUrl, redisUrl, dataDir } = settings
  const close = async () => undefined
  // With a database named, this may be any machine: nothing is started or installed on it.
  if (databaseUrl !== undefined) {
    const running = runningHere(settings)
    return {
      databaseUrl,
      redisUrl,
      isLocal: running !== undefined,
      signInUrl: running?.signInUrl,
      close,
    }
  }
  const deadline = performance.now() + waitMsMax
  for (;;) {
    const lock = tryLock(lockFileOf(dataDir), 'npm run relay')
    if (lock !== undefined) return startOwn(settings, lock)
    const running = publishedEndpoints(dataDir)
    if (running !== undefined) {
      return {
        databaseUrl: running.databaseUrl,
        redisUrl: redisUrl ?? running.redisUrl,
        isLocal: true,
        signInUrl: running.signInUrl,
        close,
      }
    }
    if (performance.now() > deadline) {
      const holder = lockHolder(lockFileOf(dataDir))
      throw new CannotContinue(`${dataDir} is in use by process ${holder?.pid}, still starting.`)
    }
    await delay(100)
  }
}

/** What npm start runs on the database that is named; undefined where it runs on another. */
function runningHere({ databaseUrl, dataDir }: Settings) {
  const running = publishedEndpoints(dataDir)
  return running?.databaseUrl === databaseUrl ? running : undefined
}

/**
 * Its endpoints are not published: another command must not come to rely on servers that end
 * with this one, and waits for the lock instead.
 */
async function startOwn(settings: Settings, lock: Lock): Promise<Stores> {
  const servers = await startServers({
    dir: settings.dataDir,
    needRedis: settings.redisUrl === undefined,
    say: (line) => console.error(line),
  })
  return {
    databaseUrl: servers.localDatabaseUrl ?? '',
    redisUrl: settings.redisUrl ?? servers.redisUrl,
    isLocal: true,
    signInUrl: undefined,
    async close() {
      await servers.stop()
      lock.release()
    },
  }
}

async function runCli(
  args: string[],
  { databaseUrl, redisUrl, isLocal, signInUrl }: Stores,
  { sessionSecret, dataDir }: Settings,
  interruption: Interruption,
): Promise<number> {
  const secret = () => sessionSecret ?? keptSecret(secretFileOf(dataDir))
  const child = spawn(process.execPath, ['--import', 'tsx', 'app/cli/main.ts', ...args], {
    stdio: 'inherit',
    env: childEnvironment({
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      // As `npm start` runs it; with a database named, whatever the environment says.
      ...(isLocal && {
        RELAY_MODE: 'local',
        APP_URL: signInUrl,
        // Keys of upstreams are sealed by it, whether or not the relay runs.
        SESSION_SECRET: secret(),
      }),
    }),
  })
  void interruption.happened.then((signal) => child.kill(signal))
  const [code, signal] = (await once(child, 'exit')) as [Exit['code'], Exit['signal']]
  return exitCodeOf({ code, signal })
}
