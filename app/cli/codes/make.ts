import { logAdmin } from '../../admin/admin.server.ts'
import { limits } from '../../config/limits.ts'
import { makeCodes, type MadeCode, type NewBatch } from '../../payments/payments.server.ts'
import { findPlan } from '../../plans/plans.server.ts'
import { formatUsdShort } from '../../values/money.ts'
import type { Context } from '../context.ts'
import { done, money, refused, timeText, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

const { batchMax, monthsMax, usesMax, nameCharsMax } = limits.codes

type Asked = Omit<NewBatch, 'plan'> & {
  plan: { planId: number; name: string; months: number } | null
}

/** What stands beside a code in a file is the same in each of its lines. */
function csvOf(batchId: number, { valueNanos, plan, expiresAt }: Asked, codes: MadeCode[]): string {
  // The name of a plan is anybody's text.
  const name = plan ? `"${plan.name.replaceAll('"', '""')}"` : ''
  const value = plan ? '' : formatUsdShort(valueNanos)
  const rest = [value, name, plan?.months ?? '', timeText(expiresAt) ?? ''].join(',')
  const lines = codes.map(({ id, code }) => [code, id, batchId, rest].join(','))
  return ['code,number,batch,value_usd,plan,months,expires_at', ...lines].join('\n')
}

function worthOf({ plan, valueNanos }: Asked): string {
  if (!plan) return `${formatUsdShort(valueNanos)} USD`
  return `${plan.months} ${plan.months === 1 ? 'month' : 'months'} of ${plan.name}`
}

async function make(context: Context, batch: Asked, asCsv: boolean): Promise<VerbResult> {
  const { pool, actor } = context
  const { name, codes: count, uses, expiresAt, valueNanos, plan } = batch
  const about = {
    name,
    count,
    uses,
    ...money('value', valueNanos),
    plan: plan?.name ?? null,
    months: plan?.months ?? null,
    expires_at: timeText(expiresAt),
  }
  const { batchId, codes } = await pool.transact(async (db) => {
    const made = await makeCodes(db, batch)
    const subject = `codes ${made.batchId}`
    await logAdmin(db, { actor, action: 'codes make', subject, detail: about })
    return made
  })
  const document = {
    batch: batchId,
    ...about,
    codes: codes.map(({ id, code }) => ({ number: id, code })),
  }
  if (asCsv) return done(document, csvOf(batchId, batch, codes))
  const each = uses === 1 ? 'once' : `by ${uses} accounts`
  const until = expiresAt ? `, until ${timeText(expiresAt)}` : ''
  return done(
    document,
    [
      ...codes.map(({ code }) => code),
      '',
      `Batch ${batchId}: ${count} ${count === 1 ? 'code' : 'codes'} of ${worthOf(batch)}, each to ` +
        `be redeemed ${each}${until}. They are shown this once only.`,
    ].join('\n'),
  )
}

export const makeVerb: Verb = {
  usage:
    'codes make --count N [--value USD] [--plan PLAN] [--months N] [--name TEXT] [--uses N] ' +
    '[--expires TIME] [--csv]',
  does:
    'Make codes that people redeem for credit, or for a plan and so many months of it, printed this ' +
    'once; each by one account, or by N with --uses; --csv prints them as a file',
  prepare(args, now) {
    const valueNanos = args.usd('value', null, 1)
    const plan = args.text('plan', null, { charsMax: limits.plans.nameCharsMax })
    const months = args.whole('months', null, 1, monthsMax)
    if ((valueNanos === null) === (plan === null))
      args.problems.push('codes are worth a --value or a --plan')
    if ((months === null) !== (plan === null)) args.problems.push('--plan and --months go together')
    const batch = {
      name: args.text('name', '', { charsMax: nameCharsMax }).trim(),
      valueNanos: valueNanos ?? 0,
      codes: args.whole('count', 1, 1, batchMax),
      uses: args.whole('uses', 1, 1, usesMax),
      expiresAt: args.time('expires', null),
    }
    if (batch.expiresAt && batch.expiresAt <= now) args.problems.push('expires is in the past')
    if (batch.valueNanos > limits.accounts.nanosMax)
      args.problems.push('value is more than an account may hold, which is 9,000,000 USD')
    const asCsv = args.has('csv')
    return async (context) => {
      const found = plan === null ? undefined : await findPlan(context.pool, plan)
      if (plan !== null && !found)
        return refused('no_such_plan', `There is no plan ${plan} on sale.`)
      const given = found ? { planId: found.id, name: found.name, months: months ?? 1 } : null
      return make(context, { ...batch, plan: given, actor: context.actor }, asCsv)
    }
  },
}
