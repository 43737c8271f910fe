import { execFileSync } from 'node:child_process'
import { isApiPath } from '../app/api/api.server.ts'

type RouteEntry = {
  id: string
  /** With its parameters, as `/keys/:id`. */
  path: string
  hasAction: boolean
}

/** Printed by a process of its own: the build is for the server, not for the test runner. */
const program = `
  const { routes } = await import(process.cwd() + '/build/server/index.js')
  const pathOf = (route) =>
    route ? [pathOf(routes[route.parentId]), route.path].filter(Boolean).join('/') : ''
  console.log(JSON.stringify(Object.values(routes).filter(({ id }) => id !== 'root').map((route) => ({
    id: route.id, path: '/' + pathOf(route), hasAction: 'action' in route.module,
  }))))`

/** Every route of the built app, so that a new one cannot escape what is tested of all of them. */
export function routeTable(): RouteEntry[] {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program])
  return JSON.parse(printed.toString()) as RouteEntry[]
}

/** Programs call these with a key; a cookie gives them nothing. */
export const isApi = ({ path }: RouteEntry) => isApiPath(path)

/** What an address needs in the place of its parameters. */
type Ids = { key: number | string; call: string }

/**
 * A true address of each route, and the form that its action takes. A route that is missing here
 * fails the tests that go over all of them.
 */
export const examples: Record<
  string,
  { address: (ids: Ids) => string; form?: Record<string, string> }
> = {
  'routes/_index': { address: () => '/' },
  'routes/login': { address: () => '/login' },
  'routes/logout': { address: () => '/logout', form: {} },
  'routes/auth.$provider': { address: () => '/auth/github', form: { returnTo: '/dashboard' } },
  'routes/auth.$provider_.callback': { address: () => '/auth/github/callback?code=x&state=y' },
  'routes/dashboard': { address: () => '/dashboard' },
  'routes/usage': { address: () => '/usage' },
  'routes/usage[.]csv': { address: () => '/usage.csv' },
  'routes/usage[.]jsonl': { address: () => '/usage.jsonl' },
  'routes/usage_.days[.]csv': { address: () => '/usage/days.csv' },
  'routes/calls.$id': { address: ({ call }) => `/calls/${call}` },
  'routes/keys': { address: () => '/keys', form: { name: 'forged' } },
  'routes/keys_.$id': {
    address: ({ key }) => `/keys/${key}`,
    form: { name: 'forged', lastDay: '', budget: '', models: '' },
  },
  'routes/keys_.$id_.revoke': { address: ({ key }) => `/keys/${key}/revoke`, form: {} },
  'routes/keys_.$id_.rotate': {
    address: ({ key }) => `/keys/${key}/rotate`,
    form: { hours: '0' },
  },
  'routes/billing': {
    address: () => '/billing',
    form: { intent: 'redeem', code: 'no code' },
  },
  'routes/billing_.plans': {
    address: () => '/billing/plans',
    form: { intent: 'cancel' },
  },
  'routes/billing_.orders': { address: () => '/billing/orders' },
  'routes/billing_.orders_.$id': {
    address: () => `/billing/orders/${'0'.repeat(32)}`,
    form: { intent: 'ask' },
  },
  'routes/billing_.orders_.$id_.receipt': {
    address: () => `/billing/orders/${'0'.repeat(32)}/receipt`,
    form: { address: 'forged' },
  },
  'routes/settings': { address: () => '/settings', form: { intent: 'end-others' } },
  'routes/switch': { address: () => '/switch', form: { account: '1' } },
  'routes/join.$token': { address: () => '/join/none-that-anybody-made', form: {} },
  'routes/settings_.people': {
    address: () => '/settings/people',
    form: { intent: 'rename', name: 'forged' },
  },
  'routes/settings_.people_.$id': {
    address: () => '/settings/people/1',
    form: { intent: 'set', role: 'member', cap: '7' },
  },
  'routes/settings_.log': { address: () => '/settings/log' },
  'routes/settings_.notices': {
    address: () => '/settings/notices',
    form: { intent: 'threshold', below: '5' },
  },
  'routes/settings_.notices_.confirm': {
    address: () => '/settings/notices/confirm?proof=x',
    form: { proof: 'x' },
  },
  'routes/notices.stop': {
    address: () => '/notices/stop?account=1&user=1&proof=x',
    form: {},
  },
  'routes/models': { address: () => '/models?q=gpt' },
  'routes/models_.$': { address: () => '/models/gpt-4o-mini' },
  'routes/models[.]json': { address: () => '/models.json' },
  'routes/language': {
    address: () => '/language',
    form: { language: 'zh-CN', returnTo: '/models' },
  },
  'routes/playground': {
    address: () => '/playground?model=gpt-4o-mini',
    form: { model: 'gpt-4o-mini', text: 'forged' },
  },
  'routes/playground_.answer': {
    address: () => '/playground/answer',
    form: { model: 'gpt-4o-mini', text: 'forged' },
  },
  'routes/theme': { address: () => '/theme', form: { theme: 'dark', returnTo: '/models' } },
  'routes/docs': { address: () => '/docs' },
  'routes/$': { address: () => '/nowhere', form: {} },
}

/** The same address as a document, and in every way that Remix loads a route's data. */
export function waysTo(id: string, address: string): string[] {
  const [path = '', query] = address.split('?')
  const also = (more: string) => `${path}?${[query, more].filter(Boolean).join('&')}`
  const dataPath = path === '/' ? '/_root.data' : `${path}.data`
  return [
    address,
    also(`_data=${encodeURIComponent(id)}`),
    query ? `${dataPath}?${query}` : dataPath,
    also('index'),
  ]
}
