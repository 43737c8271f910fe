import { written, type Written, type Params, type Row } from '../db/db.server.ts'
import { formatCallId } from '../values/call-id.ts'
import type { CallErrorCode } from '../values/error-codes.ts'
import type { Outcome } from '../values/outcomes.ts'
import { accountColumns } from './columns.ts'
import {
  available,
  decideReserve,
  payableOf,
  splitCharge,
  splitLateCharge,
  type AccountState,
  type Split,
} from './decide.ts'
import { leftOf, type KeyState } from './keys/key-state.ts'
import { KeyStates } from './keys/key-states.ts'
import {
  mapKey,
  noUsage,
  unservedBill,
  type Bill,
  type CallFacts,
  type LoseOp,
  type Op,
  type Refusal,
  type Reservation,
  type ReserveOp,
  type SettleOp,
  type Settlement,
} from './ops.ts'
import { BatchNotices } from './notices/batch-notices.ts'
import { UsageQuarters } from './quarters.ts'
import { billColumns, callRow, costColumns, usageColumns, type NewCall } from './call-row.ts'

export type HoldRow = Row<'ledger/read-holds'>
export type CallRow = Row<'ledger/read-calls'>
type NewHold = Params<'ledger/insert-holds'>['holds'][number]
type NewEntry = Params<'ledger/insert-entries'>['entries'][number]
type Taken = Pick<NewEntry, 'kind' | 'planNanos' | 'balanceNanos' | 'callId' | 'ref'>
type LateCall = Params<'ledger/finish-late-call'>

/**
 * What would come of an op rests on what other servers may have changed meanwhile, and writes
 * nothing that they would notice: it is to be looked at again, with all that they have.
 */
export class MayLag extends Error {}

/** The sweep's row for a call that nobody finished: our own fault, as the client saw it. */
const lostStatusCode = 500

/**
 * The rows one batch has locked and read, the decisions taken on them, and the writes that follow.
 * It lives for one attempt at a transaction: a retry reads the rows anew.
 */
export class BatchState {
  private readonly holds = new Map<string, HoldRow>()
  private readonly calls = new Map<
    string,
    Pick<CallRow, 'outcome' | 'holdNanos' | 'costNanos' | 'overrunNanos' | 'statusCode'>
  >()
  private readonly accountsTouched = new Set<AccountState>()
  private readonly keys: KeyStates
  private readonly newHolds = new Map<string, NewHold>()
  private readonly goneHolds: { callId: Uint8Array }[] = []
  private readonly newCalls: NewCall[] = []
  private readonly lateCalls: LateCall[] = []
  private readonly newEntries: NewEntry[] = []
  private readonly quarters = new UsageQuarters()
  private readonly notices = new BatchNotices()

  constructor(
    private readonly accounts: Map<number, AccountState>,
    keys: readonly KeyState[],
    holds: HoldRow[],
    calls: CallRow[],
    private readonly relayId: Buffer,
    /** What other servers of a cluster have committed may be missing in these rows. */
    private readonly mayLag = false,
    private readonly spared: ReadonlySet<string> = new Set(),
  ) {
    this.keys = new KeyStates(new Map(keys.map((key) => [key.id, key])))
    for (const hold of holds) this.holds.set(mapKey(hold.callId), hold)
    for (const call of calls) this.calls.set(mapKey(call.id), call)
  }

  apply(op: Op): Reservation | Settlement {
    switch (op.kind) {
      case 'reserve':
        return this.reserve(op)
      case 'settle':
        return this.settle(op)
      case 'lose':
        return this.lose(op)
    }
  }

  private reserve(op: ReserveOp): Reservation {
    const { facts, ask, lastTry } = op
    const id = mapKey(facts.callId)
    const standing = this.holds.get(id)
    if (standing) {
      // The commit we were not sure of had happened.
      const { planNanos, balanceNanos, outputTokensMax } = standing
      return {
        granted: true,
        holdNanos: planNanos + balanceNanos,
        planNanos,
        balanceNanos,
        outputTokensMax,
        accountFactor: op.triedFactor ?? this.accountOf(facts).factor,
      }
    }
    const known = this.accounts.get(facts.accountId)
    const wish = { ask, lastTry, model: facts.model, ...(op.asker && { asker: op.asker }) }
    const key = this.keys.turned(facts.keyId, known)
    const decision = decideReserve(known, key, wish)
    // A hold of nothing changes no row of the account or the key, as a refusal does.
    if (this.mayLag && !(decision.granted && decision.holdNanos > 0)) throw new MayLag()
    if (!decision.granted) {
      const { code } = decision
      const forMoney = code === 'insufficient_balance' || code === 'key_budget_exceeded'
      // What is only bounded is counted first, unless no count could change the answer.
      const isFinal = lastTry || ask.inputLeastScaled !== undefined
      if (isFinal && forMoney && !this.calls.has(id)) this.addRefusal(facts, code, decision)
      if (isFinal && code === 'key_budget_exceeded') this.notices.usedUp(key, decision.budget)
      return decision
    }
    const { planNanos, balanceNanos, holdNanos, outputTokensMax } = decision
    const account = this.accountOf(facts)
    op.triedFactor = account.factor
    facts.isBudgeted = (key?.budgetNanos ?? key?.periodBudgetNanos ?? null) !== null
    // Refused before, by a commit we were not sure of; since then money has come in.
    if (this.calls.has(id)) return refuseEnded(account, holdNanos)
    account.planHeldNanos += planNanos
    account.balanceHeldNanos += balanceNanos
    this.accountsTouched.add(account)
    this.keys.hold(facts.keyId, holdNanos)
    const { callId, accountId, keyId, model, priceId, startedAt } = facts
    const hold = {
      callId,
      accountId,
      keyId,
      planNanos,
      planEnded: 0,
      balanceNanos,
      relayId: this.relayId,
      model,
      priceId,
      outputTokensMax,
      streamed: Number(facts.streamed),
      startedAt,
    }
    this.newHolds.set(id, hold)
    this.holds.set(id, hold)
    return decision
  }

