import type { Dialect } from '../relay/relay.server.ts'
import { apiTable } from './table.ts'

/** What the API's paths are below /v1: `/chat/completions`, `/models`. */
const relative = apiTable
  .filter(({ path }) => path.startsWith('/v1/'))
  .map(({ path }) => path.slice('/v1'.length))

/** First parts of paths that clients of OpenAI call; no page has one of these names. */
const firstParts = [
  'assistants',
  'audio',
  'batches',
  'chat',
  'completions',
  'embeddings',
  'engines',
  'files',
  'fine_tuning',
  'images',
  'messages',
  'moderations',
  'openai',
  'realtime',
  'responses',
  'threads',
  'uploads',
  'vector_stores',
]
/** What a client calls that forgot `/v1` is the page of models, where it comes without a key. */
const ofModels = /^\/models(?:\/|$)/i
/** Also what has `/v1` before it once too often, or behind something else. */
const stray = new RegExp(
  `^/(?:${firstParts.join('|')})(?:/|$)|/v1(?:/|$)|/chat/completions/?$`,
  'i',
)
const isInPlace = (path: string) => /^\/v1(?:\/(?!v1(?:\/|$))|$)/.test(path)

const withoutSlash = (path: string) => path.replace(/\/+$/, '')

/**
 * The path that a client meant whose base URL has too little or too much before it: no `/v1`, two of
 * them, or what another server calls the same. Undefined where none can be told.
 */
function meantPath(path: string): string | undefined {
  const asked = withoutSlash(path).toLowerCase()
  const named = relative.find((it) => asked.endsWith(it) && !it.includes(':'))
  if (named !== undefined) return `/v1${named}`
  const [model] = /\/models\/[^/].*$/i.exec(path) ?? []
  return model === undefined ? undefined : `/v1${model}`
}

/**
 * Whether this is a call of the API that has missed its path. No page has such a path, but those of
 * models: what comes there with a key is a program.
 */
export const isStray = (path: string, hasKey: boolean): boolean =>
  stray.test(path) || (hasKey && ofModels.test(path))

type Asked = { method: string; path: string; dialect: Pick<Dialect, 'basePath'> }

/** What is said of a path that the API has not, to clients of the dialect. */
export function wordsForPath({ method, path, dialect }: Asked, appUrl: string): string {
  const invalid = `Invalid URL (${method} ${path.slice(0, 200)})`
  const { basePath } = dialect
  const base = `base URL is ${appUrl}${basePath}${basePath === '' ? ', without /v1' : ''}`
  const meant = meantPath(path)
  if (meant !== undefined && meant.length <= 200)
    return `${invalid}. The right one is ${appUrl}${meant}: the ${base}.`
  return isStray(path, true) && !isInPlace(path) ? `${invalid}. The ${base}.` : invalid
}
