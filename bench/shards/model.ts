import { randomFrom } from '../../test/random.ts'

/** A straight line through points, by least squares. */
export function fit(points: { x: number; y: number }[]): { fixed: number; each: number } {
  const mean = (of: 'x' | 'y') => points.reduce((sum, it) => sum + it[of], 0) / points.length
  const [x, y] = [mean('x'), mean('y')]
  const over = points.reduce((sum, it) => sum + (it.x - x) * (it.y - y), 0)
  const under = points.reduce((sum, it) => sum + (it.x - x) ** 2, 0)
  const each = over / under
  return { fixed: y - each * x, each }
}

/** What a transaction of so many ops takes, in µs: of the database, and of the relay's core. */
export type Costs = Record<'database' | 'relay', { fixed: number; each: number }>

/** CPU that a call, which is two ops, takes of each, in µs, where so many ops share a transaction. */
export function perCall({ database, relay }: Costs, ops: number) {
  const of = ({ fixed, each }: { fixed: number; each: number }) => 2 * (fixed / ops + each)
  return { databaseUs: of(database), relayUs: of(relay) }
}

/**
 * Calls a second that a writer carries on so many cores, of which only a part is in use: what is
 * left goes to what waits for locks of the server's own, to flushes, and to whatever else it does.
 */
export const callsOfWriter = (costs: Costs, ops: number, cores: number, used: number): number =>
  (cores * used * 1e6) / perCall(costs, ops).databaseUs

/**
 * Spreads accounts over shards, whose calls fall off as Zipf has it: the busiest account makes so
 * many times the calls of the tenth as ten is to one. Answers the calls of the busiest shard, in
 * parts of an even share; the median of many tries.
 */
export function busiestShard(accounts: number, shards: number, tries = 31): number {
  const found = Array.from({ length: tries }, (_, seed) => {
    const { whole } = randomFrom(seed)
    const calls = new Array<number>(shards).fill(0)
    let all = 0
    for (let rank = 1; rank <= accounts; rank++) {
      const at = whole(0, shards - 1)
      calls[at] = (calls[at] ?? 0) + 1 / rank
      all += 1 / rank
    }
    return (Math.max(...calls) * shards) / all
  })
  return found.toSorted((a, b) => a - b)[tries >> 1] ?? Number.NaN
}

/** The part of all calls that the busiest of so many accounts makes. */
export function busiestAccount(accounts: number): number {
  let all = 0
  for (let rank = 1; rank <= accounts; rank++) all += 1 / rank
  return 1 / all
}
