import { randomUUID } from 'node:crypto'

import { createAccount, readAccount } from '../accounts/accounts.server.ts'
import { logAdmin } from '../admin/admin.server.ts'
import { priced, readModels, type PricedModel } from '../catalog/catalog.server.ts'
import { createPool, type Pool } from '../db/db.server.ts'
import { createKey, listKeys } from '../keys/keys.server.ts'
import { ensurePartitions, retain } from '../usage/usage.server.ts'
import { seedCalls } from '../sample-history/sample-history.server.ts'
import { done, money, noSuchAccount, refused, type VerbResult } from './verb-result.ts'
import type { Verb } from './verb.ts'
import type { Context } from './context.ts'

type SeedOrder = { calls: number; accountId: number | null; days: number; modelsMax: number }

const dayMs = 86_400_000
/** Calls end some time after they began; none may end after now. */
const latestMs = 10 * 60_000
const keysWanted = 4

/** The usable keys of the account, at least one. */
async function keysOf(pool: Pool, accountId: number): Promise<number[]> {
  const keys = await listKeys(pool, accountId, keysWanted)
  const usable = keys.filter(({ revokedAt, expired }) => revokedAt === null && expired === 0)
  if (usable.length) return usable.map(({ id }) => id)
  const made: number[] = []
  for (const name of ['production', 'staging', 'notebook', 'ci'])
    made.push((await createKey(pool, accountId, { name }))!.id)
  return made
}

/** Models on sale, the cheapest first: they get the most calls. */
async function modelsOnSale(pool: Pool, now: Date, most: number): Promise<PricedModel[]> {
  const models = (await readModels(pool)).flatMap((model) => priced(model, now) ?? [])
  const outputPrice = ({ price }: PricedModel) => price.terms.tiers[0]!.output
  return models.sort((a, b) => outputPrice(a) - outputPrice(b)).slice(0, most)
}

async function seed(context: Context, order: SeedOrder, now: Date): Promise<VerbResult> {
  const { calls, days, modelsMax } = order
  // Several blocks are under way at once, each in a transaction of its own.
  const pool = createPool(context.databaseUrl, { size: 5 })
  try {
    const models = await modelsOnSale(pool, now, modelsMax)
    if (models.length === 0)
      return refused('no_such_model', 'The catalogue is empty: start the relay once.')
    if (order.accountId !== null && !(await readAccount(pool, order.accountId)))
      return noSuchAccount(order.accountId)
    const accountId = order.accountId ?? (await createAccount(pool, 'Made-up calls', context.actor))
    const endMs = now.getTime() - latestMs
    const oldest = new Date(endMs - days * dayMs)
    await ensurePartitions(context.databaseUrl, { now, oldest })
    const keyIds = await keysOf(pool, accountId)
    const [ref, startMs] = [`seed-calls:${randomUUID()}`, performance.now()]
    const given = { accountId, keyIds, models, calls, days, endMs, actor: context.actor, ref }
    const { costNanos } = await seedCalls(pool, given)
    const seconds = (performance.now() - startMs) / 1_000
    const detail = { calls, days, models: models.map(({ name }) => name), ref }
    const subject = `account ${accountId}`
    await logAdmin(pool, { actor: context.actor, action: 'seed-calls', subject, detail })
    const rate = Math.round(calls / seconds)
    return done(
      { account_id: accountId, calls, days, ...money('cost', costNanos), seconds, ref },
      `Account ${accountId} has ${calls} more calls over ${days} days, made in ` +
        `${seconds.toFixed(1)} s (${rate} a second), and a grant that has paid for them.`,
    )
  } finally {
    await pool.close()
  }
}

const seedVerb: Verb = {
  usage: 'seed-calls <calls> [--account ID] [--days N] [--models N]',
  does:
    'Make up the history of an account (a new one) over the last N days (90), with N models (6), ' +
    'booked and paid for by a grant; for trying things out at size',
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

const retainVerb: Verb = {
  usage: 'retain --months N',
  does:
    'Drop the calls of all months before this one and the N before it; ' +
    'daily totals, the ledger and what verify needs are kept',
  prepare(args, now) {
    const months = args.whole('months', 1, 1, 1_200)
    return async ({ pool, databaseUrl, actor }) => {
      const { dropped, ...end } = await retain(pool, databaseUrl, { months, now })
      if (dropped.length > 0) {
        const detail = { months, dropped }
        await logAdmin(pool, { actor, action: 'retain', subject: 'calls', detail })
      }
      if (end.state === 'refused') {
        const why = `${end.why}: nothing ${dropped.length ? 'more ' : ''}was dropped.`
        return refused('not_droppable', why[0]!.toUpperCase() + why.slice(1))
      }
      const calls = dropped.reduce((sum, month) => sum + month.calls, 0)
      const text = dropped.length
        ? `Dropped ${dropped.length} months with ${calls} calls. Their totals are kept.`
        : 'There is no month to drop.'
      return done({ months, calls, dropped }, text)
    }
  },
}

export const historyVerbs = [retainVerb, seedVerb]
