import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { charactersIn } from '../values/characters.ts'
import type { AddressRange } from '../values/keys/addresses.ts'
import { parseUsd } from '../values/money.ts'
import { brandVariables } from './brand.ts'
import { addressFault } from './database-address.ts'
import { anthropicUrl, namesUpstream, openaiUrl, ownAddressFaults } from './named-upstreams.ts'
import {
  missingOfPayments,
  paymentsOf,
  paymentVariables,
  type PaymentSettings,
  type PaymentVariables,
} from './payments.ts'
import { processesVariable } from './process-count.ts'
import { noticeFaults, noticeVariables } from './notices/notice-settings.ts'
import { missingHalves, providersOf, providerVariables, type Providers } from './providers.ts'
import { proxiesOf, proxyVariables, type Proxies } from './proxies.ts'
import { redisUrl } from './redis-url.ts'
import { isGuessable } from './session-secret.ts'
import { signUpFaults, signUpVariables } from './sign-up.ts'
import { trustedProxiesVariable } from './trusted-proxies.ts'
import {
  upstreamSecretFaults,
  rotatedSecretsOf,
  upstreamSecretsOf,
  upstreamSecretVariables,
} from './upstream-secrets.ts'

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
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number)

const flag = z.enum(['0', '1']).transform((text) => text === '1')

/** The driver goes without a name, and fails at the first statement. */
const databaseUrl = z.string().superRefine((text, { addIssue }) => {
  const message = addressFault(text)
  if (message !== undefined) addIssue({ code: 'custom', message })
})

const httpUrl = url(['http:', 'https:'])

const originOf = (text: string) => (URL.canParse(text) ? new URL(text).origin : undefined)

