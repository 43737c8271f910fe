import {
  createAccount,
  findAccountsByEmail,
  listAccounts,
  readAccount,
  setAccountStatus,
  type Account,
  type AccountRow,
} from '../accounts/accounts.server.ts'
import type { AccountStatus } from '../values/account-statuses.ts'
import type { Pool } from '../db/db.server.ts'
import { available } from '../ledger/ledger.server.ts'
import { listKeys } from '../keys/keys.server.ts'
import { formatFactor } from '../values/factors.ts'
import { formatUsdShort } from '../values/money.ts'
import { done, facts, money, noSuchAccount, refused, table, timeText } from './verb-result.ts'
import { whenRevocationIsKnown } from './keys/key-verbs.ts'
import type { Verb } from './verb.ts'

const heldOf = (row: AccountRow) => row.planHeldNanos + row.balanceHeldNanos

const documentOf = (row: AccountRow) => ({
  id: row.id,
  name: row.name,
  status: row.status,
  ...money('available', available(row)),
  ...money('balance', row.balanceNanos),
  ...money('balance_held', row.balanceHeldNanos),
  ...money('plan', row.planNanos),
  ...money('plan_held', row.planHeldNanos),
  factor: formatFactor(row.factor),
  group: row.groupName,
  created_at: timeText(row.createdAt),
})

const list: Verb = {
  usage: 'account list [--limit N] [--after ID]',
  does: 'Accounts and what they have, by id',
  isReading: true,
  prepare(args) {
    const page = { rows: args.whole('limit', 50, 1, 1_000), after: args.whole('after', 0, 0) }
    return async ({ pool }) => {
      const rows = await listAccounts(pool, page)
      const last = rows.length === page.rows ? rows.at(-1) : undefined
      const nextAfter = last?.id ?? null
      const cells = rows.map((row) => [
        row.id,
        row.name,
        row.status,
        formatUsdShort(available(row)),
        formatUsdShort(row.balanceNanos),
        formatUsdShort(row.planNanos),
        formatUsdShort(heldOf(row)),
        formatFactor(row.factor),
        row.groupName,
        timeText(row.createdAt),
      ])
      const heads = [
        'id',
        'name',
        'status',
        'available',
        'balance',
        'plan',
        'held',
        'factor',
        'group',
        'created',
      ]
      const more = nextAfter === null ? '' : `\nMore: --after ${nextAfter}`
      const document = { accounts: rows.map(documentOf), next_after: nextAfter }
      return done(document, table(heads, cells) + more)
    }
  },
}

function factorText({ factor, ownFactor, groupName }: Account): string {
  const of = ownFactor === null ? '' : ', its own'
  return formatFactor(factor) + of + (groupName === null ? '' : `, in group ${groupName}`)
}

const personText = ({ name, email, role }: Account['users'][number]) =>
  `${name} <${email ?? ''}> (${role})`

/** What happens at the moment that is shown of a plan. */
function renewalWord({ planInGrace, planCanceledAt, planEndsAt }: Account): string {
  if (planInGrace) return 'plan ends unless paid by'
  return (planCanceledAt ?? planEndsAt) ? 'plan ends' : 'plan renews'
}

function shown(account: Account) {
  const document = {
    ...documentOf(account),
    entries: account.entrySeq,
    usable_keys: account.usableKeys,
    ...money('plan_per_month', account.monthlyNanos),
    plan_renews_at: timeText(account.renewsAt),
    plan: account.planName,
    ...money('plan_price', account.planPriceNanos),
    plan_in_grace: account.planInGrace === 1,
    plan_canceled_at: timeText(account.planCanceledAt),
    plan_ends_at: timeText(account.planEndsAt),
    next_plan: account.nextPlanName,
    own_factor: account.ownFactor === null ? null : formatFactor(account.ownFactor),
    users: account.users.map(({ id, name, email, role, createdAt }) => ({
      id,
      role,
      name,
      email,
      created_at: timeText(createdAt),
    })),
  }
  const { monthlyNanos, users } = account
  const text = facts({
    id: account.id,
    name: account.name,
    status: account.status,
    available: formatUsdShort(available(account)),
    balance: formatUsdShort(account.balanceNanos),
    plan: formatUsdShort(account.planNanos),
    held: formatUsdShort(heldOf(account)),
    'plan a month': monthlyNanos === null ? null : formatUsdShort(monthlyNanos),
    'plan subscribed to': account.planName,
    [renewalWord(account)]: timeText(account.planEndsAt ?? account.renewsAt),
    'then plan': account.nextPlanName,
    'pays, times the price': factorText(account),
    entries: account.entrySeq,
    'usable keys': account.usableKeys,
    people: users.map(personText).join(', ') || null,
    created: timeText(account.createdAt),
  })
  return done(document, text)
}

async function showByEmail(pool: Pool, email: string) {
  const ids = await findAccountsByEmail(pool, email)
  if (ids.length > 1) {
    return refused('several_accounts', `Accounts ${ids.join(', ')} have this address. Name one.`)
  }
  const [id] = ids
  const account = id === undefined ? undefined : await readAccount(pool, id)
  return account ? shown(account) : refused('no_such_account', `Nobody has the address ${email}.`)
}

// Only here does an address stand for an account: providers vouch for it in different degrees, so
// nothing is changed on its word.
const show: Verb = {
  usage: 'account show <account>',
  does: 'One account, by its id or by the e-mail address of one of its people',
  isReading: true,
  prepare(args) {
    const text = args.text('account', '', { charsMax: 320 })
    const email = text.includes('@') ? text : undefined
    const id = email ? 0 : args.whole('account', 0)
    return async ({ pool }) => {
      if (email) return showByEmail(pool, email)
      const account = await readAccount(pool, id)
      return account ? shown(account) : noSuchAccount(id)
    }
  },
}

const create: Verb = {
  usage: 'account create --name NAME',
  does: 'Make an account without people or money',
  prepare(args) {
    const name = args.text('name', '').trim()
    return async ({ pool, actor }) => {
      const id = await createAccount(pool, name, actor)
      return done({ id, name }, `Made account ${id}.`)
    }
  },
}

function statusVerb(usage: string, does: string, status: AccountStatus): Verb {
  return {
    usage,
    does,
    prepare(args) {
      const accountId = args.whole('account', 0)
      return async (context) => {
        const { pool, actor } = context
        const state = await setAccountStatus(pool, { accountId, status, actor })
        if (state === 'no such account') return noSuchAccount(accountId)
        const document = { id: accountId, status, changed: state === 'set' }
        const became = state === 'set' ? 'is now' : 'was already'
        const words = `Account ${accountId} ${became} ${status}.`
        if (status === 'active') return done(document, words)
        // Also when it was suspended before: the last announcement may have been lost.
        const keys = await listKeys(pool, accountId)
        const usable = keys.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id)
        const announced = usable.length === 0 || (await context.announceRevocations(usable))
        return done({ ...document, announced }, `${words} ${whenRevocationIsKnown(announced)}`)
      }
    },
  }
}

export const accountVerbs = [
  list,
  show,
  create,
  statusVerb('account suspend <account>', 'Refuse its calls, and end those under way', 'suspended'),
  statusVerb('account activate <account>', 'Accept its calls again', 'active'),
]
