import { present } from '../../test/present.ts'
import { newCallId } from '../../app/values/call-id.ts'
import { createLane, written, type Params, type Written } from '../../app/db/db.server.ts'
import { accountColumns, keyColumns } from '../../app/ledger/ledger.server.ts'
import { slotOf } from '../../app/values/zones/zone-days.ts'
import { payersOf, seedCallers, type Payer } from '../callers.ts'
import { count, median, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { withCpu } from '../cpu.ts'

const rows = 64
const transactions = 300
const rounds = 3
const balanceNanos = 1_000_000_000_000

/** What one transaction does for `payers`, and how often a call does it. */
type Work = { name: string; times: number; list(payers: Payer[]): Written[] }

const startedAt = new Date('2026-11-24T12:00:00.123Z')
const moment = '2026-11-24 12:00:00.123'
const model = 'gpt-4o-mini'

const accountsOf = (payers: Payer[]) =>
  accountColumns(
    payers.map(({ accountId: id }) => ({
      id,
      planNanos: 0,
      planHeldNanos: 0,
      balanceNanos,
      balanceHeldNanos: 0,
      entrySeq: 1,
      bookedAt: moment,
    })),
  )
const keysOf = (payers: Payer[]) =>
  keyColumns(payers.map(({ keyId: id }) => ({ id, spentNanos: 0, heldNanos: 0 })))
const holdOf = ({ accountId, keyId }: Payer, relayId: Buffer) => ({
  callId: newCallId(Date.now()),
  accountId,
  keyId,
  planNanos: 0,
  balanceNanos: 123_600,
  relayId,
  model,
  priceId: 1,
  outputTokensMax: 200,
  streamed: 0,
  startedAt,
})
const tokens = {
  inputTokens: 24,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 64,
  reasoningTokens: 0,
}
type Call = Params<'ledger/insert-calls'>['calls'][number]
const callOf = ({ accountId, keyId }: Payer): Call => ({
  id: newCallId(Date.now()),
  accountId,
  keyId,
  model,
  priceId: 1,
  upstream: 'openai',
  upstreamRequestId: null,
  upstreamStatus: 200,
  upstreamCode: null,
  priceFactor: null,
  accountFactor: null,
  otherUnits: null,
  upstreamNanos: null,
  neededNanos: null,
  leftNanos: null,
  upstreamKey: null,
  tries: null,
  waivedNanos: 0,
  otherModel: null,
  statusCode: 200,
  errorCode: null,
  outcome: 'completed',
  streamed: 0,
  ...tokens,
  outputTokensMax: 200,
  usageSource: 'upstream',
  usageFlag: null,
  serviceTier: null,
  holdNanos: 123_600,
  costNanos: 42_000,
  planNanos: 0,
  balanceNanos: 42_000,
  overrunNanos: 0,
  firstByteMs: null,
  totalMs: 3,
  attempts: 1,
  clientRetry: 0,
  client: null,
  startedAt,
  endedAt: startedAt,
})
const entryOf = ({ accountId }: Payer, seq: number) => ({
  accountId,
  seq,
  kind: 'charge' as const,
  planNanos: 0,
  balanceNanos: -42_000,
  planAfterNanos: 0,
  balanceAfterNanos: 0,
  ref: null,
  actor: null,
  note: null,
  callId: newCallId(Date.now()),
  createdAt: moment,
})
const quarterOf = ({ accountId }: Payer) => ({
  accountId,
  slot: slotOf(startedAt.getTime()),
  calls: 1,
  ...tokens,
  costNanos: 42_000,
})

/** The statements of a batch, as `app/ledger/batch-state.ts` lists them. */
function worksOf(relayId: Buffer): Work[] {
  let seq = 1_000
  return [
    {
      name: 'lock the accounts',
      times: 2,
      list: (p) => [written('ledger/lock-accounts', { ids: p.map((it) => it.accountId) })],
    },
    {
      name: 'read the keys',
      times: 1,
      list: (p) => [written('ledger/read-keys', { ids: p.map((it) => it.keyId) })],
    },
    {
      name: 'write the accounts',
      times: 2,
      list: (p) => [written('ledger/write-accounts', accountsOf(p))],
    },
    {
      name: 'write the keys',
      times: 2,
      list: (p) => [written('ledger/write-keys', keysOf(p))],
    },
    {
      name: 'insert a hold, read it and delete it',
      times: 1,
      list(p) {
        const holds = p.map((payer) => holdOf(payer, relayId))
        const callIds = holds.map(({ callId }) => callId)
        return [
          written('ledger/insert-holds', { holds }),
          written('ledger/read-holds', { callIds }),
          written('ledger/delete-holds', { gone: callIds.map((callId) => ({ callId })) }),
        ]
      },
    },
    {
      name: 'insert the ledger entry',
      times: 1,
      list(p) {
        seq++
        const entries = p.map((payer) => entryOf(payer, seq))
        return [written('ledger/insert-entries', { entries })]
      },
    },
    {
      name: 'insert the call',
      times: 1,
      list: (p) => [written('ledger/insert-calls', { calls: p.map(callOf) })],
    },
    {
      name: 'add to the totals, by combination and by account',
      times: 1,
      list(p) {
        const end = { model, statusCode: 200, outcome: 'completed' } as const
        const quarters = p.map((payer) => ({ ...quarterOf(payer), keyId: payer.keyId, ...end }))
        return [
          written('ledger/add-usage-quarters', { quarters }),
          written('ledger/add-account-quarters', { quarters: p.map(quarterOf) }),
        ]
      },
    },
  ]
}

/** What each statement of a batch costs the database: the lower half of the cost sheet. */
export async function benchStatements(ground: Ground): Promise<string[]> {
  const databaseUrl = await ground.newDatabase({ provable: false })
  await seedCallers(databaseUrl, 1_000)
  const payers = await payersOf(databaseUrl)
  const lane = createLane(databaseUrl)
  ground.keep({ stop: () => lane.close() })
  const works = worksOf(newCallId(Date.now()))
  const [begin, commit] = [written('ledger/begin', {}), written('ledger/commit', {})]
  let at = 0
  /** CPU of the database for one transaction, in µs. */
  const cost = async (lists: Work['list'][], size: number) => {
    const { cpu } = await withCpu({ db: ground.mariadbPid }, async () => {
      for (let i = 0; i < transactions; i++) {
        at = (at + size) % (payers.length - size)
        const some = payers.slice(at, at + size)
        await lane.send([begin, ...lists.flatMap((list) => list(some)), commit])
      }
    })
    return present(cpu.db) / transactions
  }
  const seen = { each: works.map(() => [] as number[]), one: [] as number[], all: [] as number[] }
  const empty: number[] = []
  const lists = works.map(({ list }) => list)
  for (let round = 0; round < rounds; round++) {
    empty.push(await cost([], 1))
    for (const [i, { list }] of works.entries())
      present(seen.each[i]).push(await cost([list], rows))
    seen.one.push(await cost(lists, 1))
    seen.all.push(await cost(lists, rows))
  }
  const alone = works.map((_, i) => (median(present(seen.each[i])) - median(empty)) / rows)
  const slope = (median(seen.all) - median(seen.one)) / (rows - 1)
  const lines = works.map(({ name, times }, i) => [
    name,
    String(times),
    present(alone[i]).toFixed(1),
    (times * present(alone[i])).toFixed(1),
  ])
  const sum = works.reduce((total, { times }, i) => total + times * present(alone[i]), 0)
  return [
    `CPU of MariaDB; ${rows} rows in a transaction of that statement alone, less an empty one; medians of ${rounds} rounds of ${transactions} transactions. What a commit with its flush costs is in each, a ${rows}th of it.`,
    '',
    ...table(
      ['statement', 'times a call', 'µs', 'µs a call'],
      [...lines, ['sum', '', '', sum.toFixed(1)]],
    ),
    '',
    `- all of them once in one transaction: ${count(median(seen.one))} µs for one row each, and ${slope.toFixed(1)} for each further one`,
    `- so a transaction of this kind costs ${count(median(seen.one) - slope)} µs whatever is in it: its statements, its COMMIT with the flush, its answers`,
  ]
}
