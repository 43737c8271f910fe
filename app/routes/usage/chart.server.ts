import type { Db } from '../../db/db.server.ts'
import {
  layOut,
  readBars,
  sumBefore,
  valueOf,
  type Measure,
  type Stack,
  type sumParts,
} from '../../usage/usage.server.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import type { UsageAddress } from './address.server.ts'

/** Of which a bar is made; all others are one part together. */
const partsShown = 5

type Summed = Pick<Awaited<ReturnType<typeof sumParts>>, 'totals' | 'models' | 'keys'>
type PartSums = Summed['models'][number] | Summed['keys'][number]

const largest = <T extends PartSums>(sums: T[], measure: Measure) =>
  sums
    .filter((each) => valueOf(each, measure) > 0)
    .sort((a, b) => valueOf(b, measure) - valueOf(a, measure))

type Named = { summed: Summed; keyName: (keyId: number) => string; now: Date }

/** The chart of an address: its days, of the largest models or keys and all others, and the change. */
export async function readChart(
  db: Db,
  accountId: number,
  { filter, measure, by }: UsageAddress,
  { summed, keyName, now }: Named,
) {
  const [models, keys] = [largest(summed.models, measure), largest(summed.keys, measure)]
  const all = by === 'key' ? keys : models
  const shown = all.slice(0, partsShown)
  const stack: Stack =
    by === 'key'
      ? { by, parts: keys.slice(0, partsShown).map(({ keyId }) => keyId) }
      : { by, parts: models.slice(0, partsShown).map(({ model }) => model) }
  const [{ unit, bars }, before] = await Promise.all([
    readBars(db, accountId, filter, { stack, measure, today: dayIn(filter.zone, now.getTime()) }),
    sumBefore(db, accountId, filter, now),
  ])
  const value = valueOf(summed.totals, measure)
  const series = shown.map((sums) => ({
    name: 'model' in sums ? sums.model : keyName(sums.keyId),
    value: valueOf(sums, measure),
  }))
  const hasOthers = bars.some(({ values }) => (values.at(-1) ?? 0) > 0)
  const others = Math.max(0, value - series.reduce((sum, each) => sum + each.value, 0))
  return {
    chart: layOut(unit, bars),
    figures: bars.filter(({ calls }) => calls > 0).map(({ values: _, ...sums }) => sums),
    series,
    /** What is not among these. */
    others: hasOthers ? others : null,
    by,
    inAll: {
      value,
      before: before && {
        value: valueOf(before.sums, measure),
        days: before.days,
        isCut: before.isCut,
      },
    },
  }
}
