import { pathOf } from '../http/http.server.ts'
import { endpoints, type Dialect } from '../relay/relay.server.ts'

type Method = 'GET' | 'POST' | 'DELETE'

/** A path of the API, how it is called, and the route module that answers it. */
type Entry = {
  path: string
  methods: readonly Method[]
  route: string
  /** That of its endpoint, where it is one. */
  dialect?: Dialect
}

const get = (path: string, route: string): Entry => ({ path, methods: ['GET'], route })

/** What chat clients and other relays ask for a balance at, with `/v1` before it or without. */
const balances = ['subscription', 'usage', 'credit_grants'].flatMap((name) =>
  ['', '/v1'].map((before) =>
    get(`${before}/dashboard/billing/${name}`, `routes/dashboard_.billing.${name}`),
  ),
)

/** Every path of the API; all else under /v1 is a 404. */
export const apiTable: readonly Entry[] = [
  ...endpoints.map(({ path, dialect }): Entry => ({
    path,
    methods: ['POST'],
    route: 'routes/v1.$',
    dialect,
  })),
  get('/v1/models', 'routes/v1.models'),
  get('/v1/models/:id', 'routes/v1.models.$id'),
  get('/v1/responses/:id/input_items', 'routes/v1.responses.$id.input_items'),
  {
    path: '/v1/responses/:id/cancel',
    methods: ['POST'],
    route: 'routes/v1.responses.$id.cancel',
  },
  {
    path: '/v1/responses/:id',
    methods: ['GET', 'DELETE'],
    route: 'routes/v1.responses.$id',
  },
  ...balances,
  get('/v1/key', 'routes/v1.key'),
  get('/v1/credits', 'routes/v1.credits'),
  get('/v1/usage', 'routes/v1.usage'),
  get('/v1/calls/:id', 'routes/v1.calls.$id'),
]

const escaped = (path: string) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** What has a name in a path comes last and may hold slashes; only a path without may end with one. */
const patternOf = (path: string) => {
  const text = escaped(path).replace(/:(\w+)/g, '(?<$1>.+)')
  return new RegExp(`^${text}${path.includes(':') ? '' : '/?'}$`)
}
const patterns = apiTable.map((entry) => ({ entry, pattern: patternOf(entry.path) }))

export type Found = { entry: Entry; params: Record<string, string> }

/** Without names in it, a path is almost always written as it stands here. */
const exact = new Map(
  apiTable
    .filter(({ path }) => !path.includes(':'))
    .map((entry) => [entry.path, { entry, params: {} }]),
)

/** What answers this address, and the parts of its path that have names, as they were written. */
export function findEntry(url: string): Found | undefined {
  const path = pathOf(url)
  const known = exact.get(path)
  if (known) return known
  for (const { entry, pattern } of patterns) {
    const match = pattern.exec(path)
    if (match) return { entry, params: { ...match.groups } }
  }
  return undefined
}

/** Whether an entry answers this method; HEAD is a GET without its body. */
export const answersMethod = ({ methods }: Entry, asked: string) =>
  methods.some((method) => asked === method || (asked === 'HEAD' && method === 'GET'))

/** A path as Remix's routes would see it: unescaped. It is a canonical one, so that can be done. */
const plainPathOf = (url: string): string => decodeURIComponent(pathOf(url))

const outside = apiTable.filter(({ path }) => !path.startsWith('/v1/'))
const apiPath = new RegExp(
  `^(/v1(\\.data)?(/|$)|(${outside.map(({ path }) => escaped(path)).join('|')})(\\.data)?/?$)`,
  'i',
)

/**
 * True for paths that the API answers, also in other letters (with a 404): Remix's request handler,
 * which takes those for the same, must never see one. `url` is one that `readTarget` has read.
 */
export const isApiPath = (url: string) => exact.has(url) || apiPath.test(plainPathOf(url))
