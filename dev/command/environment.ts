import { delimiter, resolve } from 'node:path'

import { namesUpstream } from '../../app/config/named-upstreams.ts'

/** What the commands under dev/ take from outside. An empty variable counts as unset. */
export type Settings = {
  port: number
  portIsExplicit: boolean
  dataDir: string
  databaseUrl: string | undefined
  redisUrl: string | undefined
  hasUpstream: boolean
  /** So many demo upstreams of different temper; what is no number is found out with all else. */
  demoUpstreams: number
  sessionSecret: string | undefined
  allowUnsafeDatabase: boolean
}

/** Variables that the commands read and the relay does not. */
export const ownSettings = ['DATA_DIR', 'DEMO_UPSTREAMS']

function read(name: string): string | undefined {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}

export function readSettings(): Settings {
  const port = read('PORT')
  return {
    // What is no port at all is found out with all else that is wrong.
    port: Number(port ?? 3000),
    portIsExplicit: port !== undefined,
    dataDir: resolve(read('DATA_DIR') ?? '.data'),
    databaseUrl: read('DATABASE_URL'),
    redisUrl: read('REDIS_URL'),
    hasUpstream: namesUpstream({
      OPENAI_API_KEY: read('OPENAI_API_KEY'),
      OPENAI_BASE_URL: read('OPENAI_BASE_URL'),
      ANTHROPIC_API_KEY: read('ANTHROPIC_API_KEY'),
    }),
    demoUpstreams: Number(read('DEMO_UPSTREAMS') ?? 0),
    sessionSecret: read('SESSION_SECRET'),
    allowUnsafeDatabase: read('ALLOW_UNSAFE_DATABASE') === '1',
  }
}

/** The environment of a child: ours with `changes` laid over it; undefined takes a name away. */
export function childEnvironment(changes: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...changes }
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete environment[name]
  }
  return environment
}

/** Folders that may hold a server program. Debian keeps mariadbd out of a plain user's PATH. */
export function programFolders(): string[] {
  const fromPath = (read('PATH') ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...new Set([...fromPath, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'])]
}

/** True where bootstrap.mjs is this process's parent, as it is of every command of package.json. */
export function isUnderBootstrap(): boolean {
  return read('BOOTSTRAP_PID') === String(process.ppid)
}

/** Where `npm test` put its servers, for test files; undefined outside of it. */
export const testServers = () => ({
  databaseUrl: read('TEST_DATABASE_URL'),
  /** The name of a database there with all tables, of which tests make copies. */
  databaseTemplate: read('TEST_DATABASE_TEMPLATE'),
  redisUrl: read('TEST_REDIS_URL'),
})

/** The demo upstreams that `npm start` has running, as it tells them to a child of its own. */
export const demosRunning = (): string => read('DEMO_UPSTREAMS_RUNNING') ?? '[]'
