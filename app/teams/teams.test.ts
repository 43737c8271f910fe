import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askOf, callOf, hold, settle } from '../../test/books.ts'
import { NoLongerAllowed } from '../account-log/account-log.server.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { operator, startTeams } from '../../test/people.ts'
import { present } from '../../test/present.ts'
import { createKey, readKey, rotateKey, setDisabled } from '../keys/keys.server.ts'
import { credit } from '../ledger/ledger.server.ts'
import { mayDecideOver, roles, type Role } from '../values/teams/roles.ts'
import {
  acceptInvitation,
  makeInvitation,
  readInvitation,
  readMember,
  removeMember,
  revokeInvitation,
  setMember,
} from './teams.server.ts'

const teams = await startTeams()
after(teams.close)
const { books, pools, newPerson, join, rolesIn } = teams

const invite = async (accountId: number, userId: number, role: Role = 'member') => {
  const asked = { accountId, by: { userId }, role, capNanos: 5, forWhom: null }
  const made = await makeInvitation(books.pool, asked)
  assert.ok(typeof made !== 'string', String(made))
  return made
}

const logOf = async (accountId: number) => {
  const text = 'select action from account_log where account_id = ? order by id'
  return (await books.sql<{ action: string }>(text, [accountId])).map(({ action }) => action)
}

/** Whoever may not decide about people at all is told so by what is thrown. */
const orNotAllowed = <T>(work: Promise<T>): Promise<T | 'not allowed'> =>
  work.catch((error: unknown) => {
    if (error instanceof NoLongerAllowed) return 'not allowed'
    throw error
  })

test('of many who bring one invitation at once to two replicas, one is let in', async () => {
  const { accountId, userId } = await newPerson()
  const { token } = await invite(accountId, userId, 'admin')
  const guests = await Promise.all(Array.from({ length: 12 }, newPerson))
  const answers = await Promise.all(
    guests.map((guest, i) =>
      acceptInvitation(present(pools[i % 2]), { token, userId: guest.userId }),
    ),
  )
  const winners = guests.filter((_, i) => typeof answers[i] !== 'string')
  assert.equal(winners.length, 1)
  assert.equal(answers.filter((it) => it === 'invitation used').length, 11)
  const winner = present(winners[0]).userId
  assert.deepEqual(await rolesIn(accountId), { [userId]: 'owner', [winner]: 'admin' })
  assert.equal(present(await readMember(books.pool, accountId, winner)).capNanos, 5)
  const again = await acceptInvitation(books.pool, { token, userId: winner })
  assert.equal(again, 'already a member')
  assert.deepEqual(await logOf(accountId), ['invitation make', 'member join'])
  const kept = await books.sql('select digest from invitations')
  assert.ok(!JSON.stringify(kept).includes(token), 'of the link its digest alone is kept')
})

test('a link lets nobody in that is over, taken back, or made by who has left', async () => {
  const { accountId, userId } = await newPerson()
  const admin = await join(accountId, 'admin')
  const guest = (await newPerson()).userId
  const tryIt = ({ token }: { token: string }) =>
    acceptInvitation(books.pool, { token, userId: guest })

  const late = await invite(accountId, userId)
  const past = 'update invitations set expires_at = now() - interval 1 second where id = ?'
  await books.sql(past, [late.id])
  assert.equal(await tryIt(late), 'invitation expired')

  const back = await invite(accountId, userId)
  const by = { userId: admin }
  assert.equal(await revokeInvitation(books.pool, { accountId, id: back.id, by }), 'revoked')
  assert.equal(await tryIt(back), 'invitation revoked')
  const twice = await revokeInvitation(books.pool, { accountId, id: back.id, by })
  assert.equal(twice, 'no such invitation')

  const own = await invite(accountId, admin, 'admin')
  assert.equal((await readInvitation(books.pool, own.token))?.state, 'open')
  const gone = await removeMember(books.pool, { accountId, userId: admin, by: { userId } })
  assert.ok(typeof gone !== 'string')
  assert.equal(await tryIt(own), 'invitation revoked')
  assert.equal(await tryIt({ token: 'A'.repeat(22) }), 'no such invitation')
  assert.equal(await tryIt({ token: "' or 1=1 -- " }), 'no such invitation')
  assert.deepEqual(await rolesIn(accountId), { [userId]: 'owner' })
})

