type PlanRow = {
  creditNanos: number
  priceNanos: number
  models: string | null
  rolloverNanos: number
  graceDays: number
}

/** The terms of a plan as a page shows them: lists as lists. */
export const planFacts = ({ models, ...terms }: PlanRow) => ({
  creditNanos: terms.creditNanos,
  priceNanos: terms.priceNanos,
  models: models === null ? null : (JSON.parse(models) as string[]),
  rolloverNanos: terms.rolloverNanos,
  graceDays: terms.graceDays,
})
export type PlanFacts = ReturnType<typeof planFacts>
