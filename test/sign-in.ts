import assert from 'node:assert/strict'
import {
  startFakeProviders,
  type FakeProviders,
} from '../dev/fakes/providers/fake-providers.server.ts'
import type { ProviderName } from '../app/values/provider-names.ts'
import type { TestBrowser } from './browser.ts'
import { expectCleanBooks } from './clean-books.ts'
import { migratedDatabase, testRedisUrl } from './database.ts'
import { startTestPages, type TestPages } from './pages.ts'
import { openSql, type Sql } from './sql.ts'

/** Everything a sign-in needs: pages, database, and the providers. */
export type SignInStage = {
  pages: TestPages
  providers: FakeProviders
  /** Begins a sign-in; answers the provider's address that the browser is sent to. */
  begin(browser: TestBrowser, provider: ProviderName, returnTo?: string): Promise<string>
  /** Goes to the provider as this person; answers the callback that the browser is sent to. */
  allow(browser: TestBrowser, authorizeUrl: string, login: string): Promise<string>
  /** All of it; answers what the callback answers. */
  signIn(browser: TestBrowser, provider: ProviderName, login: string): Promise<Response>
  sql: Sql
  count(table: string): Promise<number>
  /** What a cookie of these pages is called. */
  cookieName(name: 'sid' | 'sign-in' | 'first-key'): string
  /** The cookie of the session the browser has. */
  session(browser: TestBrowser): string | undefined
  expectCleanBooks(): Promise<unknown>
  stop(): Promise<void>
}

const cookieNameOf = ({ services }: TestPages, name: string) =>
  `${name}-${services.installation.slice(0, 8)}`

const routes = {
  'auth/:provider': () => import('../app/routes/auth.$provider.tsx'),
  'auth/:provider/callback': () => import('../app/routes/auth.$provider_.callback.tsx'),
}

export const locationOf = (response: Response): string => {
  assert.equal(response.status, 302, `a redirect, not ${response.status}`)
  return response.headers.get('location') ?? ''
}

/** Which failure a page shows. */
export async function failureOn(response: Response): Promise<string> {
  const html = await response.text()
  assert.equal(response.headers.get('location'), null)
  return /data-failure="([\w-]+)"/.exec(html)?.[1] ?? assert.fail(`no failure on: ${html}`)
}

/** Starts all of it, of this test file's own. */
export async function startSignInStage(env: Record<string, string> = {}): Promise<SignInStage> {
  const database = await migratedDatabase()
  const providers = await startFakeProviders()
  const pages = await startTestPages({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    env: { ...providers.env, ...providers.oidcEnv, ...env },
    routes,
  })
  const { sql, end } = openSql(database.url)
  const begin: SignInStage['begin'] = async (browser, provider, returnTo) => {
    const form: Record<string, string> = returnTo === undefined ? {} : { returnTo }
    return locationOf(await browser.post(`${pages.url}/auth/${provider}`, { form }))
  }
  const allow: SignInStage['allow'] = async (browser, authorizeUrl, login) => {
    const url = new URL(authorizeUrl)
    url.searchParams.set('login', login)
    return locationOf(await browser.get(url.href))
  }
  return {
    pages,
    providers,
    sql,
    begin,
    allow,
    async signIn(browser, provider, login) {
      return browser.get(await allow(browser, await begin(browser, provider), login))
    },
    async count(table) {
      const [row] = await sql<{ total: number }>('select count(*) as total from ??', [table])
      assert.ok(row)
      return row.total
    },
    cookieName: (name) => cookieNameOf(pages, name),
    session: (browser) => browser.cookie(pages.url, cookieNameOf(pages, 'sid')),
    expectCleanBooks: () => expectCleanBooks(pages.services.db),
    async stop() {
      await pages.stop()
      await providers.close()
      await end()
      await database.drop()
    },
  }
}