test('of two owners who leave at once, or make each other less, one stays', async () => {
  for (const end of ['leave', 'degrade'] as const) {
    const { accountId, userId } = await newPerson()
    const other = await join(accountId, 'owner')
    const outcomes = await Promise.all(
      [userId, other].map((id, i) => {
        const pool = present(pools[i])
        const named = { accountId, userId: id, by: { userId: id } }
        const less = { ...named, role: 'member' as const, capNanos: null }
        return end === 'leave' ? removeMember(pool, named) : setMember(pool, less)
      }),
    )
    assert.equal(outcomes.filter((it) => it === 'last owner').length, 1, end)
    const left = Object.values(await rolesIn(accountId))
    assert.equal(left.filter((role) => role === 'owner').length, 1, end)
  }
})

test('who leaves starts no call from then on, and settles what was under way', async () => {
  const { accountId, userId } = await newPerson()
  const given = { accountId, planNanos: 0, balanceNanos: 1_000, ref: `team:${accountId}` }
  await credit(books.pool, { kind: 'grant', actor: 'test', note: null, ...given })
  const member = await join(accountId, 'member')
  const key = present(await createKey(books.pool, accountId, { name: 'theirs' }, member))
  const owners = present(await createKey(books.pool, accountId, { name: 'mine' }, userId))
  const [ledger, elsewhere] = [books.ledger(), books.ledger()]
  const call = callOf({ accountId, keyId: key.id })
  await hold(ledger, call, 100)
  const by = { userId: member }
  const left = await removeMember(books.pool, { accountId, userId: member, by })
  assert.deepEqual(left, { state: 'removed', revokedKeys: [key.id] })
  const next = callOf({ accountId, keyId: key.id })
  const refused = await elsewhere.reserve({ facts: next, ask: askOf(1), lastTry: true })
  assert.equal(refused.granted, false)
  assert.equal((await settle(ledger, call, 60)).chargedNanos, 60)
  await hold(ledger, callOf({ accountId, keyId: owners.id }), 10)
  await expectCleanBooks(books.pool)
})

test('who has left, or may have none, makes no key and changes none, also in a request begun before', async () => {
  const { accountId, userId } = await newPerson()
  const owners = present(await createKey(books.pool, accountId, { name: 'mine' }, userId))
  const admin = await join(accountId, 'admin')
  const named = { accountId, userId: admin, by: { userId } }
  const mine = { accountId, keyId: owners.id, userId: admin }
  assert.ok(await rotateKey(books.pool, mine, 0))
  assert.ok(await createKey(books.pool, accountId, { name: 'theirs' }, admin))

  await setMember(books.pool, { ...named, role: 'billing', capNanos: null })
  await assert.rejects(createKey(books.pool, accountId, { name: 'late' }, admin), NoLongerAllowed)
  await setMember(books.pool, { ...named, role: 'member', capNanos: null })
  assert.equal(await rotateKey(books.pool, mine, 168), undefined, 'a member has their own alone')

  // Each of the two may be the first; none of the keys outlives both.
  const making = Array.from({ length: 10 }, (_, i) =>
    createKey(present(pools[i % 2]), accountId, { name: 'late' }, admin),
  )
  await Promise.allSettled([...making, removeMember(pools[1], named)])
  const text = `select id from api_keys where account_id = ? and user_id = ? and revoked_at is null`
  assert.deepEqual(await books.sql(text, [accountId, admin]), [])
  await assert.rejects(createKey(books.pool, accountId, { name: 'late' }, admin), NoLongerAllowed)
  await assert.rejects(rotateKey(books.pool, mine, 168), NoLongerAllowed)
  await assert.rejects(setDisabled(books.pool, mine, true), NoLongerAllowed)
  assert.equal(present(await readKey(books.pool, accountId, owners.id)).disabledAt, null)
})

test('what an older release made has its owner, who counts as one', async () => {
  const { accountId, userId } = await newPerson()
  await books.sql('delete from memberships where account_id = ?', [accountId])
  const admin = await join(accountId, 'admin')
  assert.deepEqual(await rolesIn(accountId), { [userId]: 'owner', [admin]: 'admin' })
  await books.sql('delete from memberships where user_id = ?', [userId])
  const leaving = await removeMember(books.pool, { accountId, userId, by: { userId } })
  assert.equal(leaving, 'last owner')
})