  private settle({ facts, bill, mayBeAbsent }: SettleOp): Settlement {
    if (!Number.isSafeInteger(bill.costNanos) || bill.costNanos < 0)
      throw new RangeError('a cost is a whole number, at least 0')
    const hold = this.takeHold(facts)
    if (hold) {
      const payable = payableOf(this.accountOf(facts), hold, facts.model)
      const split = splitCharge(payable, bill.costNanos)
      this.charge(facts, split)
      this.expireRest(facts, hold, split)
      this.addCall(facts, { outcome: bill.outcome, hold, bill, split })
      return settled('settled', split)
    }
    const call = this.calls.get(mapKey(facts.callId))
    if (call?.outcome === 'lost') return this.settleLate(facts, bill, call)
    if (call) {
      const { costNanos: chargedNanos, overrunNanos } = call
      return { state: 'repeated', chargedNanos, overrunNanos }
    }
    if (this.mayLag) throw new MayLag()
    if (!mayBeAbsent) throw new Error('a call to settle has neither a hold nor a row')
    return { state: 'absent', chargedNanos: 0, overrunNanos: 0 }
  }

  private settleLate(
    facts: CallFacts,
    bill: Bill,
    call: { holdNanos: number; statusCode: number },
  ): Settlement {
    const account = this.accountOf(facts)
    const split = splitLateCharge(account, call.holdNanos, bill.costNanos, facts.model)
    this.charge(facts, split)
    const { usage } = bill
    this.lateCalls.push({
      id: facts.callId,
      ...usageColumns(usage),
      ...billColumns(bill),
      ...costColumns(split),
    })
    this.quarters.add(facts, { statusCode: lostStatusCode, outcome: 'lost' }, noUsage, 0, -1)
    const end = { statusCode: bill.statusCode, outcome: 'late' } as const
    this.quarters.add(facts, end, usage, split.planNanos + split.balanceNanos, 1)
    const { costNanos, overrunNanos } = costColumns(split)
    const { holdNanos, statusCode } = call
    // A new object: the row that this batch may still have to write is the old one.
    this.calls.set(mapKey(facts.callId), {
      outcome: 'late',
      holdNanos,
      statusCode,
      costNanos,
      overrunNanos,
    })
    return settled('late', split)
  }

  private lose({ facts }: LoseOp): Settlement {
    if (this.spared.has(mapKey(facts.callId))) return settled('spared', noCharge)
    const hold = this.takeHold(facts)
    if (!hold && this.mayLag) throw new MayLag()
    if (!hold) return { state: 'repeated', chargedNanos: 0, overrunNanos: 0 }
    this.expireRest(facts, hold, noCharge)
    const bill = { ...unservedBill(facts.priceId), statusCode: lostStatusCode, errorCode: null }
    this.addCall(facts, { outcome: 'lost', hold, bill, split: noCharge })
    return settled('settled', noCharge)
  }

  /** The account of a call with a hold or a row, which is never deleted: the batch has locked it. */
  private accountOf({ accountId }: CallFacts): AccountState {
    const account = this.accounts.get(accountId)
    if (!account) throw new Error('the account of a call is not there')
    return account
  }

  /** Closes the hold and frees all it held; whoever calls this charges next, then expires. */
  private takeHold(facts: CallFacts): HoldRow | undefined {
    const id = mapKey(facts.callId)
    const hold = this.holds.get(id)
    if (!hold) return undefined
    this.holds.delete(id)
    this.goneHolds.push({ callId: facts.callId })
    const account = this.accountOf(facts)
    account.planHeldNanos -= hold.planNanos
    account.balanceHeldNanos -= hold.balanceNanos
    this.accountsTouched.add(account)
    this.keys.change(facts.keyId, 0, 0 - hold.planNanos - hold.balanceNanos)
    return hold
  }

