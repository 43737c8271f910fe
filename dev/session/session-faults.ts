import { environmentFaults, readableSettings, valueFaults } from '../../app/config/env.ts'
import { databaseFault, listenFault } from '../../app/start/start-faults.ts'
import { CannotContinue } from '../command/announce.ts'
import { childEnvironment, type Settings } from '../command/environment.ts'
import { tempers } from '../fakes/tempers.ts'
import { choosePort } from '../servers/ports.ts'

/** What stands for a private server's address until it runs. */
const notYet = { databaseUrl: 'mysql://127.0.0.1/relay', redisUrl: 'redis://127.0.0.1' }

type Wanted = {
  settings: Settings
  /** The environment the relay would get, with these addresses. */
  relayEnvironment(stores: typeof notYet, port: number): Record<string, string | undefined>
}

/** What `work` comes to, or the words it cannot continue for. */
async function orFault<Result>(work: () => Promise<Result>): Promise<Result | CannotContinue> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CannotContinue) return error
    throw error
  }
}

const isPort = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65_535

async function freePortOf({ port, portIsExplicit }: Settings): Promise<number> {
  if (!isPort(port)) throw new CannotContinue('PORT: must be a whole number from 1 to 65535')
  return choosePort(port, portIsExplicit)
}

const demosMost = Object.keys(tempers).length

/** They are put into the database, beside nothing that is real. */
function demoFaults({ demoUpstreams, hasUpstream, databaseUrl }: Settings): string[] {
  const is = (words: string) => [`DEMO_UPSTREAMS: ${words}`]
  if (!Number.isInteger(demoUpstreams) || demoUpstreams < 0 || demoUpstreams > demosMost)
    return is(`must be a whole number from 0 to ${demosMost}`)
  if (demoUpstreams === 0) return []
  if (hasUpstream)
    return is(
      'is for a relay without an upstream; take OPENAI_API_KEY, OPENAI_BASE_URL and ANTHROPIC_API_KEY away',
    )
  if (databaseUrl !== undefined)
    return is('is for the private database of this command; take DATABASE_URL away')
  return []
}

/**
 * Looks whether a relay can start, before anything of it is started; answers the port it can have.
 * @throws CannotContinue with all that is wrong, a line each that names the variable.
 */
export async function checkStart(wanted: Wanted): Promise<number> {
  const { settings, relayEnvironment } = wanted
  const { databaseUrl = notYet.databaseUrl, redisUrl = notYet.redisUrl } = settings
  const port = await orFault(() => freePortOf(settings))
  const given = relayEnvironment(
    { databaseUrl, redisUrl },
    port instanceof CannotContinue ? settings.port : port,
  )
  // Also of what the demo or a private server would stand in for: somebody has meant it.
  const own = valueFaults(childEnvironment({}))
  const all = new Set([...own, ...environmentFaults(childEnvironment(given))])
  const faults = [...all].filter((it) => !it.startsWith('PORT:'))
  faults.push(...demoFaults(settings))
  if (port instanceof CannotContinue) faults.push(port.message)
  const { HOST } = readableSettings(childEnvironment(given))
  if (HOST !== undefined && !(port instanceof CannotContinue)) {
    const fault = await listenFault(port, HOST)
    if (fault !== undefined) faults.push(fault)
  }
  const canAsk =
    settings.databaseUrl !== undefined && !faults.some((it) => it.startsWith('DATABASE_URL:'))
  const trouble = canAsk
    ? await databaseFault(databaseUrl, settings.allowUnsafeDatabase)
    : undefined
  if (trouble !== undefined) faults.push(trouble)
  if (faults.length > 0 || port instanceof CannotContinue) {
    throw new CannotContinue(`Cannot start:\n${faults.map((it) => `  - ${it}`).join('\n')}`)
  }
  return port
}
