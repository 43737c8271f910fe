import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../../test/database.ts'
import { startTestPages, type TestPages } from '../../../test/pages.ts'
import { runSql } from '../../../test/sql.ts'
import { findOrSignUp } from '../../auth/auth.server.ts'
import { limits } from '../../config/limits.ts'
import { acceptInvitation, makeInvitation, revokeInvitation } from '../../teams/teams.server.ts'

let pages: TestPages
let database: Awaited<ReturnType<typeof migratedDatabase>>

before(async () => {
  database = await migratedDatabase()
  pages = await startTestPages({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    routes: { 'join/:token': () => import('./route.tsx') },
  })
})
after(async () => {
  await pages.stop()
  await database.drop()
})

/** What somebody who is not signed in is answered. */
async function visit(token: string) {
  const answer = await fetch(`${pages.url}/join/${token}`, { redirect: 'manual' })
  const { status, headers } = answer
  return { status, location: headers.get('location'), text: await answer.text() }
}

test('who is not signed in is told of a link that lets nobody in, and of one that does nothing', async () => {
  const { db } = pages.services
  const person = (name: string) =>
    findOrSignUp(db, { provider: 'github', providerUserId: name, name, email: null })
  const [host, guest] = [await person('The Host'), await person('The Guest')]
  const { accountId, userId } = host
  const by = { userId }
  const invite = async () => {
    const asked = { accountId, by, role: 'member', capNanos: null, forWhom: 'zzz' } as const
    const made = await makeInvitation(db, asked)
    if (typeof made === 'string') throw new Error(made)
    return made
  }
  const [open, used, revoked, expired] = [
    await invite(),
    await invite(),
    await invite(),
    await invite(),
  ]
  await acceptInvitation(db, { token: used.token, userId: guest.userId })
  await revokeInvitation(db, { accountId, id: revoked.id, by })
  await runSql(
    database.url,
    `update invitations set expires_at = '2020-01-01' where id = ${expired.id}`,
  )
  const asked = await visit(open.token)
  assert.deepEqual(
    [asked.status, asked.location],
    [302, `/login?returnTo=${encodeURIComponent(`/join/${open.token}`)}`],
  )
  const closed: [{ token: string }, RegExp][] = [
    [used, /was used before.*If it was you, sign in/],
    [revoked, /was taken back/],
    [expired, /has expired/],
  ]
  for (const [{ token }, words] of closed) {
    const { status, text } = await visit(token)
    assert.equal(status, 410)
    assert.match(text, words)
    // Not where it led, whom it was for, nor who has used it.
    assert.doesNotMatch(text, /The Host|The Guest|zzz|member/)
  }
  // What is none counts, whoever tries it: the one after the last that may be is told to wait.
  const { anAddress } = limits.addresses.guesses.invitation
  for (let tried = 0; tried < anAddress; tried++)
    assert.equal((await visit(`none-${String(tried).padStart(17, '0')}`)).status, 404)
  for (const token of ['none-that-anybody-mad', open.token, used.token])
    assert.equal((await visit(token)).status, 429)
})
