import { fork, type ChildProcess } from 'node:child_process'
import {
  BadEnvironment,
  environmentFaults,
  readableSettings,
  settingsAsOfNow,
  type Env,
} from '../../config/env.ts'

type Environment = Record<string, string | undefined>

/** The first argument of a relay that a parent process starts; the second is its number. */
const relayRole = 'relay-of-several'

/** The number of this process among several relays; undefined where it was not started as one. */
export const relayNumber = (args = process.argv): number | undefined =>
  args[2] === relayRole && process.connected ? Number(args[3]) : undefined

/** How its lines in the log say which of them it is. */
export const speakerOf = (number: number | undefined) =>
  number === undefined ? {} : { process: number }

/** What they say goes where the parent's words go; between them there is a channel. */
const options = (env: Environment) => ({
  env: env as NodeJS.ProcessEnv,
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'] as ['ignore', 'inherit', 'inherit', 'ipc'],
})

/** Starts this program anew, as one of several relays. It reads `.env` by itself. */
export const forkRelayOf =
  (environment: Environment) =>
  (number: number): ChildProcess =>
    fork(process.argv[1] ?? '', [relayRole, String(number)], options(environment))

export const forkPagesOf =
  (environment: Environment, program: string) =>
  (socketPath: string): ChildProcess =>
    fork(program, [socketPath], options(environment))

/** What only a start heeds. */
const ofParent = ['PORT', 'HOST', 'RELAY_PROCESSES', 'LOG_LEVEL'] as const

/** The settings as they stand now: what is wrong with them, and what of them is not taken over. */
export function settingsNow(env: Env, environment: Environment) {
  try {
    const now = settingsAsOfNow(environment)
    const read = readableSettings(now)
    const kept = ofParent.filter((name) => read[name] !== env[name])
    return { faults: environmentFaults(now), kept }
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return { faults: error.wrong, kept: [] }
  }
}
