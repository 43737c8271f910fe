import { createLane, createPool } from '../../app/db/db.server.ts'
import { createLedger, lockAccount } from '../../app/ledger/ledger.server.ts'
import { present } from '../../test/present.ts'
import { callOf, hold, ledgerOptions, settle } from '../../test/books.ts'

/**
 * A process that is stopped within a transaction that has locked an account, once: of the ledger's lane,
 * or of the pool. Woken, it goes on with what it was about.
 */
const [way, url, account, key] = process.argv.slice(2)
const [accountId, keyId] = [Number(account), Number(key)]
const say = (word: string) => process.stdout.write(`${word}\n`)

let isStopped = false
function stopOnce(): void {
  if (isStopped) return
  isStopped = true
  say('locked')
  process.kill(process.pid, 'SIGSTOP')
}

async function byLane(): Promise<void> {
  const ledger = createLedger(present(url), {
    ...ledgerOptions({ limits: { lanes: 1 } }),
    laneOf: (address) => {
      const lane = createLane(address)
      return {
        ...lane,
        async send(batch, how) {
          const answers = await lane.send(batch, how)
          stopOnce()
          return answers
        },
      }
    },
  })
  const call = callOf({ accountId, keyId })
  await hold(ledger, call, 100)
  await settle(ledger, call, 60)
  await ledger.close()
}

async function byPool(): Promise<void> {
  const pool = createPool(present(url))
  const work = pool.transact(async (db) => {
    await lockAccount(db, accountId)
    stopOnce()
    await lockAccount(db, accountId)
  })
  await work.then(
    () => say('done'),
    (error: Error & { code?: string }) => say(`failed ${error.code ?? error.message}`),
  )
  await pool.close()
}

await (way === 'lane' ? byLane() : byPool())
say('end')
