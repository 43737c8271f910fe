import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { rollBack, run, type Pool } from '../db/db.server.ts'
import { oneByOne } from '../values/one-by-one.ts'
import { deliveriesOf } from './recipients.ts'

/**
 * Decides whom each new notice goes to: once, whichever of all relays comes first, and again from
 * the beginning where one dies at it. The notice is locked by being marked; its account is not, so
 * that whoever stands still here holds up no call of it. So somebody may be on the list who leaves
 * at this moment: who is told is looked at again when a mail is sent (`deliver`), and what holds
 * then is what counts. Two relays may also count one account's deliveries of the day at once, and
 * exceed what it may have by what they spread in that moment. A notice that fails does not keep the
 * others from it; its failure is thrown at the end.
 */
export async function spread(db: Pool, env: Env): Promise<void> {
  const rows = limits.notices.spreadAtOnce
  const all = await run(db, 'notices/list-unspread', { rows })
  await oneByOne(all, (notice) =>
    db.transact(async (within) => {
      if ((await run(within, 'notices/mark-spread', { id: notice.id })) === 0)
        return rollBack('spread by another')
      const deliveries = await deliveriesOf(within, env, notice)
      if (deliveries.length) await run(within, 'notices/insert-deliveries', { deliveries })
      return undefined
    }),
  )
}
