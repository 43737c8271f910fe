import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from '../../dev/command/environment.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { readCosts } from '../../app/catalog/catalog.server.ts'
import { verify } from '../../app/ledger/ledger.server.ts'
import { nextRenewal } from '../../app/ledger/plan/periods.ts'
import { addPlan, subscribe } from '../../app/plans/plans.server.ts'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { byOwner } from '../../test/owner.ts'
import type { Criterion, Found } from './criterion.ts'

const usd = 1_000_000_000
const plans = 1_000
const kills = 10
/** The days on which months of four lengths end, or nearly. */
const anchors = [28, 29, 30, 31]
/** Some have been due since the end of a month, the others become due while relays renew. */
const [monthsEnd, dueSeconds] = ['2026-10', 15]

async function subscribers({ pool, sql }: TestBooks): Promise<number[]> {
  const terms = { creditNanos: 2 * usd, priceNanos: usd, models: null, groupName: null }
  const plan = await addPlan(pool, 'Monthly', { ...terms, rolloverNanos: 0, graceDays: 3 }, 'test')
  if (plan.state !== 'made') throw new Error('the plan is not on sale')
  const ids: number[] = []
  const next = async (): Promise<void> => {
    if (ids.length >= plans) return
    const place = ids.push(0) - 1
    const { accountId } = await newCustomer(pool, { balanceNanos: 10 * usd })
    ids[place] = accountId
    await subscribe(pool, { ...(await byOwner(pool, { accountId })), planId: plan.id })
    const anchor = anchors[place % anchors.length] ?? 28
    const due = place % 2 ? 'current_timestamp(3) + interval ? second' : 'date(?)'
    const at = place % 2 ? 5 + (place / plans) * dueSeconds : `${monthsEnd}-${anchor}`
    await sql(`update subscriptions set anchor_day = ?, renews_at = ${due} where account_id = ?`, [
      anchor,
      at,
      accountId,
    ])
    return next()
  }
  await Promise.all(Array.from({ length: 6 }, next))
  return ids
}

const startReplica = (url: string) =>
  spawn(process.execPath, ['--import', 'tsx', 'test/ledger/renewing.ts', url], {
    env: childEnvironment({}),
    stdio: 'inherit',
  })

/** Two relays renew, of which one or the other is killed again and again, until nothing is due. */
async function renewByTwo({ url, sql }: TestBooks) {
  const replicas = [startReplica(url), startReplica(url)]
  for (let kill = 0; kill < kills; kill++) {
    await sleep(1_500 + Math.random() * 1_500)
    const gone = replicas[kill % 2]
    gone?.kill('SIGKILL')
    if (gone && gone.exitCode === null && gone.signalCode === null) await once(gone, 'exit')
    replicas[kill % 2] = startReplica(url)
  }
  await eventually('nothing is due', async () => {
    const text = 'select 1 from subscriptions where renews_at <= current_timestamp(3) limit 1'
    return (await sql(text)).length === 0
  })
  for (const replica of replicas) {
    replica.kill('SIGKILL')
    await once(replica, 'exit')
  }
}

async function judge({ pool, sql }: TestBooks, ids: number[]): Promise<Found[]> {
  type Sums = { fees: number; credits: number; expired: number; balance: number }
  const text = `select sum(e.kind = 'fee') as fees, sum(e.kind = 'plan') as credits,
                       sum(e.kind = 'expire') as expired, max(a.balance_nanos) as balance
                  from entries e join accounts a on a.id = e.account_id
                 where e.account_id in (?) group by e.account_id`
  const rows = await sql<Sums>(text, [ids])
  const right = rows.filter(
    (row) =>
      Number(row.fees) === 2 &&
      Number(row.credits) === 2 &&
      Number(row.expired) === 1 &&
      row.balance === 8 * usd,
  )
  type Next = { anchor: number; renewsAt: Date; now: Date }
  const next = await sql<Next>(
    `select anchor_day as anchor, renews_at as renewsAt, current_timestamp(3) as now
       from subscriptions where account_id in (?)`,
    [ids],
  )
  const dated = next.filter(({ anchor, renewsAt, now }) => {
    let expected = nextRenewal(new Date(`${monthsEnd}-01`), anchor)
    while (expected <= now) expected = nextRenewal(expected, anchor)
    const following = nextRenewal(now, anchor)
    return [expected.getTime(), following.getTime()].includes(renewsAt.getTime())
  })
  const { differences } = await verify(pool, readCosts)
  return [
    {
      what: `${plans} plans renewed by two relays across a month’s end, ${kills} kill -9`,
      saw: `${right.length} renewals, once each; ${plans - right.length} otherwise`,
      isRight: rows.length === plans && right.length === plans,
    },
    {
      what: 'the day of the next one, for months that end on the 28th to the 31st',
      saw: `${dated.length} of ${plans} right`,
      isRight: dated.length === plans,
    },
    {
      what: 'verify after it',
      saw: `${differences.length} differences`,
      isRight: differences.length === 0,
    },
  ]
}

export const planRenewals: Criterion = {
  name: 'plans',
  async prove(say) {
    const books = await testBooks()
    try {
      say(`${plans} accounts subscribe`)
      const ids = await subscribers(books)
      say(`two relays renew, and are killed ${kills} times`)
      await renewByTwo(books)
      return await judge(books, ids)
    } finally {
      await books.close()
    }
  },
}
