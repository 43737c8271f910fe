import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../test/stage.ts'
import { NoLongerAllowed } from '../account-log/account-log.server.ts'
import { findOrSignUp } from '../auth/auth.server.ts'
import { limits } from '../config/limits.ts'
import { addMember } from '../teams/teams.server.ts'
import { createKey, playgroundKey, playgroundModels, revokeKey, rotateKey } from './keys.server.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const maker = { SESSION_SECRET: 'a secret of this test alone', installation: 'here' }
const db = () => stage.relay.services.db
const keyFor = ({ accountId, userId }: { accountId: number; userId: number }, by = maker) =>
  playgroundKey(db(), by, { accountId, userId })
const secretFor = async (who: { accountId: number; userId: number }, by = maker) =>
  (await keyFor(who, by))?.secret

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

test('nobody can give it a secret by hand', async () => {
  const person = await newPerson('rotated')
  const key = await keyFor(person)
  assert.ok(key)
  assert.equal(await rotateKey(db(), { ...person, keyId: key.id }, 24), undefined)
  assert.deepEqual(await keyFor(person), key)
  assert.equal(await statusOf(key.secret), 200)
})

test('with another SESSION_SECRET the key gets another secret, and stays', async () => {
  const person = await newPerson('renewed')
  const first = await keyFor(person)
  const other = { ...maker, SESSION_SECRET: 'another secret' }
  const again = await Promise.all(Array.from({ length: 5 }, () => keyFor(person, other)))
  assert.equal(new Set(again.map((key) => key?.secret)).size, 1)
  assert.equal(again[0]?.id, first?.id)
  assert.deepEqual(await Promise.all([first?.secret, again[0]?.secret].map(statusOf)), [401, 200])
})

test('what its person has made of it holds: its last day, and its models', async () => {
  const person = await newPerson('narrowed')
  assert.equal(await playgroundModels(db(), person), null)
  const key = await keyFor(person)
  assert.equal(key?.isExpired, false)
  await stage.sql(
    `update api_keys set expires_at = '2020-01-01', models = '["gpt-4o-mini"]' where id = ?`,
    [key?.id],
  )
  assert.deepEqual(await keyFor(person), { ...key, isExpired: true })
  assert.equal(await playgroundModels(db(), person), '["gpt-4o-mini"]')
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
