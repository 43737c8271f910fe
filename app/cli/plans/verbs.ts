import { listGroups } from '../../accounts/accounts.server.ts'
import { limits } from '../../config/limits.ts'
import {
  addPlan,
  changeTerms,
  findPlan,
  listPlans,
  withdrawPlan,
  type PlanTerms,
} from '../../plans/plans.server.ts'
import { formatUsdShort } from '../../values/money.ts'
import type { Context } from '../context.ts'
import { knownScope } from '../model-scope.ts'
import { done, refused, table, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { planCells, planDocument, planHeads, termsDocument } from './plan-words.ts'
import { planName, termsSaid } from './read-terms.ts'

const noSuchPlan = (name: string) =>
  refused('no_such_plan', `There is no plan ${name} on sale. \`plans list\` names them.`)

/** What was said, where its models and its group are there; else why not. */
async function known(
  { pool }: Context,
  said: Partial<PlanTerms>,
): Promise<Partial<PlanTerms> | VerbResult> {
  const { groupName, models } = said
  const scope = models ? await knownScope(pool, models) : undefined
  if (scope && 'refusal' in scope) return scope.refusal
  if (groupName && !(await listGroups(pool)).some(({ name }) => name === groupName))
    return refused('no_such_group', `There is no group ${groupName}.`)
  return { ...said, ...scope }
}
const isRefusal = (answer: Partial<PlanTerms> | VerbResult): answer is VerbResult =>
  'exitCode' in answer

type Made = Awaited<ReturnType<typeof changeTerms>>

async function told({ pool }: Context, name: string, made: Made): Promise<VerbResult> {
  const plan = await findPlan(pool, name)
  switch (made.state) {
    case 'exists':
      return refused('plan_exists', `There is a plan ${name} on sale. \`plans set\` changes it.`)
    case 'too many':
      return refused('over_the_limit', `No more than ${limits.plans.onSaleMax} plans are on sale.`)
    case 'no such plan':
      return noSuchPlan(name)
    case 'made':
    case 'unchanged': {
      if (!plan) return noSuchPlan(name)
      const { creditNanos, priceNanos } = plan
      const words =
        `Plan ${plan.name} ${made.state === 'made' ? 'is sold' : 'was sold already'} at ` +
        `${formatUsdShort(priceNanos)} USD a month, for ${formatUsdShort(creditNanos)} USD of credit.`
      return done({ ...termsDocument(plan), changed: made.state === 'made' }, words)
    }
  }
}

const options = '[--models LIST] [--group GROUP] [--rollover USD] [--grace-days N]'

const add: Verb = {
  usage: `plans add <plan> --credit USD --price USD ${options}`,
  does:
    'Put a plan on sale: what it gives and costs each month; LIST names models that its credit ' +
    'pays for, or how they begin as in gpt-4.1*; only accounts of GROUP may have it; so much of ' +
    'what is left goes on into the next month; for N days one who cannot pay may still do so',
  prepare(args) {
    const name = planName(args)
    const said = termsSaid(args)
    return async (context) => {
      const terms = await known(context, said)
      if (isRefusal(terms)) return terms
      const { creditNanos = 0, priceNanos = 0, ...rest } = terms
      const usual = { models: null, groupName: null, rolloverNanos: 0 }
      const { graceDaysUsual: graceDays } = limits.plans
      const all = { ...usual, graceDays, creditNanos, priceNanos, ...rest }
      return told(context, name, await addPlan(context.pool, name, all, context.actor))
    }
  },
}

const set: Verb = {
  usage: `plans set <plan> [--credit USD] [--price USD] ${options}`,
  does:
    'Sell a plan on other terms from now on; whoever has it keeps those they chose it for. ' +
    '--models all, --group none and --rollover 0 take these away',
  prepare(args) {
    const name = planName(args)
    const said = termsSaid(args)
    if (Object.keys(said).length === 0 && args.problems.length === 0)
      args.problems.push('there is nothing to change')
    return async (context) => {
      const terms = await known(context, said)
      if (isRefusal(terms)) return terms
      return told(context, name, await changeTerms(context.pool, name, terms, context.actor))
    }
  },
}

const list: Verb = {
  usage: 'plans list [--all]',
  does: 'Plans on sale, and how many are subscribed; with --all also those that are sold no more',
  isReading: true,
  prepare(args) {
    const all = args.has('all')
    return async ({ pool }) => {
      const plans = await listPlans(pool, { all })
      return done({ plans: plans.map(planDocument) }, table(planHeads, plans.map(planCells)))
    }
  },
}

const withdraw: Verb = {
  usage: 'plans withdraw <plan>',
  does: 'Sell a plan no more; whoever has it is renewed as before',
  prepare(args) {
    const name = planName(args)
    return async ({ pool, actor }) => {
      if ((await withdrawPlan(pool, name, actor)) === 'no such plan') return noSuchPlan(name)
      return done({ name, withdrawn: true }, `Plan ${name} is sold no more.`)
    }
  },
}

export const planVerbs = [add, list, set, withdraw]
