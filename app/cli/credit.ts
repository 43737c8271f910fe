import { randomUUID } from 'node:crypto'
import { logAdmin } from '../admin/admin.server.ts'
import { credit, setPlan } from '../ledger/ledger.server.ts'
import { formatUsdShort } from '../values/money.ts'
import { done, money, noSuchAccount, refused, timeText, type VerbResult } from './verb-result.ts'
import type { Verb } from './verb.ts'
import type { Context } from './context.ts'

type Gift = { accountId: number; nanos: number; ref: string; note: string | null }

// Renewals and payments name their entries in ways of their own; none may be taken from outside.
const entryRef = (ref: string) => `grant:${ref}`

async function give(context: Context, { accountId, nanos, ref, note }: Gift): Promise<VerbResult> {
  const { pool, actor } = context
  const kind = nanos < 0 ? 'adjust' : 'grant'
  const result = await credit(pool, {
    accountId,
    kind,
    planNanos: 0,
    balanceNanos: nanos,
    ref: entryRef(ref),
    actor,
    note,
  })
  const document = { account_id: accountId, kind, ref, ...money('amount', nanos) }
  switch (result.state) {
    case 'repeated':
      return done(
        { ...document, state: 'repeated' },
        `Repeated: a grant with the ref ${ref} was made before. Nothing was changed.`,
      )
    case 'credited': {
      const { balanceNanos } = result.account
      await context.announceMoney(accountId)
      const detail = { kind, ref, ...money('amount', nanos), note }
      await logAdmin(pool, { actor, action: 'grant', subject: `account ${accountId}`, detail })
      return done(
        { ...document, state: 'credited', ...money('balance', balanceNanos) },
        `Credited ${formatUsdShort(nanos)} USD to account ${accountId}, ref ${ref}. ` +
          `Its balance is ${formatUsdShort(balanceNanos)} USD.`,
      )
    }
    case 'refused':
      if (result.why === 'no such account') return noSuchAccount(accountId)
      return result.why === 'over the limit'
        ? refused('over_the_limit', 'An account holds no more than 9,000,000 USD.')
        : refused('not_enough_available', 'The account has less than that available.')
  }
}

const grant: Verb = {
  usage: 'grant <account> <usd> [--ref REF] [--note TEXT]',
  does: 'Add to the balance, or take from it where <usd> is negative; a ref works once',
  prepare(args) {
    const gift = {
      accountId: args.whole('account', 0),
      nanos: args.usd('usd', 1, -Number.MAX_SAFE_INTEGER),
      ref: args.text('ref', `cli-${randomUUID()}`, {
        charsMax: 140,
        form: /^[!-~]+$/,
        wants: 'up to 140 ASCII characters without spaces',
      }),
      note: args.text('note', null, { charsMax: 500 }),
    }
    if (gift.nanos === 0) args.problems.push('usd must not be zero')
    return (context) => give(context, gift)
  },
}

const setPlanVerb: Verb = {
  usage: 'plan set <account> <usd-per-month>',
  does: 'Begin a monthly plan credit now, in place of any other; 0 ends it',
  prepare(args) {
    const accountId = args.whole('account', 0)
    const nanos = args.usd('usd-per-month', 0)
    return async ({ pool, actor, announceMoney }) => {
      const result = await setPlan(pool, accountId, nanos, actor)
      if (!('renewsAt' in result)) {
        if (result.state === 'no such account') return noSuchAccount(accountId)
        return refused('over_the_limit', 'An account holds no more than 9,000,000 USD.')
      }
      const perMonth = money('plan_per_month', nanos)
      if (result.state === 'set') {
        await announceMoney(accountId)
        const subject = `account ${accountId}`
        await logAdmin(pool, { actor, action: 'plan set', subject, detail: perMonth })
      }
      const renewsAt = timeText(result.renewsAt)
      const document = { account_id: accountId, state: result.state, ...perMonth }
      const words = nanos === 0 ? 'no plan' : `a plan of ${formatUsdShort(nanos)} USD a month`
      return done(
        { ...document, plan_renews_at: renewsAt },
        `Account ${accountId} ${result.state === 'set' ? 'now has' : 'already had'} ${words}` +
          `${renewsAt ? `, renewed on ${renewsAt}` : ''}.`,
      )
    }
  },
}

export const creditVerbs = [grant, setPlanVerb]
