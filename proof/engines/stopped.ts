import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readCosts } from '../../app/catalog/catalog.server.ts'
import { verify } from '../../app/ledger/ledger.server.ts'
import { eventually } from '../../dev/command/eventually.ts'
import {
  callOf,
  ledgerOptions,
  openBooks,
  priceTestCalls,
  reserve,
  settle,
} from '../../test/books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { createLedger } from '../../app/ledger/ledger.server.ts'

/** What an account may wait for at the most that a stopped process has locked. */
const servedMsMax = 20_000
const ways = ['lane', 'pool'] as const
type Way = (typeof ways)[number]
export type Stopped = { way: Way; servedMs: number; differences: number; isRight: boolean }

type Books = Awaited<ReturnType<typeof openBooks>>

/** A process is stopped within a transaction; then the account is asked for until it is served. */
async function stopWithin(way: Way, url: string, books: Books): Promise<Stopped> {
  const customer = await newCustomer(books.pool, { balanceNanos: 1_000 })
  const sleeper = startSleeper(way, url, customer)
  const ledger = createLedger(url, ledgerOptions({ limits: { lanes: 1 } }))
  try {
    await sleeper.heard('locked')
    const stoppedAt = performance.now()
    const call = callOf(customer)
    assert.ok((await reserve(ledger, call, 100)).granted)
    const servedMs = performance.now() - stoppedAt
    await settle(ledger, call, 40)
    sleeper.wake()
    await sleeper.heard('end')
    const { differences } = await verify(books.pool, readCosts)
    const holds = await books.sql('select 1 from holds')
    const wrong = differences.length + holds.length
    const isRight = servedMs <= servedMsMax && wrong === 0
    return { way, servedMs, differences: wrong, isRight }
  } finally {
    await sleeper.end()
    await ledger.close()
  }
}

function startSleeper(way: Way, url: string, { accountId, keyId }: Customer) {
  const program = new URL('sleeper.ts', import.meta.url).pathname
  const words = [program, way, url, String(accountId), String(keyId)]
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = once(child, 'exit')
  return {
    heard: (word: string) =>
      eventually(`the process says ${word}`, () => {
        if (child.exitCode !== null && !said.includes(word)) throw new Error(`it said: ${said}`)
        return said.includes(word)
      }),
    wake: () => child.kill('SIGCONT'),
    end() {
      child.kill('SIGCONT')
      child.kill('SIGKILL')
      return exited
    },
  }
}

/** Each way of holding a lock, one after the other, on books of their own in the database of `url`. */
export async function tryStopping(url: string): Promise<Stopped[]> {
  const books = await openBooks(url)
  try {
    await priceTestCalls(books)
    const tried: Stopped[] = []
    for (const way of ways) tried.push(await stopWithin(way, url, books))
    return tried
  } finally {
    await books.close()
  }
}
