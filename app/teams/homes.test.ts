import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { startTeams } from '../../test/people.ts'
import { present } from '../../test/present.ts'
import {
  setAccountFactor,
  setAccountGroup,
  setGroup,
  setGroupModels,
} from '../accounts/accounts.server.ts'
import { limits } from '../config/limits.ts'
import { credit } from '../ledger/ledger.server.ts'
import { setLimit } from '../rates/rates.server.ts'
import { listAccountsOf, removeMember } from './teams.server.ts'

const teams = await startTeams()
after(teams.close)
const { books, pools, newPerson, join, rolesIn } = teams

test('whose home an account was has another one, without its money, when they have left', async () => {
  const { accountId, userId } = await newPerson()
  const given = { accountId, planNanos: 0, balanceNanos: 1_000, ref: `home:${accountId}` }
  await credit(books.pool, { kind: 'grant', actor: 'test', note: null, ...given })
  const heir = await join(accountId, 'owner')
  await books.sql(`update accounts set status = 'suspended' where id = ?`, [accountId])
  const left = await removeMember(books.pool, { accountId, userId, by: { userId: heir } })
  assert.ok(typeof left !== 'string')
  const [user] = await books.sql<{ id: number; money: number; status: string }>(
    `select u.account_id as id, a.balance_nanos as money, a.status
       from users u join accounts a on a.id = u.account_id where u.id = ?`,
    [userId],
  )
  const { id: homeAccountId, money, status } = present(user)
  assert.equal(status, 'suspended', 'nobody gets out of that by leaving')
  assert.notEqual(homeAccountId, accountId)
  assert.equal(money, 0)
  const accounts = await listAccountsOf(books.pool, { userId, homeAccountId })
  assert.deepEqual(
    accounts.map(({ id }) => id),
    [homeAccountId],
  )
  assert.deepEqual(await rolesIn(accountId), { [heir]: 'owner' })
  assert.deepEqual(await rolesIn(homeAccountId), { [userId]: 'owner' })
})

test('who leaves their home stands as it does, also where its group is changed at that moment', async () => {
  const actor = 'test'
  const figures = { requests: 3, tokens: null, calls: 1, burstSeconds: null }
  await setGroup(books.pool, { name: 'heavy', factor: 20_000, actor })
  for (let round = 0; round < 6; round++) {
    const { accountId, userId } = await newPerson()
    const heir = await join(accountId, 'owner')
    await setAccountGroup(books.pool, { accountId, group: 'heavy', actor })
    const of = { scope: 'account', subject: String(accountId) } as const
    await setLimit(books.pool, { of, figures, actor })
    const factor = 20_001 + round
    const [left] = await Promise.all([
      removeMember(books.pool, { accountId, userId, by: { userId: heir } }),
      setGroup(pools[1], { name: 'heavy', factor, actor }),
    ])
    assert.ok(typeof left !== 'string')
    const rows = await books.sql<{ group: string; factor: number; requests: number }>(
      `select a.group_name as \`group\`, a.factor, l.requests
         from accounts a join users u on u.account_id = a.id
         left join rate_limits l on l.scope = 'account' and l.subject = a.id
        where u.id = ?`,
      [userId],
    )
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ group: 'heavy', factor, requests: 3 }],
    )
  }
})

/** How the account stands that somebody owns now. */
const homeOf = async (userId: number) => {
  const [home] = await books.sql<Record<string, unknown> & { id: number }>(
    `select a.id, a.status, a.factor, a.own_factor as own, a.group_name as \`group\`,
            l.requests, l.tokens, l.calls
       from accounts a join users u on u.account_id = a.id
       left join rate_limits l on l.scope = 'account' and l.subject = a.id
      where u.id = ?`,
    [userId],
  )
  return { ...present(home) }
}

test('who leaves their home takes nothing along that is better than what everybody has', async () => {
  const actor = 'test'
  const limit = (
    scope: 'everyone' | 'group' | 'account',
    subject: string,
    ...figures: number[]
  ) => {
    const [requests = null, tokens = null, calls = null] = figures
    const of = { scope, subject }
    const set = { of, figures: { requests, tokens, calls, burstSeconds: null }, actor }
    return setLimit(books.pool, set)
  }
  await setGroup(books.pool, { name: 'friends', factor: 4_000, actor })
  await setGroup(books.pool, { name: 'trial', factor: 5_000, actor })
  await setGroupModels(books.pool, { name: 'trial', models: ['gpt-4o-mini'], actor })
  await limit('everyone', '', 60, 1_000, 5)
  await limit('group', 'trial', 6_000, 2_000, 2)
  const plain = { requests: null, tokens: null, calls: null }
  const cases = [
    [{ own: 5_000 }, { factor: 10_000, own: null, group: null, ...plain }],
    [{ own: 15_000 }, { factor: 15_000, own: 15_000, group: null, ...plain }],
    [{ group: 'friends' }, { factor: 10_000, own: null, group: null, ...plain }],
    // Not all models: it stays, without its discount and without its limits where they are higher.
    [
      { group: 'trial' },
      { factor: 10_000, own: 10_000, group: 'trial', requests: 60, tokens: 1_000, calls: null },
    ],
    [{ limit: [6_000, 500, 0] }, { factor: 10_000, own: null, group: null, ...plain, tokens: 500 }],
  ] as const
  try {
    for (const [given, wanted] of cases) {
      const { accountId, userId } = await newPerson()
      const heir = await join(accountId, 'owner')
      if ('own' in given)
        await setAccountFactor(books.pool, { accountId, factor: given.own, actor })
      if ('group' in given)
        await setAccountGroup(books.pool, { accountId, group: given.group, actor })
      if ('limit' in given) await limit('account', String(accountId), ...given.limit)
      const named = { accountId, userId, by: { userId } }
      assert.ok(typeof (await removeMember(books.pool, named)) !== 'string')
      const { id, ...home } = await homeOf(userId)
      assert.deepEqual(home, { status: 'active', ...wanted }, JSON.stringify(given))
      const noted = await books.sql<{ actor: string; detail: string }>(
        `select actor, detail from admin_log where action = 'account create' and subject = ?`,
        [`account ${id}`],
      )
      assert.equal(noted.length, 1)
      assert.equal(noted[0]!.actor, `user:${userId}`)
      assert.equal(JSON.parse(noted[0]!.detail).in_place_of, accountId)
      assert.deepEqual(await rolesIn(accountId), { [heir]: 'owner' })
    }
    await expectCleanBooks(books.pool)
  } finally {
    await books.sql('delete from rate_limits')
  }
})

test('nobody makes more than a few accounts by leaving theirs, also with others who take them out', async () => {
  const { userId } = await newPerson()
  const leave = async (by?: number) => {
    const accountId = (await homeOf(userId)).id
    const heir = await join(accountId, 'owner')
    return removeMember(books.pool, { accountId, userId, by: { userId: by ?? heir } })
  }
  for (let left = 0; left < limits.teams.homesMax; left++)
    assert.ok(typeof (await leave(userId)) !== 'string')
  assert.equal((await homeOf(userId)).status, 'active')
  const before = (await homeOf(userId)).id
  assert.equal(await leave(userId), 'too many homes')
  assert.equal((await homeOf(userId)).id, before)
  assert.ok(typeof (await leave()) !== 'string', 'an owner takes out whom they like')
  for (const more of [0, 1]) {
    const { id, status } = await homeOf(userId)
    assert.notEqual(id, before)
    assert.equal(status, 'suspended', String(more))
    await leave()
  }
})
