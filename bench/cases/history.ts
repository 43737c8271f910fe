import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { present } from '../../test/present.ts'
import { setTimeZone } from '../../app/accounts/accounts.server.ts'
import { seedCatalog } from '../../app/catalog/catalog.server.ts'
import { parseCallId } from '../../app/values/call-id.ts'
import { createPool, migrate, type Db, type Pool } from '../../app/db/db.server.ts'
import { foldDays } from '../../app/ledger/ledger.server.ts'
import {
  everything,
  listCalls,
  readBars,
  streamCsv,
  sumModels,
  sumParts,
  sumUsage,
  type Facets,
  type Filter,
  type Paging,
} from '../../app/usage/usage.server.ts'
import { median } from '../figures.ts'
import { seedHistory, type Ground } from '../ground.ts'

type Say = (line: string) => void
const rows = 50
const firstPage = { before: null, after: null, page: 1, rows }

/** Adds up how long statements take, as whoever sends them waits for them. */
function timed(pool: Pool) {
  const spent = { ms: 0 }
  const db: Db = {
    async send(bound) {
      const startMs = performance.now()
      const answer = await pool.send(bound)
      spent.ms += performance.now() - startMs
      return answer
    },
  }
  return { db, spent }
}

/** Answers how many rows the page would show. */
type Job = { name: string; run: (db: Db) => Promise<number> }

/** Somebody in the accounts goes by the first of these, and nobody yet by the second. */
const [foldedZone, otherZone] = ['Asia/Shanghai', 'Asia/Kolkata']

/** What the usage page asks for, for one account. */
async function jobsOf(pool: Pool, accountId: number): Promise<Job[]> {
  const { models, keys } = (await sumParts(pool, accountId, everything)).facets
  const rarest = models.reduce((a, b) => (b.calls < a.calls ? b : a)).model
  const busiest = models.reduce((a, b) => (b.calls > a.calls ? b : a)).model
  const keyId = keys.reduce((a, b) => (b.calls < a.calls ? b : a)).keyId
  const { days } = await sumUsage(pool, accountId, everything)
  const day = (ago: number) => present(days.at(-1 - ago)).day
  const month = { from: day(30), to: day(1) }
  const filters: Record<string, Partial<Filter>> = {
    'the busiest model': { model: busiest },
    'the rarest model': { model: rarest },
    'the rarest key': { keyId },
    'status 499': { status: '499' },
    'status 504': { status: '504' },
    'class 2xx': { status: '2xx' },
    'class 5xx': { status: '5xx' },
    'outcome completed': { outcome: 'completed' },
    'outcome late': { outcome: 'late' },
    'one day': { from: day(45), to: day(45) },
    'key, model and class': { keyId, model: rarest, status: '4xx' },
  }
  const old = await listCalls(pool, accountId, { ...everything, to: day(60) }, firstPage)
  const deep = { ...firstPage, before: present(parseCallId(present(old.older))) }
  const list = (filter: Partial<Filter>, paging: Paging) => async (db: Db) =>
    (await listCalls(db, accountId, { ...everything, ...filter }, paging)).calls.length
  const chart = (filter: Partial<Filter>) => async (db: Db) =>
    (await sumUsage(db, accountId, { ...everything, ...filter })).days.length
  return [
    { name: 'first page', run: list({}, firstPage) },
    { name: 'page 10', run: list({}, { ...firstPage, page: 10 }) },
    { name: 'deep page', run: list({}, deep) },
    { name: 'deep page, newer', run: list({}, { ...deep, after: deep.before, before: null }) },
    ...Object.entries(filters).flatMap(([name, filter]) => [
      { name, run: list(filter, firstPage) },
      ...('from' in filter ? [] : [{ name: `${name}, deep`, run: list(filter, deep) }]),
    ]),
    { name: 'totals and chart, 30 days', run: chart(month) },
    { name: 'totals and chart, all days', run: chart({}) },
    { name: 'totals and chart, model, 30 days', run: chart({ model: busiest, ...month }) },
    { name: 'totals and chart, 4xx, 30 days', run: chart({ status: '4xx', ...month }) },
    { name: 'totals and chart, 4xx, all days', run: chart({ status: '4xx' }) },
    ...[foldedZone, otherZone].flatMap((zone) => [
      { name: `totals and chart, 30 days, ${zone}`, run: chart({ zone, ...month }) },
      { name: `the same of a model, ${zone}`, run: chart({ zone, model: busiest, ...month }) },
      {
        name: `totals by model, 30 days, ${zone}`,
        run: async (db: Db) =>
          (await sumModels(db, accountId, { ...everything, zone, ...month })).length,
      },
      { name: `the busiest model, ${zone}`, run: list({ zone, model: busiest }, firstPage) },
    ]),
    {
      name: 'totals by model, 30 days',
      run: async (db) => (await sumModels(db, accountId, { ...everything, ...month })).length,
    },
    {
      name: 'totals by model, all days',
      run: async (db) => (await sumModels(db, accountId, everything)).length,
    },
    ...partJobs(accountId, models, { 'all days': {}, '30 days': month }, day(0)),
  ]
}

