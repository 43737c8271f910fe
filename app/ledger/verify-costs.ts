import { run, type Db, type Row } from '../db/db.server.ts'
import { readOtherUnits } from '../values/other-units.ts'
import type { Usage } from './ops.ts'

type Units = Omit<Usage, 'source' | 'flag'>
/** What else a cost follows from; a factor is basis points, and null is the plain price. */
type Charged = {
  serviceTier: string | null
  startedAt: Date
  priceFactor: number | null
  accountFactor: number | null
}
/** What so many units come to by one price row, in nano-dollars. */
export type CostOf = (units: Units, charged: Charged) => number
/** The price rows there are, by id: read in the moment that the calls are. */
export type ReadCosts = (db: Db) => Promise<ReadonlyMap<number, CostOf>>

type Call = Row<'ledger/verify/read-costs'>
type WrongCost = { subject: string; expected: string; found: string }

/**
 * Whether a call is charged what its units cost by its own price row, and why not. Its row has the
 * units that are charged; what was waived has none there.
 */
function judge(call: Call, costs: ReadonlyMap<number, CostOf>): WrongCost | undefined {
  const { priceId, costNanos, overrunNanos } = call
  const more = readOtherUnits(call.otherUnits)
  const dueNanos = more && costs.get(priceId)?.({ ...call, more }, call)
  if (dueNanos === costNanos + overrunNanos) return undefined
  const expected = () => {
    if (!more) return 'other units that can be read'
    return dueNanos === undefined ? `a price row ${priceId}` : `cost ${dueNanos}`
  }
  return {
    subject: `call ${call.id.toString('hex')}`,
    expected: expected(),
    found: `cost ${costNanos}, overrun ${overrunNanos}`,
  }
}

/**
 * Calls whose cost is not their units by their price row, at most `rows` of them. Reads all calls in
 * stretches of `callsAtOnce`, so that a log of any length takes the memory of one.
 */
export async function findWrongCosts(
  db: Db,
  costs: ReadonlyMap<number, CostOf>,
  { rows, callsAtOnce }: { rows: number; callsAtOnce: number },
): Promise<WrongCost[]> {
  const wrong: WrongCost[] = []
  let after: Uint8Array = Buffer.alloc(16)
  for (;;) {
    const calls = await run(db, 'ledger/verify/read-costs', { after, rows: callsAtOnce })
    for (const call of calls) {
      const found = judge(call, costs)
      if (found) wrong.push(found)
      if (wrong.length === rows) return wrong
    }
    const last = calls.at(-1)
    if (!last || calls.length < callsAtOnce) return wrong
    after = last.id
  }
}
