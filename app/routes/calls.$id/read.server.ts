import { formatCallId } from '../../values/call-id.ts'
import { itemizeCall, type Receipt } from '../../usage/usage.server.ts'

/** A receipt as the page shows it; ids as people see them, and the sums that follow from others. */
export function callPage(receipt: Receipt) {
  const { call, entries } = receipt
  const { id, ...facts } = call
  const chargedNanos = call.planNanos + call.balanceNanos
  return {
    id: formatCallId(id),
    call: facts,
    itemized: itemizeCall(receipt),
    chargedNanos,
    releasedNanos: call.holdNanos - chargedNanos,
    entries,
  }
}