  private charge(facts: CallFacts, { planNanos, balanceNanos }: Split) {
    const chargedNanos = planNanos + balanceNanos
    if (chargedNanos === 0) return
    this.keys.change(facts.keyId, chargedNanos, 0)
    if (facts.isBudgeted) this.notices.spent(facts.keyId)
    this.enter(facts, { kind: 'charge', planNanos, balanceNanos, callId: facts.callId, ref: null })
  }

  /**
   * The plan credit that a hold gives back is the next call's, unless its period has ended while it
   * was held: then it ends with it, as all that was free had done at the renewal.
   */
  private expireRest(facts: CallFacts, hold: HoldRow, charged: Split) {
    const planNanos = hold.planNanos - charged.planNanos
    // It may have been charged more of the plan than it held: of what is free now.
    if (hold.planEnded === 0 || planNanos <= 0) return
    const ref = `expire:${formatCallId(facts.callId)}`
    // Not of the call: it is no part of what the call cost.
    this.enter(facts, { kind: 'expire', planNanos, balanceNanos: 0, callId: null, ref })
  }

  /** Takes so much from the account of a call, and says so in its ledger. */
  private enter(facts: CallFacts, { kind, planNanos, balanceNanos, callId, ref }: Taken) {
    const account = this.accountOf(facts)
    account.planNanos -= planNanos
    account.balanceNanos -= balanceNanos
    account.entrySeq += 1
    this.accountsTouched.add(account)
    this.newEntries.push({
      accountId: account.id,
      seq: account.entrySeq,
      kind,
      planNanos: 0 - planNanos,
      balanceNanos: 0 - balanceNanos,
      planAfterNanos: account.planNanos,
      balanceAfterNanos: account.balanceNanos,
      callId,
      ref,
      actor: null,
      note: null,
      createdAt: account.bookedAt,
    })
  }

  private addRefusal(facts: CallFacts, code: CallErrorCode, { neededNanos, ...had }: Refusal) {
    const bill = { ...unservedBill(facts.priceId), statusCode: 402, errorCode: code }
    const ofBudget = code === 'key_budget_exceeded' && had.budget
    const leftNanos = ofBudget ? leftOf(ofBudget) : had.availableNanos
    const refused = { neededNanos, leftNanos }
    this.addCall(facts, { outcome: 'refused', bill, split: noCharge, refused })
  }

  private addCall(
    facts: CallFacts,
    end: {
      outcome: Outcome
      hold?: HoldRow
      bill: Omit<Bill, 'outcome'>
      split: Split
      refused?: { neededNanos: number; leftNanos: number }
    },
  ) {
    const { hold, bill, split, refused } = end
    const call = callRow(facts, end.outcome, bill, split)
    if (hold) {
      call.holdNanos = hold.planNanos + hold.balanceNanos
      call.outputTokensMax = hold.outputTokensMax
    }
    if (refused) {
      call.neededNanos = refused.neededNanos
      call.leftNanos = refused.leftNanos
    }
    this.newCalls.push(call)
    this.calls.set(mapKey(call.id), call)
    this.quarters.add(facts, call, bill.usage, call.costNanos, 1)
  }

  /** The writes of all that was decided, in the order in which every batch takes its row locks. */
  statements() {
    const list: Written[] = []
    if (this.accountsTouched.size)
      list.push(written('ledger/write-accounts', accountColumns([...this.accountsTouched])))
    list.push(...this.keys.statements())
    if (this.newHolds.size)
      list.push(written('ledger/insert-holds', { holds: [...this.newHolds.values()] }))
    if (this.goneHolds.length) list.push(written('ledger/delete-holds', { gone: this.goneHolds }))
    if (this.newEntries.length)
      list.push(written('ledger/insert-entries', { entries: this.newEntries }))
    if (this.newCalls.length) list.push(written('ledger/insert-calls', { calls: this.newCalls }))
    for (const late of this.lateCalls) list.push(written('ledger/finish-late-call', late))
    list.push(...this.quarters.statements(this.accounts))
    list.push(...this.notices.statements(this.accountsTouched))
    return list
  }
}

const refuseEnded = (account: AccountState, neededNanos: number): Reservation => ({
  granted: false,
  code: 'insufficient_balance',
  neededNanos,
  availableNanos: available(account),
  heldNanos: account.planHeldNanos + account.balanceHeldNanos,
  otherPlanNanos: 0,
  budget: null,
  outputTokensAffordable: 0,
  accountFactor: account.factor,
})
const noCharge: Split = { planNanos: 0, balanceNanos: 0, overrunNanos: 0 }
const settled = (
  state: 'settled' | 'late' | 'spared',
  { planNanos, balanceNanos, overrunNanos }: Split,
) => ({
  state,
  chargedNanos: planNanos + balanceNanos,
  overrunNanos,
})
