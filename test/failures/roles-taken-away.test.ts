import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { NoLongerAllowed } from '../../app/account-log/account-log.server.ts'
import { setTimeZone } from '../../app/accounts/accounts.server.ts'
import { findOrSignUp } from '../../app/auth/auth.server.ts'
import { createPool, run, type Db, type Pool } from '../../app/db/db.server.ts'
import {
  changeKey,
  createKey,
  readKey,
  revokeKey,
  rotateKey,
  setDisabled,
  versionOf,
} from '../../app/keys/keys.server.ts'
import { credit, lockAccount } from '../../app/ledger/ledger.server.ts'
import {
  askForTest,
  chooseThreshold,
  removeWebhook,
  rotateWebhook,
  setWebhook,
} from '../../app/notices/notices.server.ts'
import {
  makeCodes,
  redeemCode,
  startOrder,
  writeBillingAddress,
  type Payments,
} from '../../app/payments/payments.server.ts'
import { addPlan, cancelPlan, changePlan, subscribe } from '../../app/plans/plans.server.ts'
import {
  addMember,
  makeInvitation,
  removeMember,
  renameAccount,
  revokeInvitation,
  setMember,
} from '../../app/teams/teams.server.ts'
import { rightFor, type AccountAction } from '../../app/values/teams/account-actions.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { testBooks, type TestBooks } from '../books.ts'
import { present } from '../present.ts'

const usd = 1_000_000_000
const secrets = { SESSION_SECRET: 'a secret that is for tests alone, and long' } as const
const webhooks = { ...secrets, ALLOW_PRIVATE_WEBHOOKS: false }
const hook = { url: 'https://hooks.example/here', muted: [] }
const operator = { userId: null, actor: 'test' } as const

let books: TestBooks
let pool: Pool
/** Where the role is taken away. */
let other: Pool
let plans: number[]
before(async () => {
  books = await testBooks()
  pool = books.pool
  other = createPool(books.url)
  const terms = { creditNanos: usd, priceNanos: usd, models: null, groupName: null }
  plans = await Promise.all(
    ['One', 'Two'].map(async (name) => {
      const made = await addPlan(pool, name, { ...terms, rolloverNanos: 0, graceDays: 0 }, 'test')
      assert.ok(made.state === 'made')
      return made.id
    }),
  )
})
after(async () => {
  await other.close()
  await books.close()
})

/** Somebody who is an admin of an account with a key, a member and money. */
type Admin = {
  accountId: number
  userId: number
  which: { accountId: number; userId: number; keyId: number }
  member: { accountId: number; userId: number; by: { userId: number } }
}

let people = 0
async function newAdmin(): Promise<Admin> {
  const [owner, admin, member] = await Promise.all(
    Array.from({ length: 3 }, () => {
      const providerUserId = `person-${++people}`
      const identity = { provider: 'github', providerUserId, name: providerUserId } as const
      return findOrSignUp(pool, { ...identity, email: null })
    }),
  )
  const { accountId } = present(owner)
  const { userId } = present(admin)
  const place = { accountId, capNanos: null, by: operator }
  const memberId = present(member).userId
  await addMember(pool, { ...place, userId, role: 'admin' })
  await addMember(pool, { ...place, userId: memberId, role: 'member' })
  const given = { accountId, planNanos: 0, balanceNanos: 10 * usd, ref: `money ${accountId}` }
  await credit(pool, { ...given, kind: 'grant', actor: 'test', note: null })
  const { id: keyId } = present(await createKey(pool, accountId, { name: 'theirs' }, userId))
  const by = { userId }
  return {
    accountId,
    userId,
    which: { accountId, userId, keyId },
    member: { accountId, userId: memberId, by },
  }
}

/** What is there before; then somebody begins to change it. */
type Case<T = unknown> = { before?: (by: Admin) => Promise<T>; act: (by: Admin, had: T) => unknown }
const begun = <T>(it: Case<T>) => it as Case

