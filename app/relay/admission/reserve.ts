import {
  LedgerAway,
  outputAffordable,
  type Ask,
  type Asker,
  type CallFacts,
  type Grant,
  type Refusal,
  type Reservation,
} from '../../ledger/ledger.server.ts'
import { Refused, refusedForMoney } from '../../errors/refusal.ts'
import { deniedKey } from '../../keys/keys.server.ts'
import type { Services } from '../../services.ts'
import type { Call, Endpoint } from '../endpoint.ts'

export type Asked = {
  services: Services
  endpoint: Endpoint
  call: Call
  facts: CallFacts
  /** What the call came with, besides its key. */
  asker: Asker
  /** Whether the client has left. */
  gone: { readonly aborted: boolean }
}

/**
 * Holds the most a call can cost: by `ask`, its bytes, first, which is enough for almost every
 * call; where that would be much of what is available, or more, the input is counted exactly and
 * asked for once more. Throws `Refused` where it does not fit, or must not be let in.
 */
export async function reserve(
  asked: Asked,
  ask = asked.endpoint.bound(asked.call),
): Promise<Grant> {
  const { services } = asked
  try {
    let answer = await reserveByBytes(asked, ask)
    if (!answer.granted && answer.code === 'count_first') answer = await reserveExactly(asked)
    if (answer.granted) return answer
    if (answer.code === 'count_first') throw new Error('the last try was told to count first')
    throw refusalFor(answer, asked)
  } catch (error) {
    if (!(error instanceof LedgerAway)) throw error
    services.log.failed('reservation_failed', error)
    throw new Refused('overloaded')
  }
}

function reserveByBytes(asked: Asked, ask: Ask): Promise<Reservation> {
  // What is no bound but the figure itself is not counted again.
  return decided(asked, ask, ask.inputLeastScaled === undefined)
}

/**
 * By the books, unless the figures of a refusal of a moment ago still stand and refuse this one
 * too: agents repeat what they are told not to, and each time would cost a transaction, and a row.
 */
async function decided({ services, facts, asker }: Asked, ask: Ask, lastTry: boolean) {
  const { moneyRefusals, ledger, log } = services
  const again = moneyRefusals.again(facts, { ask, lastTry, asker })
  if (again && again.code !== 'count_first') log.counted('refused_again', again.code)
  if (again) return again
  const sight = moneyRefusals.look(facts)
  const answer = await ledger.reserve({ facts, ask, lastTry, asker })
  moneyRefusals.keep(facts, answer, sight, asker)
  return answer
}

/**
 * One count at a time an account: whoever sends many large calls at once waits for their own, and
 * longer after one that was counted and did not fit, which costs nothing. For a client that has
 * left while it waited nothing is counted, and nothing held.
 */
async function reserveExactly(asked: Asked): Promise<Reservation> {
  const { services, endpoint, call, facts, gone } = asked
  const count = async () => {
    if (gone.aborted) throw new Refused('overloaded')
    return decided(asked, await endpoint.boundExactly(call), true)
  }
  const turn = services.counting.take(facts.accountId, count, ({ granted }) => !granted)
  if (!turn) throw new Refused('overloaded')
  return turn
}

/**
 * The largest limit that a client can say so that the call fits; 0 where none does. Beyond what the
 * model can say there is none, and what upstreams refuse is none either.
 */
function limitThatFits(refusal: Refusal, { endpoint, call }: Asked): number | null {
  // A smaller limit would change nothing.
  if (call.isUnlimited || !endpoint.boundSayingLimit) return null
  const most = outputAffordable(refusal, endpoint.boundSayingLimit(call))
  const tokens = Math.min(most, call.model.outputTokensMax)
  return tokens < (call.outputTokensLeast ?? 1) ? 0 : tokens
}

function refusalFor(refusal: Refusal, asked: Asked): Refused {
  const { call, services } = asked
  const { code } = refusal
  if (code === 'permission_denied' && refusal.deniedBy) {
    const { address } = asked.asker
    return deniedKey(refusal.deniedBy, { address, model: call.model.name })
  }
  if (code !== 'insufficient_balance' && code !== 'key_budget_exceeded') return new Refused(code)
  const figures = { ...refusal, limitThatFits: limitThatFits(refusal, asked) }
  return refusedForMoney(code, figures, services.topUp.url())
}