/** Pages, callbacks and cookies are at the root of their host. What is no address is told so before. */
const siteUrl = httpUrl
  .refine(
    (text) => originOf(text) === undefined || /^[^/]*\/\/[^/?#@\\]*\/*$/.test(text.trim()),
    'must be a scheme and a host, with a port where it has its own, as https://relay.example.com is; ' +
      'nothing can be served below a path, and a query, a # or a user mean nothing',
  )
  .transform((text) => originOf(text) ?? text)

const welcomeCredit = z
  .string()
  .transform((text) => parseUsd(text) ?? -1)
  .refine(
    (nanos) => nanos >= 0 && nanos <= limits.accounts.nanosMax,
    'must be dollars, such as 5 or 0.25, with at most nine decimals',
  )

const contact = z
  .string()
  .transform((text) => text.trim())
  .refine(
    (text) => text !== '' && charactersIn(text) <= limits.accounts.contactCharsMax,
    `must be an address, or words of at most ${limits.accounts.contactCharsMax} characters`,
  )
  .refine((text) => !/\p{Cc}/u.test(text), 'must be of one line')

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
  APP_URL: siteUrl.optional(),
  /** Whether browsers are to take https for granted at every name below APP_URL's host, too. */
  HSTS_SUBDOMAINS: flag.default(false),
  /** The proxies whose word is taken for where a request came from; none, loopback neither. */
  TRUSTED_PROXIES: trustedProxiesVariable.optional(),
  /** How long a connection is kept on which nothing is asked. */
  KEEP_ALIVE_SECONDS: whole(1, limits.http.keepAliveSecondsMax).default(
    limits.http.keepAliveSecondsUsual,
  ),
  /** Relays behind one port, each a process of its own; `auto` is one for each core. */
  RELAY_PROCESSES: processesVariable,
  /** How long a relay that is told to end takes calls in, so that balancers find out. */
  DRAIN_SECONDS: whole(0, limits.shutdown.delaySecondsMax).optional(),
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  /** Needed by OpenAI; other upstreams may take calls without. */
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.default(openaiUrl),
  /** Members of a request, and types of tools, that go upstream although nobody here prices them. */
  OPENAI_ALLOW_MEMBERS: names.optional(),
  /** How long an answer is read on when its client has left, for the usage at its end. */
  OPENAI_READ_ON_SECONDS: whole(0, limits.upstream.totalMsMax / 1_000).default(
    limits.readOns.secondsUsual,
  ),
  /** Of an upstream that speaks Anthropic's messages; without it there is none in the environment. */
  ANTHROPIC_API_KEY: z.string().optional(),
  /** As Anthropic's own programs take it: what is there begins with /v1. */
  ANTHROPIC_BASE_URL: httpUrl.default(anthropicUrl),
  SESSION_SECRET: z.string().min(32, 'must have 32 characters or more'),
  ...upstreamSecretVariables,
  ...providerVariables(httpUrl),
  ...proxyVariables,
  ...paymentVariables(httpUrl),
  ...noticeVariables(httpUrl, flag),
  ...signUpVariables,
  ...brandVariables,
  /** What everybody who signs in for the first time is given. */
  WELCOME_CREDIT_USD: welcomeCredit.optional(),
  /** Where the operator sells credit, where it is not here; also what a 402 leads to then. */
  TOP_UP_URL: httpUrl.optional(),
  /** Whom to ask for credit: an e-mail address, an address of a page, or words. */
  CONTACT: contact.optional(),
  UPSTREAM_IS_DEMO: flag.default(false),
  /** Accept a database that may lose committed money with the power. */
  ALLOW_UNSAFE_DATABASE: flag.default(false),
  /** Run on a schema that a newer version has migrated. */
  ALLOW_NEWER_SCHEMA: flag.default(false),
  /** Migrate under older relays that what is migrated wants stopped. */
  ALLOW_OLD_RELAYS: flag.default(false),
  /** Hot reload: serve the app through Vite instead of the build. */
  RELAY_DEV: flag.default(false),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

type Read = z.infer<typeof Schema>
type Folded =
  | keyof ReturnType<typeof providerVariables>
  | keyof typeof proxyVariables
  | PaymentVariables
  | keyof typeof upstreamSecretVariables
  | 'WELCOME_CREDIT_USD'
  | 'OPENAI_ALLOW_MEMBERS'
  | 'TRUSTED_PROXIES'
  | 'DRAIN_SECONDS'
export type Env = Omit<Read, Folded> & {
  APP_URL: string
  /** Who people can sign in with; none where it is empty. */
  providers: Providers
  /** What the upstream and the providers are reached through. */
  proxies: Proxies | undefined
  /** How people pay; with neither provider, nobody can. */
  payments: PaymentSettings
  welcomeNanos: number
  DRAIN_SECONDS: number
  OPENAI_ALLOW_MEMBERS: ReadonlySet<string>
  TRUSTED_PROXIES: readonly AddressRange[]
  /** What opens keys of upstreams; the first seals. None where they cannot be kept. */
  upstreamSecrets: readonly Buffer[]
}

/** Every variable that the relay reads; those that only the commands read are theirs. */
export const settingNames = Object.keys(Schema.shape)

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/

type Source = Record<string, string | undefined>

/** What production asks for, where everybody can reach it. */
function productionFaults({
  SESSION_SECRET,
  APP_URL,
  OIDC_DISCOVERY_URL,
}: Partial<Read>): string[] {
  const wrong: string[] = []
  if (SESSION_SECRET !== undefined && isGuessable(SESSION_SECRET)) {
    wrong.push('SESSION_SECRET: can be guessed; take the answer of `openssl rand -base64 32`')
  }
  if (APP_URL?.startsWith('http:') && !loopback.test(new URL(APP_URL).hostname)) {
    wrong.push('APP_URL: must begin with https://; http:// is for this machine alone')
  }
  if (
    OIDC_DISCOVERY_URL?.startsWith('http:') &&
    !loopback.test(new URL(OIDC_DISCOVERY_URL).hostname)
  )
    wrong.push('OIDC_DISCOVERY_URL: must begin with https://; http:// is for this machine alone')
  return wrong
}

/** What no schema of single values sees: how they go together. What is wrong by itself is absent. */
function contradictions(env: Partial<Read>, given: Source): string[] {
  const wrong = env.NODE_ENV === 'production' ? productionFaults(env) : []
  wrong.push(...upstreamSecretFaults(env), ...signUpFaults(env))
  wrong.push(...ownAddressFaults(given, env), ...noticeFaults(given))
  if (!namesUpstream(given) && !given.UPSTREAM_KEYS_SECRET) {
    wrong.push(
      'OPENAI_API_KEY: is missing; for an upstream that takes no key, set OPENAI_BASE_URL alone, ' +
        "for Anthropic's messages ANTHROPIC_API_KEY, and for those of `relay upstream add`, " +
        'UPSTREAM_KEYS_SECRET',
    )
  }
  if (env.RELAY_MODE === 'local' && env.HOST && !loopback.test(env.HOST)) {
    wrong.push('HOST: local mode is for this machine alone, so it listens on loopback only')
  }
  if (env.RELAY_DEV && (env.RELAY_PROCESSES ?? 1) > 1) {
    wrong.push('RELAY_PROCESSES: hot reload has one process')
  }
  if (env.RELAY_MODE === 'local' && env.NODE_ENV === 'production') {
    wrong.push('RELAY_MODE: local mode is not for NODE_ENV=production')
  }
  if (env.RELAY_MODE === 'server' && given.APP_URL === undefined) {
    wrong.push('APP_URL: is missing; it is the address people reach this server at')
  }
  if (env.RELAY_MODE === 'server' && env.UPSTREAM_IS_DEMO) {
    wrong.push('UPSTREAM_IS_DEMO: the demo upstream is for local mode')
  }
  for (const name of missingHalves(given)) {
    wrong.push(
      `${name}: is missing; a provider needs its id and its secret, OIDC its address as well`,
    )
  }
  for (const name of missingOfPayments(given)) {
    wrong.push(`${name}: is missing, or empty; what a way to pay needs is there as a whole`)
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
const withoutBlanks = (source: Source) =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))

/** The values that are right by themselves. */
export function readableSettings(source: Source = process.env): Partial<Read> {
  const given = withoutBlanks(source)
  const read = Object.entries(Schema.shape).map(([name, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(given[name])
    return [name, parsed.success ? parsed.data : undefined]
  })
  return Object.fromEntries(read) as Partial<Read>
}

/** What is wrong with one variable; where it is not there, how that is cured. */
function faultIn({ path: [key], message }: z.core.$ZodIssue, given: Source, cure = ''): string {
  const name = String(key)
  return `${name}: ${given[name] ? message : `is missing${cure}`}`
}

/** What is wrong with single variables that are there, whether or not they come to be used. */
export function valueFaults(source: Source = process.env): string[] {
  const given = withoutBlanks(source)
  const issues = Schema.partial().safeParse(given).error?.issues ?? []
  return issues.map((issue) => faultIn(issue, given))
}

/** All that is wrong, a line each that begins with the name of the variable to set right. */
export function environmentFaults(source: Source = process.env): string[] {
  const given = withoutBlanks(source)
  const issues = Schema.safeParse(given).error?.issues ?? []
  const wrong = issues.map((issue) => faultIn(issue, given))
  return [...wrong, ...contradictions(readableSettings(given), given)]
}

/** Reads the environment, or throws `BadEnvironment` listing all that is wrong at once. */
export function readEnv(source: Source = process.env): Env {
  const wrong = environmentFaults(source)
  if (wrong.length) throw new BadEnvironment(wrong)
  const read = Schema.parse(withoutBlanks(source))
  const { APP_URL = `http://localhost:${read.PORT}`, WELCOME_CREDIT_USD = 0 } = read
  const isProduction = read.NODE_ENV === 'production'
  return {
    ...read,
    APP_URL,
    OPENAI_ALLOW_MEMBERS: read.OPENAI_ALLOW_MEMBERS ?? new Set(),
    TRUSTED_PROXIES: read.TRUSTED_PROXIES ?? [],
    providers: providersOf(read),
    proxies: proxiesOf(read),
    payments: paymentsOf(read),
    upstreamSecrets: upstreamSecretsOf(read),
    welcomeNanos: WELCOME_CREDIT_USD,
    // Nobody watches a relay that is not in production: it ends as soon as it can.
    DRAIN_SECONDS: read.DRAIN_SECONDS ?? (isProduction ? limits.shutdown.delaySecondsUsual : 0),
  }
}

/** What an operator should know about an environment that works. */
export function environmentWarnings({ RELAY_MODE, providers }: Env): string[] {
  if (RELAY_MODE === 'local' || Object.keys(providers).length > 0) return []
  return [
    'Nobody can sign in: set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, GOOGLE_CLIENT_ID and ' +
      'GOOGLE_CLIENT_SECRET, or the OIDC_ variables. API keys work without.',
  ]
}

/** What `.env` says. Tests are told what they need, and never see a developer's own. */
function readEnvFile(file: string): Source {
  if (process.env.NODE_ENV === 'test') return {}
  if (!existsSync(file)) return {}
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new BadEnvironment([`${file}: cannot be read (${code})`])
  }
}

/** Takes what `.env` says for what the environment does not, or leaves blank. */
export function loadEnvFile(file = '.env'): void {
  for (const [name, value] of Object.entries(readEnvFile(file))) process.env[name] ||= value
}

/** The same as a start would find it now, with this environment. */
export const settingsAsOfNow = (environment: Source, file = '.env'): Source => ({
  ...readEnvFile(file),
  ...withoutBlanks(environment),
})

/** The environment as it is, for a process that is to read `.env` by itself. */
export const ownEnvironment = (): Source => ({ ...process.env })

/** A variable that a command names, such as one with a key in it; undefined where it is blank. */
export const readVariable = (name: string, source: Source = process.env): string | undefined =>
  source[name] || undefined

/** What the command line needs: a database, Redis where there is one, and to sign in the rest. */
export function readCliEnv(source: Source = process.env) {
  const parsed = Schema.pick({
    DATABASE_URL: true,
    RELAY_MODE: true,
    ALLOW_NEWER_SCHEMA: true,
    GITHUB_CLIENT_ID: true,
    GOOGLE_CLIENT_ID: true,
    OIDC_CLIENT_ID: true,
    OPENAI_API_KEY: true,
    ANTHROPIC_API_KEY: true,
    UPSTREAM_IS_DEMO: true,
  })
    .extend({
      ...upstreamSecretVariables,
      ...proxyVariables,
      ...paymentVariables(httpUrl),
      REDIS_URL: redisUrl.optional(),
      SESSION_SECRET: z.string().optional(),
      APP_URL: z.string().optional(),
      OPENAI_BASE_URL: z.string().default(openaiUrl),
      ANTHROPIC_BASE_URL: z.string().default(anthropicUrl),
    })
    .safeParse(withoutBlanks(source))
  if (parsed.success) {
    const { data } = parsed
    return {
      ...data,
      upstreamSecrets: upstreamSecretsOf(data),
      rotatedSecrets: rotatedSecretsOf(data),
      proxies: proxiesOf(data),
      payments: paymentsOf(data),
    }
  }
  const cure = '; set it in the environment or in .env, as the relay has it'
  throw new BadEnvironment(parsed.error.issues.map((issue) => faultIn(issue, source, cure)))
}