/** What it asks for by model and key, and the chart of the five models with the most calls. */
function partJobs(
  accountId: number,
  models: Facets['models'],
  ranges: Record<string, Partial<Filter>>,
  today: string,
): Job[] {
  const most = [...models].sort((a, b) => b.calls - a.calls).slice(0, 5)
  const stack = { by: 'model' as const, parts: most.map(({ model }) => model) }
  const shown = { stack, measure: 'cost' as const, today }
  return [
    ...Object.entries(ranges).flatMap(([name, days]) => [
      {
        name: `models, keys and what there is to filter by, ${name}`,
        run: async (db: Db) =>
          (await sumParts(db, accountId, { ...everything, ...days })).models.length,
      },
      {
        name: `chart by model, ${name}`,
        run: async (db: Db) =>
          (await readBars(db, accountId, { ...everything, ...days }, shown)).bars.length,
      },
    ]),
  ]
}

/** Both accounts take turns, so that whatever else the machine does meets both. */
async function compare(pool: Pool, small: Job[], large: Job[], runs: number, say: Say) {
  say('| what | rows shown | small, ms | large, ms | ratio |\n|---|--:|--:|--:|--:|')
  for (const [i, job] of small.entries()) {
    const times: [number[], number[]] = [[], []]
    const shown = [0, 0]
    for (let run = -2; run < runs; run++) {
      for (const [at, each] of [job, present(large[i])].entries()) {
        const { db, spent } = timed(pool)
        shown[at] = await each.run(db)
        // The first two runs warm the caches.
        if (run >= 0) present(times[at]).push(spent.ms)
      }
    }
    const [a, b] = [median(times[0]), median(times[1])]
    const figures = [shown.join(' and '), a.toFixed(2), b.toFixed(2), (b / a).toFixed(2)]
    say(`| ${[job.name, ...figures].join(' | ')} |`)
  }
}

/** Downloads so many rows and meanwhile opens the first page, as somebody else would. */
async function download(pool: Pool, accountId: number, rowsWanted: number, say: Say) {
  const [beforeBytes, startMs] = [process.memoryUsage().rss, performance.now()]
  let [rowsRead, bytes, peakBytes, done] = [0, 0, 0, false]
  const pageMs: number[] = []
  const visit = async () => {
    while (!done) {
      const from = performance.now()
      await listCalls(pool, accountId, everything, firstPage)
      pageMs.push(performance.now() - from)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const visiting = visit()
  for await (const piece of streamCsv(pool, accountId, everything)) {
    bytes += Buffer.byteLength(piece)
    rowsRead += piece.split('\r\n').length - 1
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss)
    if (rowsRead >= rowsWanted) break
  }
  done = true
  await visiting
  const seconds = (performance.now() - startMs) / 1_000
  const MiB = (value: number) => (value / 1024 / 1024).toFixed(1)
  const slowest = Math.max(...pageMs)
  say(`- CSV: ${rowsRead} rows, ${MiB(bytes)} MiB in ${seconds.toFixed(1)} s`)
  say(`- memory: ${MiB(beforeBytes)} MiB before, ${MiB(peakBytes - beforeBytes)} MiB more at most`)
  say(
    `- first page meanwhile: median ${median(pageMs).toFixed(1)} ms, slowest ${slowest.toFixed(1)}`,
  )
}

const smallCalls = 100_000
const largeCalls = 10_000_000
const csvRows = 1_000_000
const runs = 31

/** The two accounts, made once: filling them takes longer than measuring them. */
export async function keptAccounts({ keptDatabaseUrl, dir }: Ground): Promise<[number, number]> {
  await migrate(keptDatabaseUrl)
  const file = join(dir, 'usage-accounts.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as [number, number]
  const pool = createPool(keptDatabaseUrl, { size: 1 })
  await seedCatalog(pool)
  await pool.close()
  const accounts: [number, number] = [
    seedHistory(keptDatabaseUrl, smallCalls),
    seedHistory(keptDatabaseUrl, largeCalls),
  ]
  writeFileSync(file, JSON.stringify(accounts))
  return accounts
}

/** Times what the usage page and its CSV ask for, on two accounts of one database. */
export async function benchUsage(ground: Ground): Promise<string[]> {
  const [small, large] = await keptAccounts(ground)
  const lines: string[] = [
    `One account of ${smallCalls.toLocaleString('en-US')} calls and one of ` +
      `${largeCalls.toLocaleString('en-US')}, each over 90 days, in one database, taking turns; ` +
      `medians of ${runs} runs, as whoever sends the statements waits for them.`,
    '',
  ]
  const say = (line: string) => void lines.push(line)
  const pool = createPool(ground.keptDatabaseUrl)
  try {
    for (const accountId of [small, large])
      await setTimeZone(pool, { accountId, zone: foldedZone, userId: null })
    const startMs = performance.now()
    const folded = await foldDays(pool, Date.now())
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
    await compare(pool, await jobsOf(pool, small), await jobsOf(pool, large), runs, say)
    say('')
    await download(pool, large, csvRows, say)
    say('')
    if (folded)
      say(`- ${folded} days of all accounts and zones were folded before, in ${seconds} s`)
    say(aboutRatios)
    return lines
  } finally {
    await pool.close()
  }
}

const aboutRatios = `What is over 1.5 times are the totals of a filter: their rollup has a row for each combination of
key, model, status and outcome in a day, and rare ones turn up only among many calls (the small
account has about half of them). It grows with the combinations, not with the calls.`
