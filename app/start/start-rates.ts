import { limits } from '../config/limits.ts'
import { countRelays } from '../ledger/ledger.server.ts'
import { Doubts, InputShares, Limiter, Rules } from '../rates/rates.server.ts'
import type { Services, Stores } from '../services.ts'
import type { Work } from './repeat.ts'

/** The limits on calls, as they stand, and what lets calls in by them. */
export async function startRates({ redis, db, log }: Pick<Stores, 'redis' | 'db' | 'log'>) {
  const rates = {
    limiter: new Limiter({ redis, log }),
    rules: new Rules(db, log),
    shares: new InputShares(),
    doubts: new Doubts(),
  }
  await rates.rules.refresh()
  rates.limiter.noteRelays(await countRelays(db))
  return rates
}

/** What a relay does for them besides letting calls in. */
export function ratesWork(
  { db, rates: { rules, limiter } }: Pick<Services, 'db' | 'rates'>,
  heartbeatEveryMs: number,
): Work[] {
  const { rowsEveryMs, lookEveryMs } = limits.rates
  return [
    {
      name: 'limits',
      event: 'limits_refresh_failed',
      everyMs: rowsEveryMs,
      work: () => rules.refresh(),
    },
    { name: 'limits_look', everyMs: lookEveryMs, work: () => limiter.look() },
    {
      name: 'limits_renew',
      everyMs: heartbeatEveryMs,
      async work() {
        limiter.renew()
        limiter.noteRelays(await countRelays(db))
      },
    },
  ]
}
