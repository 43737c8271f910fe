import type { Db } from '../../db/db.server.ts'
import { addDays, dayOf } from '../../values/days.ts'
import { chartDays, everything, sumModels, sumUsage } from '../../usage/usage.server.ts'

const daysShown = 30
const modelsShown = 10

/** Null: everybody who has a key of the account. */
type Spender = { accountId: number; userId: number | null }

/** What an account, or one of its people, spent in the last 30 days, today included: by day, and by model. */
export async function readSpend(db: Db, { accountId, userId }: Spender, now: Date) {
  const to = dayOf(now.getTime())
  const filter = { ...everything, userId, from: addDays(to, 1 - daysShown), to }
  const [{ days }, models] = await Promise.all([
    sumUsage(db, accountId, filter),
    sumModels(db, accountId, filter),
  ])
  return {
    days,
    chart: chartDays(days, 'cost'),
    models: foldRest(models.map(({ model, ...sums }) => ({ name: model, ...sums }))),
  }
}

type Named = Omit<Awaited<ReturnType<typeof sumModels>>[number], 'model'> & { name: string }

/** The dearest models by name, and all others in one line, so that the lines still add up. */
function foldRest(models: Named[]): Named[] {
  if (models.length <= modelsShown) return models
  const rest = models.slice(modelsShown - 1)
  const sum = (name: 'calls' | 'inputTokens' | 'outputTokens' | 'costNanos') =>
    rest.reduce((total, row) => total + row[name], 0)
  return [
    ...models.slice(0, modelsShown - 1),
    {
      name: `${rest.length} other models`,
      calls: sum('calls'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      costNanos: sum('costNanos'),
    },
  ]
}
