import { LedgerAway, type CallFacts, type Grant, type Refusal } from '../ledger/ledger.server.ts'
import { Refused, refusedForMoney } from '../errors/refusal.ts'
import type { Services } from '../services.ts'
import type { Call, Endpoint } from './endpoint.ts'

type Asked = { services: Services; endpoint: Endpoint; call: Call; facts: CallFacts }

/**
 * Holds the most a call can cost: by its bytes first, which fits almost always; what does not fit
 * is counted exactly and tried again. Throws `Refused` where it does not fit, or must not be let
 * in.
 */
export async function reserve(asked: Asked): Promise<Grant> {
  const { services, endpoint, call, facts } = asked
  const { ledger } = services
  try {
    const quick = await ledger.reserve({ facts, ask: endpoint.bound(call), lastTry: false })
    if (quick.granted) return quick
    if (!isMoney(quick)) throw refusalFor(quick, asked)
    const ask = await endpoint.boundExactly(call)
    const exact = await ledger.reserve({ facts, ask, lastTry: true })
    if (exact.granted) return exact
    throw refusalFor(exact, asked)
  } catch (error) {
    if (!(error instanceof LedgerAway)) throw error
    services.log.failed('reservation_failed', error)
    throw new Refused('overloaded')
  }
}

const isMoney = ({ code }: Refusal) =>
  code === 'insufficient_balance' || code === 'key_budget_exceeded'

function refusalFor(refusal: Refusal, { call, services }: Asked): Refused {
  const { code } = refusal
  if (code !== 'insufficient_balance' && code !== 'key_budget_exceeded') return new Refused(code)
  const topUpUrl = `${services.env.APP_URL}/billing`
  return refusedForMoney(code, refusal, call.model.outputTokensMax, topUpUrl)
}
