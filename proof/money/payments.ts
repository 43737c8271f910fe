import { readCosts } from '../../app/catalog/catalog.server.ts'
import { verify } from '../../app/ledger/ledger.server.ts'
import { killPayments } from '../../test/failures/payment-kills.ts'
import { startTills, type Tills } from '../../test/payments/tills.ts'
import type { Criterion, Found } from './criterion.ts'

const killRounds = 50
const orders = 4
const replays = 10

/** The same event ten times over, of four orders, at two replicas, from each provider. */
async function replay(tills: Tills, provider: 'stripe' | 'epay'): Promise<Found> {
  const { fakes, books } = tills
  const made = await Promise.all(Array.from({ length: orders }, () => tills.order(5.41, provider)))
  const told = provider === 'stripe' ? fakes.stripe : fakes.epay
  for (let round = 0; round < replays; round++)
    await Promise.all(made.map(({ number }) => told.pay(number)))
  const text = `select count(*) as entries from entries where account_id in (?) and kind = 'topup'`
  const [row] = await books.sql<{ entries: number }>(text, [made.map((it) => it.accountId)])
  return {
    what: `${replays * 4} events of each of ${orders} orders through ${provider}, at two replicas`,
    saw: `${row?.entries} credits`,
    isRight: row?.entries === orders,
  }
}

export const payments: Criterion = {
  name: 'payments',
  async prove(say) {
    const tills = await startTills(2)
    try {
      const found = [await replay(tills, 'stripe'), await replay(tills, 'epay')]
      say(`killing ${killRounds} times`)
      const kills = await killPayments(tills, killRounds, Date.now())
      const { wrong, before, after } = kills
      found.push({
        what: `kill -9 at a random point of a payment, ${killRounds} times`,
        saw: `credited ${before} times before the event came again, ${after} times in the end${
          wrong.length ? `; wrong: ${wrong.join('; ')}` : ''
        }`,
        isRight: wrong.length === 0 && after === killRounds,
      })
      const { differences } = await verify(tills.books.pool, readCosts)
      const saw = `${differences.length} differences`
      return [...found, { what: 'verify after it', saw, isRight: differences.length === 0 }]
    } finally {
      await tills.close()
    }
  },
}
