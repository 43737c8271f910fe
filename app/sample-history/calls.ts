import type { PricedModel } from '../catalog/catalog.server.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import { accountColumns, accountDaysOf, credit, lockAccount } from '../ledger/ledger.server.ts'
import { planSeed, type Block } from './plan.ts'
import { daysOf, sharesOf, type Share } from './share.ts'
import { seedCall, Tails, type SeedCall } from './template.ts'

export type Seed = {
  accountId: number
  keyIds: number[]
  models: PricedModel[]
  calls: number
  days: number
  endMs: number
  actor: string
  /** Names the grant that pays for the calls. */
  ref: string
}
/** Calls of one run, by when they began and by the tails of their ids. */
type These = {
  accountId: number
  from: Buffer
  to: Buffer
  firstTail: Buffer
  lastTail: Buffer
}

/** Rows of one insert: well below the usual 16 MiB of a packet. */
const insertRows = 2_000
/** Blocks under way at once: while one commits, or numbers its entries, the others are copied. */
const workers = 3
const usd = 1_000_000_000

const idAt = (ms: number) => {
  const id = Buffer.alloc(16)
  id.writeUIntBE(ms, 0, 6)
  return id
}

async function insertTemplate(db: Db, template: SeedCall[]): Promise<void> {
  const calls = [...template].sort((a, b) => Buffer.compare(a.id, b.id))
  for (let at = 0; at < calls.length; at += insertRows)
    await run(db, 'ledger/insert-calls', { calls: calls.slice(at, at + insertRows) })
}

/** Charges calls to the account: totals, entries, balances. Takes the account's lock. */
async function charge(db: Db, share: Share, shiftMs: number, these: These): Promise<void> {
  const days = daysOf(share, shiftMs)
  await run(db, 'ledger/add-usage-days', { days })
  await run(db, 'ledger/add-account-days', { days: accountDaysOf(days) })
  const account = await lockAccount(db, these.accountId)
  if (!account) throw new Error('the account is gone')
  const { status: _, ...row } = account
  const { entrySeq: seq, planNanos, balanceNanos } = row
  const charges = await run(db, 'usage/seed-entries', { ...these, seq, planNanos, balanceNanos })
  if (charges !== share.charges) throw new Error(`${charges} charges, not ${share.charges}`)
  row.entrySeq += charges
  row.balanceNanos -= share.costNanos
  await run(db, 'ledger/write-accounts', accountColumns([row]))
  for (const [id, spentNanos] of share.spentNanos)
    await run(db, 'usage/seed-key', { id, spentNanos })
}

/** What all of it costs must be there before: a charge never makes a balance negative. */
async function pay(pool: Pool, { accountId, actor, ref, calls }: Seed, costNanos: number) {
  const balanceNanos = Math.ceil(costNanos / usd + 100) * usd
  const grant = { accountId, kind: 'grant', planNanos: 0, balanceNanos, ref, actor } as const
  const { state } = await credit(pool, { ...grant, note: `pays for ${calls} made-up calls` })
  if (state !== 'credited') throw new Error(`the grant was ${state}`)
}

/**
 * Fills the history of an account with made-up calls, spread over the days before `endMs`, and
 * books them: first as many as the busiest block of time gets, then copies of these, each block
 * one transaction, so that the books agree at every moment. Answers what all of it cost.
 */
export async function seedCalls(pool: Pool, seed: Seed): Promise<{ costNanos: number }> {
  const { accountId, keyIds, models } = seed
  const plan = planSeed(seed.calls, seed.days, seed.endMs)
  const blocks = plan.blocks.filter(({ calls }) => calls > 0)
  const largest = blocks.reduce((a, b) => (b.calls > a.calls ? b : a))
  const tails = new Tails()
  const template = Array.from({ length: largest.calls }, (_, number) => {
    const atMs = largest.startMs + Math.floor(Math.random() * plan.blockMs)
    return seedCall({ atMs, tail: tails.of(number) }, accountId, keyIds, models)
  })
  const shares = sharesOf(template, new Set(blocks.map(({ calls }) => calls)))
  const costNanos = blocks.reduce((sum, { calls }) => sum + shares.get(calls)!.costNanos, 0)
  await pay(pool, seed, costNanos)
  const of = ({ startMs, calls }: Block) => ({
    ...{ accountId, from: idAt(startMs), to: idAt(startMs + plan.blockMs) },
    ...{ firstTail: tails.of(0), lastTail: tails.of(calls - 1) },
  })
  await pool.transact(async (db) => {
    await insertTemplate(db, template)
    await charge(db, shares.get(largest.calls)!, 0, of(largest))
  })
  const copy = async (block: Block) => {
    const share = shares.get(block.calls)!
    const shiftMs = block.startMs - largest.startMs
    await pool.transact(async (db) => {
      const source = { ...of(largest), lastTail: tails.of(block.calls - 1), shiftMs }
      const copied = await run(db, 'usage/seed-copies', source)
      if (copied !== block.calls) throw new Error(`${copied} copies, not ${block.calls}`)
      await charge(db, share, shiftMs, of(block))
    })
  }
  const rest = blocks.filter((block) => block !== largest)
  const work = async () => {
    for (let block = rest.shift(); block; block = rest.shift()) await copy(block)
  }
  await Promise.all(Array.from({ length: workers }, work))
  return { costNanos }
}
