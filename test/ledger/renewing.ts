import { setTimeout as sleep } from 'node:timers/promises'
import { createPool } from '../../app/db/db.server.ts'
import { renewPlans } from '../../app/ledger/ledger.server.ts'

/** A relay that does nothing but renew plans, until it is killed: `node … renewing.ts URL`. */
const [url = ''] = process.argv.slice(2)
const pool = createPool(url)
for (;;) {
  await renewPlans(pool)
  await sleep(20)
}
