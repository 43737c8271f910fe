import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCosts } from '../../app/catalog/catalog.server.ts'
import { verify } from '../../app/ledger/ledger.server.ts'
import { makeCodes } from '../../app/payments/payments.server.ts'
import { spawnOwned } from '../../dev/servers/processes.ts'
import { moneyOf, testBooks, type TestBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { relayProgram } from '../../test/failures/relay-program.ts'
import { present } from '../../test/present.ts'
import { randomFrom } from '../../test/random.ts'
import type { Criterion, Found } from './criterion.ts'

const racers = 100
const killRounds = 50
/** Longer than a redemption takes here. */
const killMsMax = 40
const valueNanos = 5e9

/** A replica, as far as codes are redeemed in it. */
async function startRedeemer({ url }: TestBooks) {
  const args = [await relayProgram('code-process'), url]
  const process_ = spawnOwned(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: present(process_.stdout) })
  const heard: string[] = []
  let hear = () => {}
  lines.on('line', (line) => {
    heard.push(line)
    hear()
  })
  /** All that was heard, once there are so many lines. */
  const atLeast = async (count: number) => {
    while (heard.length < count) await new Promise<void>((resolve) => (hear = resolve))
    return heard.slice(1)
  }
  await atLeast(1)
  return {
    redeem: (accountId: number, code: string) =>
      void present(process_.stdin).write(`${accountId} ${code}\n`),
    /** What came of this many redemptions. */
    answers: (count: number) => atLeast(count + 1),
    async kill() {
      process_.signal('SIGKILL')
      await process_.exited
    },
    stop: () => process_.stop(5_000),
  }
}

async function newCodes({ pool }: TestBooks, codes: number, uses = 1): Promise<string[]> {
  const batch = { name: 'proof', valueNanos, plan: null, codes, uses, expiresAt: null }
  const made = await pool.transact((db) => makeCodes(db, { ...batch, actor: 'proof' }))
  return made.codes.map(({ code }) => code)
}

/** So many redemptions of one code at once, half of them at either replica. */
async function race(books: TestBooks, ofOne: boolean): Promise<Found> {
  const [code] = await newCodes(books, 1, ofOne ? racers : 1)
  const replicas = [await startRedeemer(books), await startRedeemer(books)]
  const count = ofOne ? 1 : racers
  const accounts = await Promise.all(Array.from({ length: count }, () => newCustomer(books.pool)))
  for (let at = 0; at < racers; at++) {
    const { accountId } = present(accounts[at % count])
    present(replicas[at % replicas.length]).redeem(accountId, present(code))
  }
  const answers = (await Promise.all(replicas.map((it) => it.answers(racers / 2)))).flat()
  await Promise.all(replicas.map((it) => it.stop()))
  const failed = answers.filter((line) => line.includes('failed'))
  const text = `select count(*) as credits from entries where ref like 'code:%' and account_id in (?)`
  const [row] = await books.sql<{ credits: number }>(text, [accounts.map((it) => it.accountId)])
  const who = ofOne ? 'one account' : `${racers} accounts`
  return {
    what: `a code redeemed ${racers} times at once by ${who}, at two replicas`,
    saw: `${row?.credits} credits${failed.length ? `; ${failed.join('; ')}` : ''}`,
    isRight: row?.credits === 1 && failed.length === 0,
  }
}

/** Kills the replica at a random point of a redemption, and redeems the code once more. */
async function kill(books: TestBooks): Promise<Found> {
  const random = randomFrom(Date.now())
  const codes = await newCodes(books, killRounds)
  const wrong: string[] = []
  const credited = { before: 0, after: 0 }
  let replica = await startRedeemer(books)
  for (const code of codes) {
    const customer = await newCustomer(books.pool)
    replica.redeem(customer.accountId, code)
    await sleep(random.whole(0, killMsMax))
    await replica.kill()
    const before = (await moneyOf(books, customer)).balance
    replica = await startRedeemer(books)
    replica.redeem(customer.accountId, code)
    await replica.answers(1)
    const after = (await moneyOf(books, customer)).balance
    if (before === valueNanos) credited.before++
    if (after === valueNanos) credited.after++
    else wrong.push(`account ${customer.accountId}: ${before}, then ${after}`)
  }
  await replica.stop()
  const { before, after } = credited
  return {
    what: `kill -9 at a random point of a redemption, ${killRounds} times, and the code once more`,
    saw: [`credited ${before} times before it, ${after} times in the end`, ...wrong].join('; '),
    isRight: wrong.length === 0 && after === killRounds,
  }
}

export const codes: Criterion = {
  name: 'codes',
  async prove(say) {
    const books = await testBooks()
    try {
      const found = [await race(books, false), await race(books, true)]
      say(`killing ${killRounds} times`)
      found.push(await kill(books))
      const { differences } = await verify(books.pool, readCosts)
      const saw = `${differences.length} differences`
      return [...found, { what: 'verify after it', saw, isRight: differences.length === 0 }]
    } finally {
      await books.close()
    }
  },
}
