import { delimiter, resolve } from 'node:path'

/** What the commands under dev/ take from outside. An empty variable counts as unset. */
export type Settings = {
  port: number
  portIsExplicit: boolean
  dataDir: string
  databaseUrl: string | undefined
  redisUrl: string | undefined
  openaiApiKey: string | undefined
  openaiBaseUrl: string | undefined
  sessionSecret: string | undefined
  appUrl: string | undefined
  isProduction: boolean
}

function read(name: string): string | undefined {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}

function readPort(): number | undefined {
  const text = read('PORT')
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`PORT must be a whole number from 1 to 65535, not ${text}`)
  }
  return port
}

export function readSettings(): Settings {
  const port = readPort()
  return {
    port: port ?? 3000,
    portIsExplicit: port !== undefined,
    dataDir: resolve(read('DATA_DIR') ?? '.data'),
    databaseUrl: read('DATABASE_URL'),
    redisUrl: read('REDIS_URL'),
    openaiApiKey: read('OPENAI_API_KEY'),
    openaiBaseUrl: read('OPENAI_BASE_URL'),
    sessionSecret: read('SESSION_SECRET'),
    appUrl: read('APP_URL'),
    isProduction: read('NODE_ENV') === 'production',
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

/** Where `npm test` put its servers, for test files; undefined outside of it. */
export function testServers(): { databaseUrl: string | undefined; redisUrl: string | undefined } {
  return { databaseUrl: read('TEST_DATABASE_URL'), redisUrl: read('TEST_REDIS_URL') }
}
