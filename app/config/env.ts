import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { parseUsd } from '../values/money.ts'
import { missingHalves, providersOf, providerVariables, type Providers } from './providers.ts'
import { proxiesOf, proxyVariables, type Proxies } from './proxies.ts'

/** The only reader of process.env; everything else is handed what it needs. */

const url = (protocols: string[]) =>
  z.string().refine(
    (text) => {
      try {
        return protocols.includes(new URL(text).protocol)
      } catch {
        return false
      }
    },
    `must be an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  )

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const flag = z.enum(['0', '1']).transform((text) => text === '1')

const httpUrl = url(['http:', 'https:'])

const welcomeCredit = z
  .string()
  .transform((text) => parseUsd(text) ?? -1)
  .refine(
    (nanos) => nanos >= 0 && nanos <= limits.accounts.nanosMax,
    'must be dollars, such as 5 or 0.25, with at most nine decimals',
  )

const names = z
  .string()
  .transform((text) => new Set(text.split(',').map((name) => name.trim())))
  .refine(
    (all) => [...all].every((name) => /^[\w.-]{1,64}$/.test(name)),
    'must be names with commas between them, such as thinking,top_k',
  )

const Schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  /** `local`: one person on their own machine, signed in without a provider, loopback only. */
  RELAY_MODE: z.enum(['local', 'server']).default('server'),
  PORT: whole(0, 65_535).default(3000),
  /** Where the server listens. Local mode accepts nothing but loopback. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** The address people reach this server at; also what unsafe requests' Origin must equal. */
  APP_URL: httpUrl.transform((text) => text.replace(/\/+$/, '')).optional(),
  DATABASE_URL: url(['mysql:']),
  REDIS_URL: url(['redis:', 'rediss:']),
  OPENAI_API_KEY: z.string().min(1, 'must not be empty'),
  OPENAI_BASE_URL: httpUrl.default('https://api.openai.com/v1'),
  /** Members of a request, and types of tools, that go upstream although nobody here prices them. */
  OPENAI_ALLOW_MEMBERS: names.optional(),
  /** How long an answer is read on when its client has left, for the usage at its end. */
  OPENAI_READ_ON_SECONDS: whole(0, limits.upstream.totalMsMax / 1_000).default(
    limits.readOns.secondsUsual,
  ),
  SESSION_SECRET: z.string().min(32, 'must have 32 characters or more'),
  ...providerVariables(httpUrl),
  ...proxyVariables,
  /** What everybody who signs in for the first time is given. */
  WELCOME_CREDIT_USD: welcomeCredit.optional(),
  UPSTREAM_IS_DEMO: flag.default(false),
  /** Accept a database that may lose committed money with the power. */
  ALLOW_UNSAFE_DATABASE: flag.default(false),
  /** Hot reload: serve the app through Vite instead of the build. */
  RELAY_DEV: flag.default(false),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

type Read = z.infer<typeof Schema>
type Folded =
  | keyof ReturnType<typeof providerVariables>
  | keyof typeof proxyVariables
  | 'WELCOME_CREDIT_USD'
  | 'OPENAI_ALLOW_MEMBERS'
export type Env = Omit<Read, Folded> & {
  APP_URL: string
  /** Who people can sign in with; none where it is empty. */
  providers: Providers
  /** What the upstream and the providers are reached through. */
  proxies: Proxies | undefined
  welcomeNanos: number
  OPENAI_ALLOW_MEMBERS: ReadonlySet<string>
}

const forgettable = /^(change[-_ ]?me|secret|default|password|example|(.)\2*)$/i
const loopback = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/

/** What no schema of single values sees: how they go together. */
function contradictions(env: Read): string[] {
  const wrong: string[] = []
  if (env.NODE_ENV === 'production' && forgettable.test(env.SESSION_SECRET.trim())) {
    wrong.push('SESSION_SECRET: is a default or a single repeated character')
  }
  if (env.RELAY_MODE === 'local' && !loopback.test(env.HOST)) {
    wrong.push('HOST: local mode signs anybody in, so it listens on loopback only')
  }
  if (env.RELAY_MODE === 'local' && env.NODE_ENV === 'production') {
    wrong.push('RELAY_MODE: local mode is not for NODE_ENV=production')
  }
  if (env.RELAY_MODE === 'server' && !env.APP_URL) {
    wrong.push('APP_URL: is missing; it is the address people reach this server at')
  }
  if (env.RELAY_MODE === 'server' && env.UPSTREAM_IS_DEMO) {
    wrong.push('UPSTREAM_IS_DEMO: the demo upstream is for local mode')
  }
  for (const name of missingHalves(env)) {
    wrong.push(`${name}: is missing; a provider needs both its id and its secret`)
  }
  return wrong
}

/** A start that cannot work, with everything that is wrong with it. Holds no value, only names. */
export class BadEnvironment extends Error {
  constructor(readonly wrong: string[]) {
    super(`The environment is not right:\n${wrong.map((line) => `  - ${line}`).join('\n')}`)
  }
}

/** An empty variable is one that somebody left blank. */
const withoutBlanks = (source: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))

/** Reads the environment, or throws `BadEnvironment` listing all that is wrong at once. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = withoutBlanks(source)
  const parsed = Schema.safeParse(given)
  if (!parsed.success) {
    throw new BadEnvironment(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0])
        return `${name}: ${given[name] === undefined ? 'is missing' : issue.message}`
      }),
    )
  }
  const wrong = contradictions(parsed.data)
  if (wrong.length) throw new BadEnvironment(wrong)
  const { APP_URL = `http://localhost:${parsed.data.PORT}`, WELCOME_CREDIT_USD = 0 } = parsed.data
  return {
    ...parsed.data,
    APP_URL,
    OPENAI_ALLOW_MEMBERS: parsed.data.OPENAI_ALLOW_MEMBERS ?? new Set(),
    providers: providersOf(parsed.data),
    proxies: proxiesOf(parsed.data),
    welcomeNanos: WELCOME_CREDIT_USD,
  }
}

/** What the command line needs of the environment: a database, and Redis where there is one. */
export function readCliEnv(source: Record<string, string | undefined> = process.env) {
  const parsed = Schema.pick({ DATABASE_URL: true, RELAY_MODE: true })
    .extend({ REDIS_URL: url(['redis:', 'rediss:']).optional() })
    .safeParse(withoutBlanks(source))
  if (parsed.success) return parsed.data
  throw new BadEnvironment(parsed.error.issues.map((i) => `${String(i.path[0])}: ${i.message}`))
}
