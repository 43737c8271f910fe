import assert from 'node:assert/strict'

import { present } from '../present.ts'
import { revokeKey } from '../../app/keys/keys.server.ts'
import {
  credit,
  LedgerAway,
  renewPlans,
  setPlan,
  type Ledger,
  type Reservation,
  type Settlement,
} from '../../app/ledger/ledger.server.ts'
import type { Bill, CallFacts } from '../../app/ledger/ops.ts'
import type { AccountModel, ModelAnswer, ModelAsk } from './model.ts'
import type { Step } from './steps.ts'
import { askOf, billOf, callOf, usageOf, type TestBooks } from '../books.ts'
import type { Customer } from '../customer.ts'

export type TwoLedgers = {
  books: TestBooks
  /** Two, on the same books; a step names its own by number. */
  ledgers: [Ledger, Ledger]
  /** Reservations may be refused because the database is away: one at a time then. */
  isImpatient: boolean
}
type Reserve = Step & { do: 'reserve' }
type Settle = Step & { do: 'settle' }

const hex = ({ callId }: CallFacts) => callId.toString('hex')
const scaledAsk = ({ input, perToken, wanted, most }: ModelAsk) => ({
  inputScaled: BigInt(input),
  outputScaledPerToken: BigInt(perToken),
  outputTokensWanted: wanted,
  outputTokensMax: most,
})
const plain = (answer: Reservation): ModelAnswer =>
  answer.granted
    ? {
        hold: answer.holdNanos,
        plan: answer.planNanos,
        balance: answer.balanceNanos,
        tokens: answer.outputTokensMax,
        factor: answer.accountFactor,
      }
    : answer.code

/** Plays one account's history against the real ledger and the model, comparing every answer. */
export class Actor {
  readonly calls = new Map<string, CallFacts>()
  /** Reservations that were told the database is away. */
  readonly away = new Set<string>()
  private refs = 0
  private renewals = 0

  constructor(
    private readonly stage: TwoLedgers,
    readonly customer: Customer,
    readonly model: AccountModel,
  ) {}

  async play(steps: Step[]) {
    for (const step of steps) await this.act(step)
  }

  private async act(step: Step): Promise<void> {
    switch (step.do) {
      case 'reserve':
        return this.reserve(step)
      case 'race':
        return this.race(step)
      case 'settle':
        return this.settle(step)
      case 'settle again':
        return this.settleAgain(step)
      case 'lose':
        return this.lose(step)
      case 'credit':
        return this.credit('topup', step.plan, step.balance, step.isRepeated)
      case 'take':
        return this.credit('adjust', -step.plan, -step.balance, false)
      case 'set plan':
        return this.setPlan(step.monthly)
      case 'renew':
        return this.renew()
      case 'revoke':
        return this.revoke(step.key)
      case 'suspend':
        return this.suspend(step.isSuspended)
      case 'set factor':
        return this.setFactor(step.factor)
    }
  }

  private newCall(key: number): CallFacts {
    const call = callOf({ ...this.customer, keyId: this.keyAt(key).id })
    this.calls.set(hex(call), call)
    return call
  }

  private keyAt(index: number) {
    return present(this.model.keys[index % this.model.keys.length])
  }

  private ids(outcomes: string[]) {
    return [...this.model.calls].flatMap(([id, { outcome }]) =>
      outcomes.includes(outcome) ? [id] : [],
    )
  }

  private pick(which: number, outcomes: string[]): CallFacts | undefined {
    const ids = this.ids(outcomes)
    return ids.length ? this.calls.get(present(ids[which % ids.length])) : undefined
  }

  /** One ledger keeps the order of one account's ops, so a burst has one right answer. */
  private async reserve({ via, key, ask, asksTwice, ...step }: Reserve) {
    const count = this.stage.isImpatient ? 1 : step.count
    const calls = Array.from({ length: count }, () => this.newCall(key))
    const dearer = { ...ask, input: ask.input * 2 }
    for (const lastTry of asksTwice ? [false, true] : [true]) {
      const asked = lastTry ? ask : dearer
      const still = calls.filter(
        (call) => !this.away.has(hex(call)) && !this.model.calls.has(hex(call)),
      )
      const answers = still.map((facts) =>
        present(this.stage.ledgers[via])
          .reserve({ facts, ask: scaledAsk(asked), lastTry })
          .catch(async (error: unknown) => {
            if (!(error instanceof LedgerAway)) throw error
            this.away.add(hex(facts))
            await present(this.stage.ledgers[via]).idle()
            return undefined
          }),
      )
      for (const [i, answer] of (await Promise.all(answers)).entries()) {
        if (!answer) continue
        const index = this.model.keys.indexOf(this.keyAt(key))
        const expected = this.model.reserve(hex(present(still[i])), index, asked, lastTry, via)
        assert.deepEqual(plain(answer), expected)
      }
    }
  }

