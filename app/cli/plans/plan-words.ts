import type { Plan } from '../../plans/plans.server.ts'
import { formatUsdShort } from '../../values/money.ts'
import { money, timeText } from '../verb-result.ts'

type Terms = Omit<Plan, 'onSale' | 'createdAt' | 'subscribers'>

const modelsIn = (models: string | null) =>
  models === null ? null : (JSON.parse(models) as string[])

/** The terms of a plan, for programs. */
export const termsDocument = (plan: Terms) => ({
  id: plan.id,
  name: plan.name,
  ...money('credit', plan.creditNanos),
  ...money('price', plan.priceNanos),
  models: modelsIn(plan.models),
  group: plan.groupName,
  ...money('rollover', plan.rolloverNanos),
  grace_days: plan.graceDays,
})

export const planDocument = (plan: Plan) => ({
  ...termsDocument(plan),
  on_sale: plan.onSale === 1,
  subscribers: plan.subscribers,
  created_at: timeText(plan.createdAt),
})

/** A row of the list of plans, and what stands above it. */
export const planHeads = [
  'id',
  'plan',
  'on sale',
  'price',
  'credit',
  'rolls over',
  'grace days',
  'group',
  'subscribers',
  'pays for',
]
export const planCells = (plan: Plan) => [
  plan.id,
  plan.name,
  plan.onSale ? 'yes' : 'no',
  formatUsdShort(plan.priceNanos),
  formatUsdShort(plan.creditNanos),
  plan.rolloverNanos ? formatUsdShort(plan.rolloverNanos) : '',
  plan.graceDays,
  plan.groupName,
  plan.subscribers,
  modelsIn(plan.models)?.join(', ') ?? 'all models',
]
