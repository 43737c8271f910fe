import { limits } from '../config/limits.ts'
import type { Op } from './ops.ts'

const { asideMsLeast, asideMsMax, asideOpsMax, asideShare, waryMs } = limits.ledger.locked

type Aside<W> = {
  /** In their order. */
  ops: W[]
  /** Failures in a row. */
  tries: number
  dueMs: number
  /** It stays aside until then, though it may be free: who locks it often does so again. */
  keptUntilMs: number
}

/**
 * Accounts that somebody else keeps locked, and their ops: so they hold up nobody else's. Each is
 * tried alone, one at a time, ever more seldom, and all of them together take but a small part of
 * the lane's time. Whatever comes for an account that is aside joins the end of its list.
 */
export class LockedAccounts<W extends { op: Op }> {
  private readonly accounts = new Map<number, Aside<W>>()
  private nextMs = -Infinity

  get length() {
    let sum = 0
    for (const { ops } of this.accounts.values()) sum += ops.length
    return sum
  }

  all(): W[] {
    return [...this.accounts.values()].flatMap(({ ops }) => ops)
  }

  /** Whether this account has as many ops waiting as one that is locked may have. */
  isFull(accountId: number): boolean {
    return (this.accounts.get(accountId)?.ops.length ?? 0) >= asideOpsMax
  }

  /** Takes on an op whose account is aside. */
  join(waiting: W): boolean {
    const aside = this.accounts.get(waiting.op.facts.accountId)
    aside?.ops.push(waiting)
    return aside !== undefined
  }

  /** Sets an account aside, or puts back what was taken of it: it was found locked after `tookMs`. */
  setAside(accountId: number, ops: W[], tookMs: number, nowMs = performance.now()) {
    const { ops: rest, tries, keptUntilMs } = this.accounts.get(accountId) ?? fresh<W>()
    const backOffMs = Math.min(asideMsMax, asideMsLeast * 2 ** tries) * (0.5 + Math.random() / 2)
    const isLong = tookMs >= asideMsMax / 2 || backOffMs >= asideMsMax / 2
    this.nextMs = nowMs + tookMs * asideShare
    for (const [id, { ops: none, keptUntilMs: until }] of this.accounts)
      if (none.length === 0 && until < nowMs) this.accounts.delete(id)
    this.accounts.set(accountId, {
      ops: [...ops, ...rest],
      tries: tries + 1,
      dueMs: nowMs + Math.max(backOffMs, tookMs * asideShare),
      keptUntilMs: isLong ? nowMs + waryMs : keptUntilMs,
    })
  }

  /** What is due of the account that is due for longest; nothing where none is. */
  take(opsMax: number, nowMs = performance.now()): W[] {
    if (nowMs < this.nextMs) return []
    let next: Aside<W> | undefined
    for (const aside of this.accounts.values())
      if (aside.ops.length && aside.dueMs <= nowMs && aside.dueMs < (next?.dueMs ?? Infinity))
        next = aside
    return next?.ops.splice(0, opsMax) ?? []
  }

  /** It was not locked. Answers what goes back to where the others wait. */
  free(accountId: number, isAtOnce: boolean, nowMs = performance.now()): W[] {
    const aside = this.accounts.get(accountId)
    if (!aside) return []
    aside.tries = 0
    if (!isAtOnce && aside.keptUntilMs > nowMs) return []
    this.accounts.delete(accountId)
    return aside.ops
  }

  /** How long until one is due; nothing where none waits. */
  dueInMs(nowMs = performance.now()): number | undefined {
    const dues = [...this.accounts.values()].filter(({ ops }) => ops.length)
    if (dues.length === 0) return undefined
    return Math.max(0, this.nextMs - nowMs, Math.min(...dues.map(({ dueMs }) => dueMs - nowMs)))
  }

  /** Replaces the ops of each account. */
  change(to: (ops: W[]) => W[]) {
    for (const aside of this.accounts.values()) aside.ops = to(aside.ops)
  }
}

const fresh = <W>(): Aside<W> => ({ ops: [], tries: 0, dueMs: 0, keptUntilMs: 0 })