const nobodyAsks = () => Promise.reject(new Error('nobody asks'))
const payments = (): Payments => ({
  db: pool,
  amounts: [5 * usd],
  providers: {
    stripe: {
      name: 'stripe',
      currency: 'USD',
      rate: 1_000_000,
      isAskedFirst: false,
      create: () => Promise.resolve({ payUrl: 'https://pay.example', providerRef: null }),
      verifyEvent: () => {
        throw new Error('nobody asks')
      },
      query: nobodyAsks,
      close: nobodyAsks,
      refund: nobodyAsks,
      findOrder: nobodyAsks,
    },
  },
})

const withHook = (act: Case['act']) =>
  begun({ before: (by) => setWebhook(pool, webhooks, by, hook), act })
const withPlan = (act: Case['act']) =>
  begun({ before: (by) => subscribe(pool, { ...by, planId: present(plans[0]) }), act })
const invite = ({ accountId, userId }: Admin) =>
  makeInvitation(pool, { accountId, by: { userId }, role: 'member', capNanos: null, forWhom: null })

/** Every change that needs a right; who joins, leaves or is added by an operator needs none. */
const cases = {
  'key create': { act: (by) => createKey(pool, by.accountId, { name: 'late' }, by.userId) },
  'key change': {
    async act({ which }) {
      const key = present(await readKey(pool, which.accountId, which.keyId))
      const { budgetNanos, expiresAt, period, periodBudgetNanos } = key
      const kept = { budgetNanos, expiresAt, period, periodBudgetNanos, models: null }
      const fields = { ...kept, name: 'other', addresses: null, responsesAtChat: false }
      return changeKey(pool, which, versionOf(key), fields)
    },
  },
  'key revoke': {
    act: ({ which }) => revokeKey(pool, which.accountId, which.keyId, which.userId),
  },
  'key rotate': { act: ({ which }) => rotateKey(pool, which, 1) },
  'key disable': { act: ({ which }) => setDisabled(pool, which, true) },
  'key enable': begun({
    before: ({ which }) => setDisabled(pool, which, true),
    act: ({ which }) => setDisabled(pool, which, false),
  }),
  'plan subscribe': { act: (by) => subscribe(pool, { ...by, planId: present(plans[0]) }) },
  'plan change': withPlan((by) => changePlan(pool, { ...by, planId: present(plans[1]) })),
  'plan cancel': withPlan((by) => cancelPlan(pool, by)),
  'code redeem': begun({
    async before() {
      const batch = { name: 'one', valueNanos: usd, plan: null, codes: 1, uses: 1 }
      const { codes } = await pool.transact((db) =>
        makeCodes(db, { ...batch, expiresAt: null, actor: 'test' }),
      )
      return present(codes[0]).code
    },
    act: (by, code) => redeemCode(pool, { ...by, code }),
  }),
  'order start': {
    act: ({ accountId, userId }) =>
      startOrder(payments(), { accountId, userId, provider: 'stripe', creditNanos: 5 * usd }),
  },
  'billing address set': { act: (by) => writeBillingAddress(pool, by, 'Elsewhere 1') },
  'webhook set': { act: (by) => setWebhook(pool, webhooks, by, hook) },
  'webhook rotate': withHook((by) => rotateWebhook(pool, webhooks, by)),
  'webhook remove': withHook((by) => removeWebhook(pool, by)),
  'webhook test': withHook((by) => askForTest(pool, by, 'webhook')),
  'notices set': { act: (by) => chooseThreshold(pool, by, usd) },
  'time zone set': {
    act: ({ accountId, userId }) =>
      setTimeZone(pool, { accountId, userId, zone: 'Pacific/Auckland' }),
  },
  'account rename': { act: (by) => renameAccount(pool, by, 'theirs now') },
  'invitation make': { act: invite },
  'invitation revoke': begun({
    before: invite,
    act: ({ accountId, userId }, made) =>
      revokeInvitation(pool, { accountId, by: { userId }, id: (made as { id: number }).id }),
  }),
  'member role': {
    act: ({ member }) => setMember(pool, { ...member, role: 'billing', capNanos: null }),
  },
  'member cap': {
    act: ({ member }) => setMember(pool, { ...member, role: 'member', capNanos: 5 }),
  },
  'member remove': { act: ({ member }) => removeMember(pool, member) },
} satisfies Record<Exclude<AccountAction, 'member add' | 'member join' | 'member leave'>, Case>

