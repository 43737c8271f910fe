import type { whyTryFailed } from '../ui/account/receipt-words.ts'
import { formatCallId } from '../values/call-id.ts'
import { itemizeCall } from './itemize.ts'
import type { Receipt } from './receipt.ts'

/**
 * What the upstream says about the operator's own key, credit and limits is nobody else's to read:
 * an API client is told 502 or 503 of them, and the receipt says no more. `relay calls` does.
 */
const operatorsOwn = new Set([401, 402, 403, 407, 429])
const tellable = (status: number | null) =>
  status === null || status === 200 || operatorsOwn.has(status) ? null : status

const late = /TIMEOUT|DEADLINE/i
const unreachable =
  /^(UND_ERR_CONNECT_TIMEOUT|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH)$/i

/** In which of a few ways an attempt failed; null where it answered the call. */
function whyFailed({ status, code }: Receipt['tries'][number]): keyof typeof whyTryFailed | null {
  if (status !== null && status < 400) return code === null ? null : 'failed'
  if (status !== null) return status < 500 ? 'refused' : 'failed'
  if (unreachable.test(code ?? '')) return 'unreachable'
  return late.test(code ?? '') ? 'late' : 'failed'
}

/**
 * A receipt as its account is told it, on its page and by the API: ids as people see them, and the
 * sums that follow from others. Balances, and what was available when a call did not fit, are for
 * who may see money; what was left of a person's cap, for their keys that were not handed on.
 */
export function toldReceipt(
  receipt: Receipt,
  { seesMoney, seesCap = true }: { seesMoney: boolean; seesCap?: boolean },
) {
  const { call, tries, entries } = receipt
  // What of a price is the operator's share is nobody else's to read either, nor what they pay and by
  // which of their keys.
  const { id, upstreamStatus, upstreamCode: _, upstreamKey: _k, ...others } = call
  const { priceFactor: _f, upstreamNanos: _n, ...facts } = others
  const isSeen = call.errorCode === 'insufficient_balance' ? seesMoney : seesCap
  const leftNanos = isSeen ? call.leftNanos : null
  const chargedNanos = call.planNanos + call.balanceNanos
  return {
    id: formatCallId(id),
    call: { ...facts, leftNanos, upstreamStatus: tellable(upstreamStatus) },
    seesMoney,
    tries: tries.map((tried) => {
      const { upstream, status, id, ms, charged } = tried
      return { upstream, status: tellable(status), why: whyFailed(tried), id, ms, charged }
    }),
    itemized: itemizeCall(receipt),
    chargedNanos,
    releasedNanos: call.holdNanos - chargedNanos,
    entries: seesMoney ? entries : [],
  }
}
