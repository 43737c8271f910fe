import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { nearest } from '../values/nearest.ts'
import { faultOfBaseUrl } from './base-url.ts'
import { memberFaults } from './member-rules.ts'

const bounds = limits.upstreams

const text = z.string().max(bounds.valueCharsMax)
const visible = text.regex(/^[ -~]*$/, 'must be ASCII in one line')
const memberName = z.string().regex(/^[\w.-]{1,64}$/, 'must be the name of a member')
const headerName = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be the name of a header, in lower case')
const endpointName = z
  .string()
  .regex(/^[a-z_]+(\/[a-z_]+)*$/, 'must be a path below /v1, such as chat/completions')
/** As it is on the wire; `{model}` is the model's name there. */
const pathTemplate = text.regex(
  /^(?!.*(?:\/\.{1,2}(?:\/|$)|\/\/))\/(?:[\w.~:@!$&'()*+,;=%/-]|\{model\})*$/,
  'must be a path, such as /chat/completions or /deployments/{model}/chat/completions',
)

const few = <T extends z.ZodType>(of: T) => z.array(of).max(bounds.entriesMax)
const table = <K extends z.ZodType<string>, V extends z.ZodType>(names: K, values: V) =>
  z
    .record(names, values)
    .refine((all) => Object.keys(all).length <= bounds.entriesMax, 'has too many entries')

const span = ({ least, most }: { least: number; most: number }) => z.int().min(least).max(most)

const Credential = z.object({ header: headerName, prefix: visible })

/**
 * What becomes of members of a request at its top. `drop` goes before everything else. What is `set`
 * is set only where the endpoint has a member of that name, or `allow` names it: a moderation has no
 * `prompt_cache_key`.
 */
const Members = z.object({
  /** Pass although nobody here knows what they cost, as OPENAI_ALLOW_MEMBERS names them. */
  allow: few(memberName).default([]),
  drop: few(memberName).default([]),
  /** Our name to theirs. */
  rename: table(memberName, memberName).default({}),
  /**
   * Whatever the client has said. In strings `{account}` is an HMAC of the account, and `{cache}`
   * one of the account and the `prompt_cache_key` that the client has named, or of no such key.
   */
  set: table(memberName, z.json()).default({}),
  /**
   * What goes out as an HMAC of the account and of what the client has said there, where it has:
   * all customers share the operator's key. Where it is not there, the usual ones of a public
   * upstream.
   */
  pseudonymise: few(memberName).optional(),
})

const Timeouts = z.object({
  connectMs: span(bounds.connectMs),
  /** Of a stream, until its first event: a comment is none. */
  firstEventMs: span(bounds.eventMs),
  /**
   * The longest silence after it, in which nothing of an event comes: a stream of comments and line
   * ends says nothing. Of a plain answer, in which nothing at all comes.
   */
  idleMs: span(bounds.eventMs),
  totalMs: span(bounds.totalMs),
  /** Of a plain call, until its answer begins; `firstEventMs` where it is not there. */
  plainMs: span(bounds.eventMs).optional(),
})

/** What an upstream takes: `concurrent` of each relay, the others of all together, with each key. */
const Limits = z.object({
  concurrent: z.int().min(1).max(bounds.concurrentMax).optional(),
  requestsPerMinute: z.int().min(1).max(limits.rates.requestsMax).optional(),
  tokensPerMinute: z.int().min(1).max(limits.rates.tokensMax).optional(),
})

const shape = {
  /** The dialect: which endpoints it can serve, and how it says what was used. */
  kind: z.enum(['openai', 'anthropic']),
  baseUrl: z.string().max(bounds.urlCharsMax),
  /** On one's own machines or network: plain http and private addresses are no mistake there. */
  private: z.boolean().default(false),
  /** Each endpoint that it serves, and where below the base URL. */
  paths: table(endpointName, pathTemplate),
  query: table(z.string().regex(/^[\w.-]{1,64}$/), visible).default({}),
  /** Where its key goes; null where it takes calls without one. */
  credential: Credential.nullable(),
  /** Sent with every call. What is here is shown: no place for a key. */
  headers: table(headerName, visible).default({}),
  /** Whose published list of prices it charges by, as genai-prices calls it. */
  prices: z
    .string()
    .regex(/^[\w.-]{1,60}$/, 'must be the name of a list of prices, such as openai')
    .nullable()
    .default(null),
  members: Members.prefault({}),
  /** The member that limits the output there; null: the endpoint's own; none: nothing does. */
  limitMember: z
    .enum(['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'none'])
    .nullable()
    .default(null),
  /** How a stream's usage is had: by `stream_options`, unasked, or not at all. */
  usage: z.enum(['asked', 'always', 'never']).default('asked'),
  /** Where reasoning is: in the output's tokens, beside them, or in what the total has more. */
  reasoning: z.enum(['inside', 'beside', 'sum']).default('inside'),
  /** What ends a stream: its dialect's last event, or every choice's finish reason. */
  end: z.enum(['done', 'finish']).default('done'),
  timeouts: Timeouts,
  readOnSeconds: z.int().min(0).max(bounds.readOnSecondsMax).default(limits.readOns.secondsUsual),
  limits: Limits.optional(),
}

type Faults = { path: (string | number)[]; message: string }[]

/** What no single member shows. */
function faultsBetween(all: z.output<z.ZodObject<typeof shape>>): Faults {
  const faults: Faults = memberFaults(all)
  const url = faultOfBaseUrl(all.baseUrl, all.private)
  if (url) faults.push({ path: ['baseUrl'], message: url })
  if (Object.keys(all.paths).length === 0)
    faults.push({ path: ['paths'], message: 'must name one endpoint at least' })
  return faults
}

const complain = (all: z.output<z.ZodObject<typeof shape>>, context: z.RefinementCtx) => {
  for (const fault of faultsBetween(all)) context.addIssue({ code: 'custom', ...fault })
}

/** As it is read from the database: what a newer version has put into it beside is left out. */
export const Definition = z.object(shape).superRefine(complain)
export type Definition = z.output<typeof Definition>

const Written = z
  .strictObject({
    ...shape,
    credential: Credential.strict().nullable(),
    members: Members.strict().prefault({}),
    timeouts: Timeouts.strict(),
    limits: Limits.strict().optional(),
  })
  .superRefine(complain)

/** What has members of its own, of which each is known. */
const inner = { credential: Credential, members: Members, timeouts: Timeouts, limits: Limits }
const innerPaths = Object.entries(inner).flatMap(([name, table]) =>
  Object.keys(table.shape).map((member) => `${name}.${member}`),
)
const settingPaths: readonly string[] = [...Object.keys(shape), ...innerPaths]

/** What to say of a member that no definition has: with the one that was likely meant. */
function unknownPath(path: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1)
  const table = path.slice(0, -last.length)
  const beside = settingPaths
    .filter((known) => known.startsWith(table))
    .map((known) => known.slice(table.length))
    .filter((known) => !known.includes('.'))
  const near = nearest(beside, last.slice(0, bounds.valueCharsMax))
  const likely =
    near === undefined ? settingPaths.find((known) => known.endsWith(`.${last}`)) : table + near
  const names = beside.map((known) => table + known)
  return `there is no ${path} (${likely ? `did you mean ${likely}?` : `there are ${names.join(', ')}`})`
}

/** Those of these paths that no definition has, a line each. Names within a table are anybody's. */
export const unknownPaths = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => {
    const [top = '', member] = path.split('.')
    const known = member !== undefined && Object.hasOwn(inner, top) ? `${top}.${member}` : top
    return settingPaths.includes(known) ? [] : unknownPath(known)
  })

/** What is wrong with something that was written as a definition, a line each, or the definition. */
export function checkDefinition(
  given: unknown,
): { definition: Definition } | { problems: string[] } {
  const read = Written.safeParse(given)
  if (!read.success) {
    const problems = read.error.issues.flatMap((issue) => {
      const at = issue.path.map(String).join('.')
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => unknownPath(at ? `${at}.${key}` : key))
      return at ? `${at} ${issue.message}` : issue.message
    })
    return { problems }
  }
  const bytes = Buffer.byteLength(JSON.stringify(read.data))
  if (bytes > bounds.definitionBytesMax)
    return { problems: [`the definition is ${bytes} bytes; at most ${bounds.definitionBytesMax}`] }
  return { definition: read.data }
}
