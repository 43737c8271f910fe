import { createInterface } from 'node:readline'
import { createPool } from '../../app/db/db.server.ts'
import { redeemCode } from '../../app/payments/payments.server.ts'
import { byOwner } from '../owner.ts'

// Redeems codes in a process of its own, for tests that kill it: each line of its input is an account
// and a code, each line of its output the account and what came of it. Its argument is the database.
const pool = createPool(process.argv[2] ?? '')

async function redeem(line: string) {
  const [account, code] = line.split(' ')
  const owner = await byOwner(pool, { accountId: Number(account) })
  const state = await redeemCode(pool, { ...owner, code }).then(
    (answer) => answer.state,
    (error: unknown) => `failed: ${String(error)}`,
  )
  process.stdout.write(`${account} ${state}\n`)
}

createInterface({ input: process.stdin }).on('line', (line) => void redeem(line))
process.stdout.write('ready\n')