test('each role decides over those that it may decide over, and over nobody else', async () => {
  const { accountId, userId: owner } = await newPerson()
  const stranger = (await newPerson()).userId
  for (const role of roles) {
    const by = role === 'owner' ? owner : await join(accountId, role)
    for (const over of roles) {
      const about = { accountId, userId: await join(accountId, over), capNanos: null }
      const isAllowed = mayDecideOver(role, over)
      const what = `${role} over ${over}`
      const asked = { accountId, by: { userId: by }, role: over, capNanos: null, forWhom: null }
      const made = await orNotAllowed(makeInvitation(books.pool, asked))
      assert.equal(made === 'not allowed', !isAllowed, what)
      const to = over === 'member' ? 'billing' : 'member'
      const degrading = setMember(books.pool, { ...about, role: to, by: { userId: by } })
      const set = await orNotAllowed(degrading)
      assert.equal(set === 'not allowed', !isAllowed, what)
      await setMember(books.pool, { ...about, role: over, by: operator })
      const gone = await orNotAllowed(removeMember(books.pool, { ...about, by: { userId: by } }))
      assert.equal(gone === 'not allowed', !isAllowed, what)
      await removeMember(books.pool, { ...about, by: operator })
    }
  }
  const foreign = { accountId, userId: owner, by: { userId: stranger } }
  await assert.rejects(removeMember(books.pool, foreign), NoLongerAllowed)
  const asked = { accountId, by: { userId: stranger }, role: 'member', capNanos: null } as const
  await assert.rejects(makeInvitation(books.pool, { ...asked, forWhom: null }), NoLongerAllowed)
})

test('who may have no keys any more has none', async () => {
  const { accountId } = await newPerson()
  const member = await join(accountId, 'member')
  const key = present(await createKey(books.pool, accountId, { name: 'theirs' }, member))
  const to = { accountId, userId: member, role: 'billing', capNanos: null, by: operator } as const
  const set = await setMember(books.pool, to)
  assert.deepEqual(set, { state: 'set', revokedKeys: [key.id] })
  assert.deepEqual(await setMember(books.pool, to), { state: 'unchanged', revokedKeys: [] })
})

test('the command line adds, changes and removes people, and says why it does not', async () => {
  const relay = capturedCli({ DATABASE_URL: books.url })
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
  const { accountId, userId } = await newPerson()
  const [account, guest] = [String(accountId), String((await newPerson()).userId)]
  const code = async (...args: string[]) => (await json(...args)).error?.code as unknown
  assert.equal(await code('member', 'add', account, '999999'), 'no_such_user')
  assert.equal(await code('member', 'add', '999999', guest), 'no_such_account')
  const added = await json('member', 'add', account, guest, '--role', 'billing', '--cap', '2.5')
  assert.deepEqual([added.role, added.cap_usd], ['billing', '2.500000000'])
  assert.equal(await code('member', 'add', account, guest), 'already_member')
  assert.equal((await json('member', 'role', account, guest, 'admin')).changed, true)
  assert.equal((await json('member', 'cap', account, guest)).cap_usd, null)
  const { members } = await json('member', 'list', account)
  assert.deepEqual(
    (members as { user_id: number; role: string }[]).map((it) => [it.user_id, it.role]),
    [
      [userId, 'owner'],
      [Number(guest), 'admin'],
    ],
  )
  assert.equal((await json('account', 'show', account)).users.length, 2)
  assert.equal(await code('member', 'remove', account, String(userId)), 'last_owner')
  assert.equal((await json('member', 'remove', account, guest)).removed, true)
  assert.equal(await code('member', 'remove', account, guest), 'no_such_member')
  assert.equal((await relay('member', 'role', account, guest, 'king')).exitCode, 2)
  const logged = ['member add', 'member role', 'member cap', 'member remove']
  assert.deepEqual(await logOf(accountId), logged)
  const text = 'select action from admin_log where subject = ? order by id'
  const rows = await books.sql<{ action: string }>(text, [`user ${guest}`])
  assert.deepEqual(
    rows.map(({ action }) => action),
    logged,
  )
})
