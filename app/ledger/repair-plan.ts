import { run, type Db, type Row } from '../db/db.server.ts'
import { dayMs, dayOf, earliestDay } from '../values/days.ts'
import { slotsADay } from '../values/zones/zone-days.ts'

type Sums = Record<
  | 'calls'
  | 'inputTokens'
  | 'cachedTokens'
  | 'cacheWriteTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'costNanos',
  number
>
/** What is not as the rows say that it follows from, and what it will be. */
export type RepairedTotal = { check: string; subject: string; change: string }

export type RepairPlan = {
  accountId: number
  changes: RepairedTotal[]
  /** UTC days whose totals are made anew, of whatever kind. */
  days: string[]
  /** Zones whose days are folded anew. */
  zones: string[]
  /** Why a part of the account's totals stays as it is; undefined where all can be told. */
  untold: string | undefined
}

const columns = {
  calls: 'calls',
  inputTokens: 'input',
  cachedTokens: 'cached',
  cacheWriteTokens: 'cache write',
  outputTokens: 'output',
  reasoningTokens: 'reasoning',
  costNanos: 'cost',
} satisfies Record<keyof Sums, string>
const names = Object.keys(columns) as (keyof Sums)[]

type Off = { [Name in keyof Sums]: number | null }
function add(days: Map<string, Sums>, day: string, off: Off) {
  const sum = days.get(day)
  const added = names.map((name) => [name, (sum?.[name] ?? 0) + (off[name] ?? 0)])
  days.set(day, Object.fromEntries(added) as Sums)
}
const isNothing = (sums: Sums) => names.every((name) => sums[name] === 0)
const signed = (value: number) => (value > 0 ? `+${value}` : String(value))
const wordsOf = (sums: Sums) =>
  names.flatMap((name) => (sums[name] ? [`${columns[name]} ${signed(sums[name])}`] : [])).join(', ')

/** The first day whose calls are kept. */
export async function readBoundary(db: Db): Promise<{ keptFrom: string }> {
  const { keptFrom } = await run(db, 'ledger/repair/read-boundary', {})
  return { keptFrom: keptFrom ?? earliestDay }
}

/** Whether the totals of the time whose calls are gone still are what was noted of those calls. */
export const isDroppedWhole = (dropped: Row<'ledger/repair/read-dropped'>) =>
  dropped.calls === dropped.callsByTotals && dropped.costNanos === dropped.costByTotals

function changesOfKeys(
  keys: Row<'ledger/repair/read-keys'>[],
  offs: ReadonlyMap<number, number>,
  isWhole: boolean,
): RepairedTotal[] {
  return keys.flatMap(({ id, spentNanos, heldNanos, spentByTotals, heldByHolds, ...period }) => {
    const spent = isWhole ? (spentByTotals ?? 0) + (offs.get(id) ?? 0) : spentNanos
    const since = spentNanos - period.baseNanos
    const { spentSince } = period
    const words = [
      spent === spentNanos ? [] : [`spent ${spentNanos} to ${spent}`],
      heldByHolds === heldNanos ? [] : [`held ${heldNanos} to ${heldByHolds}`],
      (spentSince ?? since) === since ? [] : [`spent in its period ${since} to ${spentSince}`],
    ].flat()
    return words.length ? [{ check: 'keys', subject: `key ${id}`, change: words.join(', ') }] : []
  })
}

type AccountHolds = Row<'ledger/repair/read-account'>
function changesOfHolds(accountId: number, holds: AccountHolds | undefined): RepairedTotal[] {
  if (!holds) return []
  const { planHeldNanos, balanceHeldNanos, planByHolds, balanceByHolds } = holds
  if (planHeldNanos === planByHolds && balanceHeldNanos === balanceByHolds) return []
  const change =
    `plan held ${planHeldNanos} to ${planByHolds}, ` +
    `balance held ${balanceHeldNanos} to ${balanceByHolds}`
  return [{ check: 'account holds', subject: `account ${accountId}`, change }]
}

const changeOfDay = (check: string, accountId: number, day: string, sums: Sums): RepairedTotal => ({
  check,
  subject: `account ${accountId} day ${day}`,
  change: wordsOf(sums) || 'between keys, models, statuses, outcomes or times of the day',
})

const changeOfZone = (accountId: number, zone: string, places: number): RepairedTotal => ({
  check: 'days of zones',
  subject: `account ${accountId} zone ${zone}`,
  change: `${places} to be folded anew`,
})

/**
 * What of an account's totals does not follow from its calls and holds. Reads from one moment, in
 * which a right writer has written all of them or none, and locks nothing.
 */
export async function planRepair(db: Db, accountId: number): Promise<RepairPlan> {
  const of = { accountId }
  const offs = await run(db, 'ledger/repair/read-offs', of)
  const accountOffs = await run(db, 'ledger/repair/read-account-offs', of)
  const zoneOffs = await run(db, 'ledger/repair/read-zone-offs', of)
  const keys = await run(db, 'ledger/repair/read-keys', of)
  const holds = await run(db, 'ledger/repair/read-account', of)
  const dropped = await run(db, 'ledger/repair/read-dropped', of)
  const { keptFrom } = await readBoundary(db)
  const isWhole = isDroppedWhole(dropped)

  const days = new Map<string, Sums>()
  const accountDays = new Map<string, Sums>()
  const offsOfKeys = new Map<number, number>()
  for (const { day: dayNumber, keyId, places: _, ...off } of offs) {
    const day = dayOf((dayNumber ?? 0) * dayMs)
    add(days, day, off)
    add(accountDays, day, off)
    offsOfKeys.set(keyId, (offsOfKeys.get(keyId) ?? 0) + (off.costNanos ?? 0))
  }
  // What cancels out within a day is off all the same, unless it follows from what is off anyway.
  const uneven = new Set<string>()
  for (const { slot, ...off } of accountOffs) {
    const day = dayOf(Math.floor(slot / slotsADay) * dayMs)
    add(accountDays, day, off)
    if (!days.has(day)) uneven.add(day)
  }
  for (const [day, off] of accountDays) {
    const canBeTold = day >= keptFrom || isWhole
    if ((isNothing(off) && !uneven.has(day)) || !canBeTold) accountDays.delete(day)
  }
  return {
    accountId,
    changes: [
      ...[...days].map(([day, off]) => changeOfDay('totals', accountId, day, off)),
      ...[...accountDays].map(([day, off]) => changeOfDay('account totals', accountId, day, off)),
      ...zoneOffs.map(({ zone, places }) => changeOfZone(accountId, zone, places)),
      ...changesOfKeys(keys, offsOfKeys, isWhole),
      ...changesOfHolds(accountId, holds),
    ],
    zones: zoneOffs.map(({ zone }) => zone),
    days: [...new Set([...days.keys(), ...accountDays.keys()])].sort(),
    untold: isWhole
      ? undefined
      : `before ${keptFrom} there were ${dropped.calls} calls of ${dropped.costNanos}, and the ` +
        `totals know of ${dropped.callsByTotals} of ${dropped.costByTotals}`,
  }
}
