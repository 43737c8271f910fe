import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../test/stage.ts'
import { NoLongerAllowed } from '../account-log/account-log.server.ts'
import { findOrSignUp } from '../auth/auth.server.ts'
import { limits } from '../config/limits.ts'
import { addMember } from '../teams/teams.server.ts'
import { createKey, playgroundSecret, revokeKey, rotateKey } from './keys.server.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const maker = { SESSION_SECRET: 'a secret of this test alone', installation: 'here' }
const db = () => stage.relay.services.db
const secretFor = (who: { accountId: number; userId: number }, by = maker) =>
  playgroundSecret(db(), by, { accountId: who.accountId, userId: who.userId })

async function newPerson(name: string) {
  const who = { provider: 'github', providerUserId: name, name, email: null } as const
  const { accountId, userId } = await findOrSignUp(db(), who)
  return { accountId, userId }
}

type Found = { id: number; status: string; period: string; budget: number; whose: number }
const keysOf = ({ accountId }: { accountId: number }) =>
  stage.sql<Found>(
    `select id, if(revoked_at is null, 'good', 'revoked') as status, period,
            period_budget_nanos as budget, user_id as whose
       from api_keys where account_id = ? and name = 'playground' order by id`,
    [accountId],
  )

/** Whether a key is let in to what costs nothing. */
async function statusOf(secret: string | undefined) {
  const headers = { authorization: `Bearer ${secret}` }
  return (await fetch(`${stage.relay.url}/key`, { headers })).status
}

test('ten questions at once make one key, whose secret is worked out anew each time', async () => {
  const person = await newPerson('ten')
  const secrets = await Promise.all(Array.from({ length: 10 }, () => secretFor(person)))
  assert.equal(new Set(secrets).size, 1)
  assert.match(secrets[0] ?? '', /^sk-[0-9A-Za-z]{32}$/)
  assert.equal(await statusOf(secrets[0]), 200)
  const { dayBudgetNanos: budget } = limits.playground
  const keys = await keysOf(person)
  assert.deepEqual(
    keys.map(({ id: _, ...key }) => key),
    [{ status: 'good', period: 'day', budget, whose: person.userId }],
  )
})

test('two people, two accounts and two installations have secrets of their own', async () => {
  const [ann, bob] = [await newPerson('ann'), await newPerson('bob')]
  const by = { userId: null, actor: 'test' }
  const both = { accountId: ann.accountId, userId: bob.userId }
  await addMember(db(), { ...both, role: 'member', capNanos: null, by })
  const secrets = [await secretFor(ann), await secretFor(bob), await secretFor(both)]
  assert.equal(new Set(secrets).size, 3)
  assert.deepEqual(await Promise.all(secrets.map(statusOf)), [200, 200, 200])
  const elsewhere = await secretFor(ann, { ...maker, installation: 'elsewhere' })
  assert.ok(!secrets.includes(elsewhere))
})

test('a secret that is not its own is taken from the key, which stays', async () => {
  const person = await newPerson('rotated')
  const first = await secretFor(person)
  const [key] = await keysOf(person)
  assert.ok(key)
  const byHand = await rotateKey(db(), { ...person, keyId: key.id }, 24)
  const second = await secretFor(person)
  assert.notEqual(second, first)
  assert.deepEqual(await Promise.all([first, byHand, second].map(statusOf)), [401, 401, 200])
  const third = await secretFor(person, { ...maker, SESSION_SECRET: 'another secret' })
  assert.deepEqual(await Promise.all([second, third].map(statusOf)), [401, 200])
  assert.deepEqual(
    (await keysOf(person)).map(({ id }) => id),
    [key.id],
  )
})

test('after a revocation there is another, and never two that work', async () => {
  const person = await newPerson('revoked')
  const first = await secretFor(person)
  const [key] = await keysOf(person)
  assert.ok(key && (await revokeKey(db(), person.accountId, key.id, person.userId)))
  const again = await Promise.all(Array.from({ length: 5 }, () => secretFor(person)))
  assert.equal(new Set([first, ...again]).size, 2)
  assert.deepEqual(await Promise.all([first, again[0]].map(statusOf)), [401, 200])
  assert.deepEqual(
    (await keysOf(person)).map(({ status }) => status),
    ['revoked', 'good'],
  )
})

test('who may have no key has none here, and the account’s most holds', async () => {
  const owner = await newPerson('full')
  const clerk = { accountId: owner.accountId, userId: (await newPerson('clerk')).userId }
  const by = { userId: null, actor: 'test' }
  await addMember(db(), { ...clerk, role: 'billing', capNanos: null, by })
  await assert.rejects(secretFor(clerk), NoLongerAllowed)
  const { perAccountMax } = limits.keys
  for (let i = 0; i < perAccountMax; i++)
    await createKey(db(), owner.accountId, { name: 'one more' })
  assert.equal(await secretFor(owner), undefined)
  assert.deepEqual(await keysOf(owner), [])
})
