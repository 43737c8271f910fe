import { limits } from '../../app/config/limits.ts'
import type { Ledger } from '../../app/ledger/ledger.server.ts'
import { present } from '../../test/present.ts'
import { runSql } from '../../test/sql.ts'
import { coreShares } from '../core-share.ts'
import { withCpu } from '../cpu.ts'
import { count, median, percent, ratio, spread, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { pairsPerSecond, type Buyer } from '../pairs.ts'
import {
  busiestAccount,
  busiestShard,
  callsOfWriter,
  fit,
  perCall,
  type Costs,
} from '../shards/model.ts'
import { ledgerOver, startShards, type Counted, type Shard } from '../shards/servers.ts'

const servers = 4
const accounts = 1_000
const seconds = 2
const rounds = 3
/** Of a core, for each server: four leave most of two cores to the ledger that asks them all. */
const share = 0.1
const inFlightEach = 64

/** One way to hold the books: lanes, and the servers that they lead to. */
type Way = { name: string; ledger: Ledger; used: Shard[]; inFlight: number }

/** What was seen of a way, each a list with a figure a round; CPU in µs a call. */
type Seen = Record<'rate' | 'ops' | 'databaseUs' | 'ownUs' | 'logBytes' | 'flushes', number[]>

async function measureOnce(way: Way, buyers: Buyer[]) {
  const { ledger, used, inFlight } = way
  const before = await Promise.all(used.map((shard) => shard.counted()))
  const own = process.cpuUsage()
  const pids = Object.fromEntries(used.map(({ pid }, i) => [String(i), pid]))
  const { result: rate, cpu } = await withCpu(pids, () =>
    pairsPerSecond(ledger, buyers, { inFlight, seconds }),
  )
  const { user, system } = process.cpuUsage(own)
  const after = await Promise.all(used.map((shard) => shard.counted()))
  const calls = rate * seconds
  const grown = (of: keyof Counted) =>
    after.reduce((sum, it, i) => sum + it[of] - present(before[i])[of], 0)
  return {
    rate,
    ops: (2 * calls) / grown('commits'),
    databaseUs: Object.values(cpu).reduce((sum, us) => sum + us, 0) / calls,
    ownUs: (user + system) / calls,
    logBytes: grown('logBytes') / calls,
    flushes: grown('flushes') / calls,
  }
}

/** All ways in turn, round after round; the first round warms up. */
async function measure(ways: Way[], buyers: Buyer[]): Promise<Seen[]> {
  const all = ways.map((): Seen => ({
    rate: [],
    ops: [],
    databaseUs: [],
    ownUs: [],
    logBytes: [],
    flushes: [],
  }))
  for (let round = -1; round < rounds; round++)
    for (const [i, way] of ways.entries()) {
      const one = await measureOnce(way, buyers)
      if (round < 0) continue
      for (const of of Object.keys(one) as (keyof Seen)[]) present(all[i])[of].push(one[of])
    }
  return all
}

const heads = ['what', 'in flight', 'calls/s', '±', 'of the first', 'ops a transaction']
const cpuHeads = ['MariaDB, µs a call', 'ledger, µs a call']

function report(ways: Way[], seen: Seen[]): string[] {
  const first = median(present(seen[0]).rate)
  const rows = seen.map(({ rate, ops, databaseUs, ownUs }, i) => {
    const { name, inFlight } = present(ways[i])
    const cells = [count(median(rate)), percent(spread(rate)), ratio(median(rate) / first)]
    const cpu = [median(databaseUs), median(ownUs)].map(count)
    return [name, String(inFlight), ...cells, median(ops).toFixed(1), ...cpu]
  })
  return table([...heads, ...cpuHeads], rows)
}

/** What a transaction costs, from how it costs more the more ops are in it. */
function costsOf(seen: Seen[]): Costs {
  const line = (of: 'databaseUs' | 'ownUs') =>
    fit(
      seen.map(({ ops, [of]: us }) => {
        const x = median(ops)
        return { x, y: (median(us) / 2) * x }
      }),
    )
  return { database: line('databaseUs'), relay: line('ownUs') }
}

/** Bytes that a call leaves on disk, indexes included. */
async function bytesOfCall(shard: Shard): Promise<number> {
  const tables = ['calls', 'entries']
  for (const name of tables) await runSql(shard.url, 'analyze table ??', [name])
  const [found] = await runSql<{ bytes: number; calls: number }>(
    shard.url,
    `select cast(sum(data_length + index_length) as double) as bytes,
            (select count(*) from calls) as calls
       from information_schema.tables where table_schema = database() and table_name in (?)`,
    [tables],
  )
  const { bytes, calls } = present(found)
  return bytes / calls
}

function extrapolate(costs: Costs): string[] {
  const { batchOpsMax } = limits.ledger
  const cores = 16
  const rows = [15, 60, batchOpsMax].map((ops) => {
    const { databaseUs, relayUs } = perCall(costs, ops)
    const calls = [0.5, 0.75].map((used) => callsOfWriter(costs, ops, cores, used))
    const relays = calls.map((each) => (each * relayUs) / 1e6)
    return [
      String(ops),
      ...[databaseUs, relayUs, ...calls].map(count),
      ...relays.map((it) => it.toFixed(1)),
    ]
  })
  return table(
    [
      'ops a transaction',
      'MariaDB, µs a call',
      'ledger, µs a call',
      'calls/s, half of 16 cores in use',
      'three quarters',
      'cores of ledgers for them, half',
      'three quarters',
    ],
    rows,
  )
}

function spreadOut(): string[] {
  const rows = [1_000, 10_000, 100_000].map((many) => [
    count(many),
    percent(busiestAccount(many)),
    ...[2, 4, 8, 16].map((shards) => ratio(busiestShard(many, shards))),
  ])
  const shards = [2, 4, 8, 16].map((of) => `the busiest of ${of} shards, of an even share`)
  return table(['accounts', 'calls of the busiest account', ...shards], rows)
}

/**
 * Accounts spread over several database servers, by the ledger as it is; and what follows from the
 * measured costs for machines that are not here.
 */
export async function benchShards(ground: Ground): Promise<string[]> {
  const shares = coreShares()
  // Kept first, so that it ends last.
  ground.keep({ stop: () => Promise.resolve(shares.end()) })
  const { shards, buyers } = await startShards(ground, servers, accounts)
  const [one] = shards
  const way = (name: string, used: Shard[], inFlight: number): Way => {
    const urls = used.map(({ url }) => url)
    return { name, ledger: ledgerOver(ground, urls), used: [...new Set(used)], inFlight }
  }
  const first = present(one)
  const sizes = [1, 4, 16, 64, 256].map((inFlight) => way('one server', [first], inFlight))
  const fixed = [
    way('one server', [first], inFlightEach),
    way('one server, two lanes', [first, first], inFlightEach),
    way('two servers', shards.slice(0, 2), inFlightEach),
    way('four servers', shards, inFlightEach),
  ]
  const sizesSeen = await measure(sizes, buyers)
  const fixedSeen = await measure(fixed, buyers)
  const costs = costsOf(sizesSeen)
  const bytes = await bytesOfCall(first)
  const canLimit = shards.every(({ pid }) => shares.limit(pid, share))
  const growing = [1, 2, 4].map((n) =>
    way(`${n} of 4 servers`, shards.slice(0, n), inFlightEach * n),
  )
  const limited = canLimit
    ? report(growing, await measure(growing, buyers))
    : ['The kernel does not let us limit a process here, so this was not measured.']
  const { database, relay } = costs
  const full = present(sizesSeen.at(-1))
  return [
    `A call is a reservation and a settlement, without HTTP; ${count(accounts)} accounts; ${rounds} rounds of ${seconds} s, taking turns. The books of each server are proved at the end.`,
    '',
    '**Measured**, one server:',
    '',
    ...report(sizes, sizesSeen),
    '',
    `- a transaction costs MariaDB ${count(database.fixed)} µs and ${database.each.toFixed(1)} for each op; the ledger ${count(relay.fixed)} and ${relay.each.toFixed(1)}`,
    `- a call writes ${count(median(full.logBytes))} bytes of log at 256 in flight and leaves ${count(bytes)} in tables; ${ratio(median(present(sizesSeen[0]).flushes))} flushes a call with one in flight, ${ratio(median(full.flushes))} with 256`,
    '',
    '**Measured**, the same load over more lanes and servers, on the cores that they share:',
    '',
    ...report(fixed, fixedSeen),
    '',
    `**Measured**, each server with ${share} of a core and no more, and ${inFlightEach} calls in flight for each:`,
    '',
    ...limited,
    '',
    '**On paper**, a writer of 16 cores by these costs:',
    '',
    ...extrapolate(costs),
    '',
    '**On paper**, how even accounts fall on shards where the busiest makes ten times the calls of the tenth (Zipf); medians of 31 draws:',
    '',
    ...spreadOut(),
  ]
}
