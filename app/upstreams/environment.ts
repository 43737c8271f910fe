import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { namesAnthropic, namesOpenai } from '../config/named-upstreams.ts'
import { faultOfHost } from './addresses.ts'
import type { Definition } from './definition.ts'
import { usualPseudonyms } from './pseudonyms/pseudonymised.ts'
import { readPresets } from './presets.ts'
import { createSealer, type Sealer } from './seal.ts'

type Settings = Pick<
  Env,
  | 'OPENAI_API_KEY'
  | 'OPENAI_BASE_URL'
  | 'OPENAI_ALLOW_MEMBERS'
  | 'OPENAI_READ_ON_SECONDS'
  | 'ANTHROPIC_API_KEY'
  | 'ANTHROPIC_BASE_URL'
  | 'UPSTREAM_IS_DEMO'
>

/** An upstream of the environment; its key is absent where it takes calls without one. */
export type EnvironmentUpstream = { name: string; definition: Definition; key?: string }

const { connectMsMax, headersMsMax, idleMsMax, totalMsMax } = limits.upstream

/** As before there were upstreams to choose from: a thought of ten minutes goes on. */
const timeouts = {
  connectMs: connectMsMax,
  firstEventMs: headersMsMax,
  idleMs: idleMsMax,
  totalMs: totalMsMax,
}

/** What is known of a provider. */
function named(provider: 'openai' | 'anthropic'): Definition {
  const preset = readPresets().find(({ name }) => name === provider)
  // It comes with the program.
  return preset!.definition
}

/** Whatever serves OpenAI's endpoints at an address, on one's own machines or not. */
const anyOpenAi: Pick<Definition, 'paths' | 'members' | 'reasoning' | 'prices' | 'timeouts'> = {
  // Whoever lacks one of them answers 404, which costs nobody anything.
  paths: named('openai').paths,
  members: { allow: [], drop: [], rename: {}, set: {} },
  // Nobody has said what it is: the sum tells.
  reasoning: 'sum',
  prices: null,
  timeouts,
}

/** What is known of OpenAI itself, where that is whose address it is. */
function knownOf(baseUrl: URL): Partial<typeof anyOpenAi> {
  const { baseUrl: theirs, members, reasoning, prices } = named('openai')
  return baseUrl.href.startsWith(theirs) ? { members, reasoning, prices } : {}
}

const openaiName = 'openai'
const anthropicName = 'anthropic'
const demoName = 'demo'
const anthropicDemoName = 'demo-anthropic'
export const demoNames: readonly string[] = [demoName, anthropicDemoName]
/** What the environment's upstreams are called: as much as is known without the environment. */
export const environmentNames: readonly string[] = [openaiName, anthropicName, ...demoNames]

const addressOf = ({ origin, pathname }: URL) => `${origin}${pathname.replace(/\/+$/, '')}`

/** What OPENAI_API_KEY and OPENAI_BASE_URL name. */
function openaiUpstream(env: Settings): EnvironmentUpstream {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL, OPENAI_ALLOW_MEMBERS: allow } = env
  const url = new URL(OPENAI_BASE_URL)
  const known = { ...anyOpenAi, ...knownOf(url) }
  const definition: Definition = {
    ...known,
    kind: 'openai',
    baseUrl: addressOf(url),
    // Whoever sets the environment may name their own machines there, and always could.
    private: true,
    query: Object.fromEntries(url.searchParams),
    credential: key === undefined ? null : { header: 'authorization', prefix: 'Bearer ' },
    headers: {},
    // It is `private` wherever it is: whether others are there too is told by its address.
    members: {
      ...known.members,
      allow: [...allow],
      ...(faultOfHost(url.hostname, false) === undefined && { pseudonymise: [...usualPseudonyms] }),
    },
    limitMember: null,
    usage: 'asked',
    end: 'done',
    readOnSeconds: env.OPENAI_READ_ON_SECONDS,
  }
  const name = env.UPSTREAM_IS_DEMO ? demoName : openaiName
  return { name, definition, ...(key !== undefined && { key }) }
}

/** What ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL name, which need not be Anthropic. */
function anthropicUpstream(env: Settings): EnvironmentUpstream {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL } = env
  const url = new URL(ANTHROPIC_BASE_URL)
  const address = addressOf(url)
  const theirs = named('anthropic')
  const baseUrl = address.endsWith('/v1') ? address : `${address}/v1`
  const definition: Definition = {
    ...theirs,
    baseUrl,
    private: true,
    query: Object.fromEntries(url.searchParams),
    prices: baseUrl === theirs.baseUrl ? theirs.prices : null,
    timeouts,
    readOnSeconds: env.OPENAI_READ_ON_SECONDS,
  }
  const name = env.UPSTREAM_IS_DEMO ? anthropicDemoName : anthropicName
  return { name, definition, ...(key !== undefined && { key }) }
}

/** The upstreams that the environment names; none where all of them are in the database. */
export const environmentUpstreams = (env: Settings): EnvironmentUpstream[] => [
  ...(namesOpenai(env) ? [openaiUpstream(env)] : []),
  ...(namesAnthropic(env) ? [anthropicUpstream(env)] : []),
]

/** What a command reads of the environment, which may be wrong elsewhere. */
type Shown = Partial<Pick<Settings, 'OPENAI_API_KEY' | 'ANTHROPIC_API_KEY' | 'UPSTREAM_IS_DEMO'>> &
  Pick<Settings, 'OPENAI_BASE_URL' | 'ANTHROPIC_BASE_URL'>

const addressShown = (text: string) =>
  URL.canParse(text) ? addressOf(new URL(text)) : 'an address that cannot be read'

/** What may be shown of them: no query, which goes along with every call. */
export function shownEnvironment(env: Shown) {
  const { OPENAI_BASE_URL, ANTHROPIC_BASE_URL, UPSTREAM_IS_DEMO: isDemo } = env
  const openai = {
    name: isDemo ? demoName : openaiName,
    kind: 'openai',
    baseUrl: addressShown(OPENAI_BASE_URL),
    variables: 'OPENAI_API_KEY, OPENAI_BASE_URL',
  }
  const anthropic = {
    name: isDemo ? anthropicDemoName : anthropicName,
    kind: 'anthropic',
    baseUrl: addressShown(ANTHROPIC_BASE_URL),
    variables: 'ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL',
  }
  return [...(namesOpenai(env) ? [openai] : []), ...(namesAnthropic(env) ? [anthropic] : [])]
}

/** Undefined where there is no secret: keys can neither be kept nor opened. */
export const sealerOf = ({ upstreamSecrets }: Pick<Env, 'upstreamSecrets'>): Sealer | undefined =>
  upstreamSecrets.length === 0 ? undefined : createSealer(upstreamSecrets)