  private async race({ key, count, nanos }: Step & { do: 'race' }) {
    if (this.stage.isImpatient) return
    const calls = Array.from({ length: count }, () => this.newCall(key))
    const answers = await Promise.all(
      calls.map((facts, i) =>
        present(this.stage.ledgers[i % 2]).reserve({ facts, ask: askOf(nanos), lastTry: true }),
      ),
    )
    // They are equal, so who came first shows in how much of the plan they got.
    const rank = (answer: Reservation) => (answer.granted ? answer.planNanos : -1)
    const order = calls
      .map((_, i) => i)
      .sort((a, b) => rank(present(answers[b])) - rank(present(answers[a])))
    const ask = { input: nanos * 1_000_000, perToken: 0, wanted: 0, most: 1_000 }
    for (const i of order) {
      const index = this.model.keys.indexOf(this.keyAt(key))
      const expected = this.model.reserve(hex(present(calls[i])), index, ask, true, i % 2)
      assert.deepEqual(plain(present(answers[i])), expected)
    }
  }

  private async settle({ via, which, percent, twice }: Settle) {
    const facts = this.pick(which, ['open'])
    if (!facts) return
    const bill = this.billFor(facts, percent)
    const sides = twice === 'no' ? [via] : [via, twice === 'same' ? via : 1 - via]
    const answers = await Promise.all(
      sides.map((side) => present(this.stage.ledgers[side]).settle({ facts, bill })),
    )
    this.expectSettled(facts, bill.costNanos, answers)
  }

  private async settleAgain({ via, which, percent }: Step & { do: 'settle again' }) {
    const facts = this.pick(which, ['lost', 'late', 'completed'])
    if (!facts) return
    const bill = this.billFor(facts, percent)
    const answer = await present(this.stage.ledgers[via]).settle({ facts, bill })
    this.expectSettled(facts, bill.costNanos, [answer])
  }

  /** Of about so much of its hold, at the factor that the call was let in with. */
  private billFor(facts: CallFacts, percent: number): Bill {
    const { hold, factor } = present(this.model.calls.get(hex(facts)))
    const tokens = Math.floor((((hold * percent) / 100) * 10_000) / factor)
    const costs = Math.ceil((tokens * factor) / 10_000)
    return billOf(costs, { usage: usageOf(tokens, 20), accountFactor: factor })
  }

  private expectSettled(facts: CallFacts, costs: number, answers: Settlement[]) {
    const { state, charged, overrun } = this.model.settle(hex(facts), costs)
    for (const answer of answers)
      assert.deepEqual([answer.chargedNanos, answer.overrunNanos], [charged, overrun])
    // Whoever never heard of their own COMMIT finds the call settled: `repeated`, and never twice news.
    const news = answers.filter((answer) => answer.state !== 'repeated')
    assert.ok(news.length <= (state === 'repeated' ? 0 : 1))
    for (const answer of news) assert.equal(answer.state, state)
  }

  private async lose({ via, which }: Step & { do: 'lose' }) {
    const facts = this.pick(which, ['open'])
    if (!facts) return
    await present(this.stage.ledgers[via]).lose({ facts })
    this.model.lose(hex(facts))
  }

  private async credit(kind: 'topup' | 'adjust', plan: number, balance: number, again: boolean) {
    if (!plan && !balance) return
    const { accountId } = this.customer
    const ref = `${accountId}:${again && this.refs ? this.refs : ++this.refs}`
    const given = { accountId, kind, planNanos: 0 + plan, balanceNanos: 0 + balance, ref }
    const { state } = await credit(this.stage.books.pool, { ...given, actor: 'test', note: null })
    assert.equal(state, this.model.credit(kind, 0 + plan, 0 + balance, ref))
  }

  private async setPlan(monthly: number) {
    const { pool } = this.stage.books
    const { state } = await setPlan(pool, this.customer.accountId, monthly, 'test')
    assert.equal(state, this.model.setPlan(monthly))
  }

  private async renew() {
    if (!this.model.monthly) return
    const due = new Date(Date.UTC(2001, 0, ++this.renewals))
    const { sql, pool } = this.stage.books
    const text = 'update subscriptions set renews_at = ? where account_id = ?'
    await sql(text, [due, this.customer.accountId])
    await renewPlans(pool)
    this.model.renew()
  }

  private async revoke(key: number) {
    const { id } = this.keyAt(key)
    const wasNew = await revokeKey(this.stage.books.pool, this.customer.accountId, id)
    assert.equal(wasNew, !this.keyAt(key).isRevoked)
    this.keyAt(key).isRevoked = true
  }

  private async setFactor(factor: number) {
    const text = 'update accounts set factor = ?, own_factor = ? where id = ?'
    await this.stage.books.sql(text, [factor, factor, this.customer.accountId])
    this.model.factor = factor
  }

  private async suspend(isSuspended: boolean) {
    const status = isSuspended ? 'suspended' : 'active'
    const text = 'update accounts set status = ? where id = ?'
    await this.stage.books.sql(text, [status, this.customer.accountId])
    this.model.isSuspended = isSuspended
  }
}
