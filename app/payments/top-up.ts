import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { inTime, run, type Db } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'

const { lookEveryMs, lookMsMax } = limits.codes

type Settings = Pick<Env, 'APP_URL' | 'TOP_UP_URL' | 'CONTACT' | 'payments'>

/** Whether people can pay here. */
const pays = ({ payments }: Settings) => Boolean(payments.stripe ?? payments.epay)

/** Where credit can be had, as a person is told. */
type TopUpWays = {
  /** Some way to pay is configured. */
  pays: boolean
  /** Some code can be redeemed now. */
  redeems: boolean
  /** There were codes once: whoever has one is to find the place for it, and what is wrong with it. */
  hasCodes: boolean
  /** The operator's own page. */
  topUpUrl: string | null
  /** Whom to ask: an address, or words. */
  contact: string | null
}

/** What the operator has set and made, asked for now. */
export async function readTopUpWays(db: Db, env: Settings): Promise<TopUpWays> {
  const { batches, usable } = await run(db, 'payments/codes/count-left', {})
  return {
    pays: pays(env),
    redeems: (usable ?? 0) > 0,
    hasCodes: (batches ?? 0) > 0,
    topUpUrl: env.TOP_UP_URL ?? null,
    contact: env.CONTACT ?? null,
  }
}

/** An address that leads to whoever is to be asked; undefined where they are known by words alone. */
export function contactUrl(contact: string | null): string | undefined {
  if (contact === null) return undefined
  if (/^https?:\/\//.test(contact)) return contact
  return /^[^\s@]+@[^\s@]+$/.test(contact) ? `mailto:${contact}` : undefined
}

/**
 * Where money can be added, as a call that is refused for money is told. Whether there are codes is
 * looked up now and then, behind such a refusal: none waits for it, and none fails with it.
 */
export class TopUp {
  private redeems = false
  private lookedAtMs = -Infinity

  constructor(
    private readonly db: Db,
    private readonly env: Settings,
    private readonly failed: Log['failed'],
  ) {}

  /** Looks at the codes; for the start, so that the first refusal knows too. */
  async look(nowMs = performance.now()): Promise<void> {
    this.lookedAtMs = nowMs
    try {
      this.redeems = (await inTime(lookMsMax, readTopUpWays(this.db, this.env))).redeems
    } catch (error) {
      this.failed('top_up_look_failed', error)
    }
  }

  /** The page here where there is something to do; else the operator's own, or whom to ask. */
  url(nowMs = performance.now()): string | undefined {
    if (nowMs - this.lookedAtMs >= lookEveryMs) void this.look(nowMs)
    const { APP_URL, TOP_UP_URL, CONTACT } = this.env
    const here = `${APP_URL}/billing`
    if (this.redeems || pays(this.env)) return here
    if (TOP_UP_URL !== undefined) return TOP_UP_URL
    return CONTACT === undefined ? undefined : (contactUrl(CONTACT) ?? here)
  }
}
