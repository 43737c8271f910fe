import type { Db } from '../../db/db.server.ts'
import { usagePath } from '../../paths.ts'
import { addDays } from '../../values/days.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import {
  everything,
  filterParams,
  foldRest,
  layOut,
  sumModels,
  sumUsage,
} from '../../usage/usage.server.ts'

const daysShown = 30
const modelsShown = 10

/** Null: everybody who has a key of the account. */
type Spender = { accountId: number; userId: number | null; zone: string }

/** What an account, or one of its people, spent in the last 30 days of a zone, today included: by day, and by model. */
export async function readSpend(db: Db, { accountId, userId, zone }: Spender, now: Date) {
  const to = dayIn(zone, now.getTime())
  const filter = { ...everything, userId, zone, from: addDays(to, 1 - daysShown), to }
  const [{ days }, models] = await Promise.all([
    sumUsage(db, accountId, filter),
    sumModels(db, accountId, filter),
  ])
  const { first, rest } = foldRest(models, modelsShown)
  const figures = days.map(({ day, ...sums }) => ({ ...sums, from: day, to: day }))
  return {
    figures: figures.filter(({ calls }) => calls > 0),
    chart: layOut(
      'day',
      figures.map((bar) => ({ ...bar, values: [bar.costNanos] })),
    ),
    models: {
      rows: first.map(({ model, ...sums }) => ({
        ...sums,
        name: model,
        to: `${usagePath}?${filterParams({ ...everything, from: filter.from, model }).toString()}`,
      })),
      rest,
    },
  }
}
