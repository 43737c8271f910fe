import type { CreditKind, EntryKind } from '../../app/values/entry-kinds.ts'
import type { Outcome } from '../../app/values/outcomes.ts'
import { present } from '../present.ts'

/**
 * What the ledger should do to one account, as plain code over plain numbers: written from the
 * design and not from `decide.ts`, which it judges. Small amounts only.
 */

export type ModelAsk = { input: number; perToken: number; wanted: number | null; most: number }
type ModelCall = {
  key: number
  /** Open while it holds something. */
  held: { plan: number; balance: number; via: number; hasEnded: boolean } | undefined
  hold: number
  /** What the account paid when it was let in. */
  factor: number
  outcome: Outcome | 'open'
  plan: number
  balance: number
  overrun: number
}
type Key = { id: number; budget: number | null; spent: number; held: number; isRevoked: boolean }
type Entry = [kind: EntryKind, plan: number, balance: number]

type Granted = { hold: number; plan: number; balance: number; tokens: number; factor: number }
export type ModelAnswer = Granted | string

/** Whole numbers far below what a float holds exactly, and rounded once. */
const cost = ({ input, perToken }: ModelAsk, tokens: number, factor: number) =>
  Math.ceil(((input + perToken * tokens) * factor) / 10_000_000_000)

export class AccountModel {
  readonly pool = { plan: 0, planHeld: 0, balance: 0, balanceHeld: 0 }
  readonly entries: Entry[] = []
  readonly calls = new Map<string, ModelCall>()
  readonly refs = new Set<string>()
  readonly keys: Key[]
  monthly = 0
  factor = 10_000
  isSuspended = false

  constructor(keys: { id: number; budget: number | null }[]) {
    this.keys = keys.map((key) => ({ ...key, spent: 0, held: 0, isRevoked: false }))
  }

  get free() {
    const { plan, planHeld, balance, balanceHeld } = this.pool
    return { plan: plan - planHeld, balance: balance - balanceHeld }
  }

  /** The limit on output and its price, or the reason why not. */
  private judge(key: Key, ask: ModelAsk): { tokens: number; hold: number } | string {
    if (key.isRevoked) return 'invalid_api_key'
    if (this.isSuspended) return 'permission_denied'
    const { plan, balance } = this.free
    const all = balance < 0 ? balance : plan + balance
    const left = key.budget === null ? all : Math.min(all, key.budget - key.spent - key.held)
    const costs = (tokens: number) => cost(ask, tokens, this.factor)
    const fits = (tokens: number) => costs(tokens) <= Math.max(0, left)
    let tokens = Math.min(ask.wanted ?? ask.most, ask.most)
    if (ask.wanted === null && costs(tokens) * 4 > Math.max(0, left)) {
      // Downwards one by one: the first that fits is the largest.
      const least = Math.min(256, ask.most)
      const usual = Math.min(16_384, ask.most)
      while (tokens > usual && !fits(8 * tokens)) tokens--
      while (tokens > least && !fits(tokens)) tokens--
    }
    const hold = costs(tokens)
    if (fits(tokens)) return { tokens, hold }
    return hold > all ? 'insufficient_balance' : 'key_budget_exceeded'
  }

  reserve(id: string, keyIndex: number, ask: ModelAsk, lastTry: boolean, via: number): ModelAnswer {
    const key = present(this.keys[keyIndex])
    const verdict = this.judge(key, ask)
    if (typeof verdict === 'string') {
      const isForMoney = verdict === 'insufficient_balance' || verdict === 'key_budget_exceeded'
      if (isForMoney && lastTry)
        this.calls.set(id, { ...noCall, key: keyIndex, outcome: 'refused' })
      return verdict
    }
    const { hold, tokens } = verdict
    const plan = Math.min(this.free.plan, hold)
    const balance = hold - plan
    this.pool.planHeld += plan
    this.pool.balanceHeld += balance
    key.held += hold
    const held = { plan, balance, via, hasEnded: false }
    const { factor } = this
    this.calls.set(id, { ...noCall, key: keyIndex, held, hold, factor, outcome: 'open' })
    return { hold, plan, balance, tokens, factor }
  }

  settle(id: string, costs: number): { state: string; charged: number; overrun: number } {
    const call = present(this.calls.get(id))
    const wasLost = call.outcome === 'lost'
    if (call.outcome !== 'open' && !wasLost)
      return { state: 'repeated', charged: call.plan + call.balance, overrun: call.overrun }
    const room = Math.max(0, this.free.plan) + (wasLost ? 0 : present(call.held).plan)
    const old = this.letGo(call)
    const charged = Math.min(costs, call.hold)
    const plan = Math.min(charged, room)
    const overrun = costs - charged
    Object.assign(call, {
      outcome: wasLost ? 'late' : 'completed',
      plan,
      balance: charged - plan,
      overrun,
    })
    if (charged > 0) this.enter('charge', 0 - plan, plan - charged)
    if (old > plan) this.enter('expire', plan - old, 0)
    present(this.keys[call.key]).spent += charged
    return { state: wasLost ? 'late' : 'settled', charged, overrun }
  }

  lose(id: string): string {
    const call = present(this.calls.get(id))
    if (call.outcome !== 'open') return 'repeated'
    const old = this.letGo(call)
    if (old > 0) this.enter('expire', -old, 0)
    call.outcome = 'lost'
    return 'settled'
  }

  credit(kind: CreditKind, plan: number, balance: number, ref: string): string {
    if (this.refs.has(ref)) return 'repeated'
    const { free } = this
    const isShort =
      (plan < 0 && free.plan + plan < 0) ||
      (balance < 0 && free.balance + balance < 0) ||
      (plan + balance < 0 && free.plan + free.balance + plan + balance < 0)
    if (isShort) return 'refused'
    this.refs.add(ref)
    this.enter(kind, plan, balance)
    return 'credited'
  }

  setPlan(monthly: number): string {
    if (monthly === this.monthly) return 'unchanged'
    this.monthly = monthly
    this.renew()
    return 'set'
  }

  renew() {
    if (this.free.plan > 0) this.enter('expire', -this.free.plan, 0)
    if (this.monthly > 0) this.enter('plan', this.monthly, 0)
    for (const { held } of this.calls.values()) if (held) held.hasEnded = true
  }

  private enter(kind: EntryKind, plan: number, balance: number) {
    this.pool.plan += plan
    this.pool.balance += balance
    this.entries.push([kind, plan, balance])
  }

  /** Frees what the call holds; answers how much of it is plan credit of a month that is over. */
  private letGo(call: ModelCall): number {
    if (!call.held) return 0
    const { plan, hasEnded } = call.held
    this.pool.planHeld -= call.held.plan
    this.pool.balanceHeld -= call.held.balance
    present(this.keys[call.key]).held -= call.hold
    call.held = undefined
    return hasEnded ? plan : 0
  }
}

const noCall = { key: 0, held: undefined, hold: 0, factor: 10_000, plan: 0, balance: 0, overrun: 0 }
