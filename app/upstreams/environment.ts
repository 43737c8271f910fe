import { namesUpstream, type Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { faultOfHost } from './addresses.ts'
import type { Definition } from './definition.ts'
import { usualPseudonyms } from './pseudonymised.ts'
import { readPresets } from './presets.ts'
import { createSealer, type Sealer } from './seal.ts'

type Settings = Pick<
  Env,
  | 'OPENAI_API_KEY'
  | 'OPENAI_BASE_URL'
  | 'OPENAI_ALLOW_MEMBERS'
  | 'OPENAI_READ_ON_SECONDS'
  | 'UPSTREAM_IS_DEMO'
>

/** The upstream of the environment; its key is absent where it takes calls without one. */
export type EnvironmentUpstream = { name: string; definition: Definition; key?: string }

const { connectMsMax, headersMsMax, idleMsMax, totalMsMax } = limits.upstream

/** Whatever serves OpenAI's endpoints at an address, on one's own machines or not. */
const anyOpenAi: Pick<Definition, 'paths' | 'members' | 'reasoning' | 'prices' | 'timeouts'> = {
  paths: { 'chat/completions': '/chat/completions', moderations: '/moderations' },
  members: { allow: [], drop: [], rename: {}, set: {} },
  // Nobody has said what it is: the sum tells.
  reasoning: 'sum',
  prices: null,
  // As before there were upstreams to choose from: a thought of ten minutes goes on.
  timeouts: {
    connectMs: connectMsMax,
    firstEventMs: headersMsMax,
    idleMs: idleMsMax,
    totalMs: totalMsMax,
  },
}

/** What is known of OpenAI itself, where that is whose address it is. */
function knownOf(baseUrl: URL): Partial<typeof anyOpenAi> {
  const preset = readPresets().find(({ name }) => name === 'openai')
  if (!preset || !baseUrl.href.startsWith(preset.definition.baseUrl)) return {}
  const { paths, members, reasoning, prices } = preset.definition
  return { paths, members, reasoning, prices }
}

const usualName = 'openai'
const demoName = 'demo'
/** What the environment's upstream is called: as much as is known without the environment. */
export const environmentNames: readonly string[] = [usualName, demoName]

/**
 * The upstream that OPENAI_API_KEY and OPENAI_BASE_URL name; undefined where they name none, and
 * all of them are in the database.
 */
export function environmentUpstream(env: Settings): EnvironmentUpstream | undefined {
  if (!namesUpstream(env)) return undefined
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL, OPENAI_ALLOW_MEMBERS: allow } = env
  const url = new URL(OPENAI_BASE_URL)
  const known = { ...anyOpenAi, ...knownOf(url) }
  const definition: Definition = {
    ...known,
    kind: 'openai',
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
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
  const name = env.UPSTREAM_IS_DEMO ? demoName : usualName
  return { name, definition, ...(key !== undefined && { key }) }
}

/** Undefined where there is no secret: keys can neither be kept nor opened. */
export const sealerOf = ({ upstreamSecrets }: Pick<Env, 'upstreamSecrets'>): Sealer | undefined =>
  upstreamSecrets.length === 0 ? undefined : createSealer(upstreamSecrets)
