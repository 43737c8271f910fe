import { randomUUID } from 'node:crypto'

import { createAccount, readAccount } from '../accounts/accounts.server.ts'
import { logAdmin } from '../admin/admin.server.ts'
import { findOrSignUp, localDeveloper, madeUpPerson } from '../auth/auth.server.ts'
import { createPool, type Pool } from '../db/db.server.ts'
import { createKey, listKeys } from '../keys/keys.server.ts'
import { refusePast, type PastRefusal } from '../ledger/ledger.server.ts'
import { makeHistory, modelsOfThen } from '../sample-history/sample-history.server.ts'
import { ensurePartitions } from '../usage/usage.server.ts'
import type { Context } from './context.ts'
import { done, money, noSuchAccount, refused, type VerbResult } from './verb-result.ts'
import type { Verb } from './verb.ts'
import { dayMs } from '../values/days.ts'

type Order = { calls: number; accountId: number | null; days: number; modelsMax: number }

/** The made-up calls end some time before now, so that those of today are the last. */
const latestMs = 10 * 60_000
const keyNames = ['production', 'staging', 'notebook', 'ci']

/** Keys that may use any model and have no budget to keep to; made where there is none. */
async function keysOf(pool: Pool, accountId: number): Promise<number[]> {
  const free = (await listKeys(pool, accountId)).filter(
    ({ revokedAt, expired, budgetNanos, models }) =>
      revokedAt === null && expired === 0 && budgetNanos === null && models === null,
  )
  if (free.length) return free.slice(0, keyNames.length).map(({ id }) => id)
  const made: number[] = []
  for (const name of keyNames) {
    const key = await createKey(pool, accountId, { name })
    if (key) made.push(key.id)
  }
  return made
}

/**
 * The account asked for, or a new one. In local mode it is the developer's while that is new enough for
 * a past; once it has had its first credit, it is somebody's whom `sign-in` signs in as.
 */
async function accountOf(context: Context, asked: number | null, oldest: Date) {
  const { pool, actor, isLocal } = context
  if (asked !== null) return (await readAccount(pool, asked)) ? asked : undefined
  if (!isLocal) return createAccount(pool, 'Made-up calls', actor)
  const { accountId } = await findOrSignUp(pool, localDeveloper)
  const isTooLate = (await refusePast(pool, accountId, oldest.getTime())) === 'later entries'
  return isTooLate ? (await findOrSignUp(pool, madeUpPerson())).accountId : accountId
}

const whys: Record<PastRefusal, string> = {
  'no such account': 'it is gone',
  'later entries':
    'it has entries of a later time than the history would begin at, and entries stand in the ' +
    'order of time. Fewer --days may fit; so does an account of its own: account create, --account',
  'plan credit': 'it has plan credit, which made-up calls do not use. Name another with --account',
  'over the limit': 'it would have more than an account may have',
  'not enough available': 'it has spent what the history was paid with',
  'key budget': 'one of its keys was given a budget, or is gone',
}
const refuseFor = (accountId: number, why: PastRefusal, calls = 0) =>
  refused(
    'not_bookable',
    `Account ${accountId} cannot have ${calls ? `more than ${calls} of these calls` : 'these calls'}: ` +
      `${whys[why]}.`,
  )

async function seed(context: Context, order: Order, now: Date): Promise<VerbResult> {
  const { calls, days, modelsMax } = order
  const { hosts, actor, isLocal } = context
  const endMs = now.getTime() - latestMs
  const oldest = new Date(endMs - days * dayMs)
  const pool = createPool(hosts, { size: 1 })
  try {
    const models = await modelsOfThen(pool, { from: oldest, to: now, most: modelsMax })
    if (models.length === 0)
      return refused(
        'no_such_model',
        'The catalogue has no chat model that kept one price for all that time: start the relay ' +
          'once, or take fewer --days.',
      )
    const accountId = await accountOf(context, order.accountId, oldest)
    // Without a number an account is found or made, so that only a number can be wrong.
    if (accountId === undefined) return noSuchAccount(order.accountId!)
    const why = await refusePast(pool, accountId, oldest.getTime())
    if (why) return refuseFor(accountId, why)
    const keyIds = await keysOf(pool, accountId)
    if (keyIds.length === 0)
      return refused('too_many_keys', `Account ${accountId} has no free key, nor room for one.`)
    await ensurePartitions(hosts, { now, oldest })
    const [ref, startMs] = [`seed-calls:${randomUUID()}`, performance.now()]
    const given = { accountId, keyIds, models, calls, days, endMs, actor, ref }
    const booked = await makeHistory(pool, given)
    const seconds = (performance.now() - startMs) / 1_000
    const detail = { calls: booked.calls, days, models: models.map(({ name }) => name), ref }
    const subject = `account ${accountId}`
    await logAdmin(pool, { actor, action: 'seed-calls', subject, detail })
    if (booked.state === 'refused') return refuseFor(accountId, booked.why, booked.calls)
    const rate = Math.round(calls / seconds)
    return done(
      { account_id: accountId, calls, days, ...money('cost', booked.costNanos), seconds, ref },
      `Account ${accountId} has ${calls} more calls over ${days} days, made in ` +
        `${seconds.toFixed(1)} s (${rate} a second), and grants that have paid for them.` +
        (isLocal ? `\nTo see them: npm run relay -- sign-in --account ${accountId}` : ''),
    )
  } finally {
    await pool.close()
  }
}

export const seedVerb: Verb = {
  usage: 'seed-calls <calls> [--account ID] [--days N] [--models N]',
  does:
    'Make up the history of an account (a new one; in local mode the developer’s, while it has ' +
    'had no credit) over the last ' +
    'N days (90), with N models (6), booked and paid for by grants; for trying things out at size',
  prepare(args, now) {
    const order = {
      calls: args.whole('calls', 0, 1, 1_000_000_000),
      accountId: args.whole('account', null),
      days: args.whole('days', 90, 1, 1_000),
      modelsMax: args.whole('models', 6, 1, 50),
    }
    return (context) => seed(context, order, now)
  },
}
