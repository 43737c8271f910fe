import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../../test/database.ts'
import { startTestPages, type TestPages } from '../../../test/pages.ts'
import { present } from '../../../test/present.ts'
import { findOrSignUp, startSession } from '../../auth/auth.server.ts'
import { createKey, setDisabled } from '../../keys/keys.server.ts'
import { addMember } from '../../teams/teams.server.ts'

let pages: TestPages
let database: Awaited<ReturnType<typeof migratedDatabase>>
before(async () => {
  database = await migratedDatabase()
  const routes = {
    switch: () => import('../switch.tsx'),
    'keys/:id': () => import('./route.tsx'),
  }
  pages = await startTestPages({ databaseUrl: database.url, redisUrl: testRedisUrl(), routes })
})
after(async () => {
  await pages.stop()
  await database.drop()
})

const person = (name: string) =>
  findOrSignUp(pages.services.db, { provider: 'github', providerUserId: name, name, email: null })

/** Somebody's requests, in the account that they have switched to. */
async function browserOf(userId: number, accountId: number) {
  const cookie = present((await startSession(pages.services, userId, null)).split(';')[0])
  const headers = { cookie, origin: pages.url }
  const send = (path: string, form?: Record<string, string>) =>
    fetch(pages.url + path, {
      headers,
      redirect: 'manual',
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
  assert.equal((await send('/switch', { account: String(accountId) })).status, 302)
  return send
}

test('whose key was disabled by somebody over them sees who, and cannot enable it', async () => {
  const { db } = pages.services
  const [boss, worker] = [await person('Beatrice'), await person('Walter')]
  const { accountId } = boss
  const by = { userId: null, actor: 'test' } as const
  const { userId } = worker
  await addMember(db, { accountId, userId, role: 'member', capNanos: null, by })
  const { id: keyId } = present(await createKey(db, accountId, { name: 'theirs' }, userId))
  const [theirs, over] = [
    await browserOf(userId, accountId),
    await browserOf(boss.userId, accountId),
  ]
  const path = `/keys/${keyId}`
  const buttons = async (send: typeof theirs) =>
    [...(await (await send(path)).text()).matchAll(/name="switch" value="(\w+)"/g)].length

  await setDisabled(db, { accountId, keyId, userId: boss.userId }, true)
  const page = await (await theirs(path)).text()
  assert.match(page, /Disabled by<\/dt>.*?Beatrice/s)
  assert.match(page, /An owner or an admin of the account can enable this one/)
  assert.doesNotMatch(page, />Enable<\/span>/)
  assert.equal((await theirs(path, { switch: 'enable' })).status, 403)
  assert.match(await (await theirs(path)).text(), />disabled</)

  assert.equal(await buttons(over), 1)
  assert.equal((await over(path, { switch: 'enable' })).status, 200)
  await setDisabled(db, { accountId, keyId, userId: null }, true)
  assert.match(await (await theirs(path)).text(), /Disabled by<\/dt>.*?whoever runs this relay/s)
  assert.equal((await theirs(path, { switch: 'enable' })).status, 403)
  assert.equal((await over(path, { switch: 'enable' })).status, 200)

  assert.equal((await theirs(path, { switch: 'disable' })).status, 200)
  assert.match(await (await theirs(path)).text(), />Enable<\/span>/)
  assert.equal((await theirs(path, { switch: 'enable' })).status, 200)
  assert.match(await (await over(path)).text(), /What holds for a person is their/)
})
