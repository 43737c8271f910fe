import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../../test/database.ts'
import { startTestPages, type TestPages } from '../../../test/pages.ts'

let database: Awaited<ReturnType<typeof migratedDatabase>>
let pages: TestPages
before(async () => {
  database = await migratedDatabase()
  const routes = {
    login: () => import('../../routes/login/route.tsx'),
    language: () => import('../../routes/language.tsx'),
  }
  pages = await startTestPages({ databaseUrl: database.url, redisUrl: testRedisUrl(), routes })
})
after(async () => {
  await pages.stop()
  await database.drop()
})

const chinese = /<h1[^>]*>登录</
const english = /<h1[^>]*>Sign in</

/** The page on which people sign in, as a browser is shown it that asks with these headers. */
async function shown(headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${pages.url}/login`, { headers })
  assert.match(answer.headers.get('vary') ?? '', /Accept-Language, Cookie/)
  return answer.text()
}

test('a page is in the language that was chosen, else in the one that is asked for', async () => {
  assert.match(await shown({ 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' }), chinese)
  assert.match(await shown({ 'accept-language': 'de' }), english)
  const far = `${'x,'.repeat(300)}zh`
  assert.match(await shown({ 'accept-language': far }), english)
  const cookie = 'theme=dark; language=zh-CN'
  assert.match(await shown({ 'accept-language': 'en', cookie }), chinese)
  assert.match(await shown({ 'accept-language': 'zh', cookie: 'language=en' }), english)
  assert.match(await shown({ 'accept-language': 'zh', cookie: 'language=nonsense' }), chinese)
})

test('pages in two languages at once do not mix', async () => {
  const asked = Array.from({ length: 40 }, (_, at) => (at % 2 ? 'zh' : 'en'))
  const all = await Promise.all(
    asked.map(async (language) => ({
      language,
      page: await shown({ 'accept-language': language }),
    })),
  )
  for (const { language, page } of all) {
    const [own, other] = language === 'zh' ? [chinese, english] : [english, chinese]
    assert.match(page, own)
    assert.doesNotMatch(page, other)
  }
})

test('a language is chosen by a form, kept in a cookie, and leads back to where it was chosen', async () => {
  const choose = (language: string, returnTo: string) =>
    fetch(`${pages.url}/language`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: pages.url },
      body: new URLSearchParams({ language, returnTo }),
    })
  const chosen = await choose('zh-CN', '/models?q=gpt')
  assert.deepEqual([chosen.status, chosen.headers.get('location')], [302, '/models?q=gpt'])
  assert.match(
    chosen.headers.get('set-cookie')!,
    /^language=zh-CN; Path=\/; Max-Age=31536000; SameSite=Lax$/,
  )
  assert.equal((await choose('en', '//evil.example')).headers.get('location'), '/dashboard')
  assert.equal((await choose('tlh', '/')).status, 400)
})