const tables = [
  'accounts',
  'api_keys',
  'invitations',
  'webhooks',
  'notices',
  'notice_deliveries',
  'orders',
  'code_redemptions',
  'subscriptions',
  'entries',
  'account_log',
]

/** All that there is of an account, but for whether this one is in it. */
async function contentOf({ accountId, userId }: Admin): Promise<string> {
  const parts = await Promise.all(
    tables.map((name) =>
      books.sql(`select * from ?? where ?? = ?`, [
        name,
        name === 'accounts' ? 'id' : 'account_id',
        accountId,
      ]),
    ),
  )
  const others = 'select * from memberships where account_id = ? and user_id <> ?'
  const all = [...parts, await books.sql(others, [accountId, userId])]
  // Whoever locks an account leaves the moment in it.
  return JSON.stringify(all, (name, value: unknown) => (name === 'booked_at' ? null : value))
}

const actionsOf = async ({ accountId }: Admin) =>
  (
    await books.sql<{ action: string }>('select action from account_log where account_id = ?', [
      accountId,
    ])
  ).map(({ action }) => action)

/** Of an account that is locked the statement that locks it goes on until it is free. */
const isWaiting = async () => {
  const list = await books.sql<{ Info: string | null }>('show full processlist')
  return list.some(
    ({ Info }) => Info?.startsWith('select id, status') && Info.includes('for update'),
  )
}

/** Has an account locked while `begin` begins, and does something to it before it lets go. */
async function whileLocked<T>(
  accountId: number,
  begin: () => Promise<T>,
  take: (db: Db) => Promise<unknown>,
): Promise<PromiseSettledResult<T>> {
  let work: Promise<PromiseSettledResult<T>[]> | undefined
  await other.transact(async (db) => {
    await lockAccount(db, accountId)
    work = Promise.allSettled([begin()])
    await eventually('the change waits for the account', isWaiting)
    await take(db)
    return true
  })
  const [result] = (await work) ?? []
  return present(result)
}

const ways = {
  'has left': (db: Db, { accountId, userId }: Admin) =>
    run(db, 'teams/end-member', { accountId, userId }),
  'is less': (db: Db, { accountId, userId }: Admin, action: AccountAction) =>
    run(db, 'teams/set-member', {
      accountId,
      userId,
      role: rightFor[action] === 'manage-own-keys' ? 'billing' : 'member',
      capNanos: null,
    }),
}

const each = Object.entries(cases) as [keyof typeof cases, Case][]

describe('a change by somebody whose role is taken away after their page was shown', () => {
  for (const [action, { before: prepare, act }] of each)
    test(`changes nothing: ${action}`, async () => {
      const allowed = await newAdmin()
      await act(allowed, await prepare?.(allowed))
      assert.ok((await actionsOf(allowed)).includes(action), 'it is done and noted while they may')
      for (const [way, take] of Object.entries(ways)) {
        const by = await newAdmin()
        const had = await prepare?.(by)
        const content = await contentOf(by)
        const begin = async () => act(by, had)
        const result = await whileLocked(by.accountId, begin, (db) => take(db, by, action))
        assert.ok(result.status === 'rejected', `${way}: ${JSON.stringify(result)}`)
        assert.ok(result.reason instanceof NoLongerAllowed, `${way}: ${String(result.reason)}`)
        assert.equal(await contentOf(by), content, way)
      }
    })
})

test('an account that is suspended meanwhile pays for nothing', async () => {
  for (const action of ['plan subscribe', 'code redeem', 'order start'] as const) {
    const { before: prepare, act } = cases[action] as Case
    const by = await newAdmin()
    const had = await prepare?.(by)
    const suspend = (db: Db) =>
      run(db, 'accounts/set-status', { id: by.accountId, status: 'suspended' })
    const begin = async () => act(by, had)
    const result = await whileLocked(by.accountId, begin, suspend)
    assert.ok(result.status === 'fulfilled')
    assert.match(JSON.stringify(result.value), /suspended/, action)
    assert.ok(!(await actionsOf(by)).includes(action))
  }
})
