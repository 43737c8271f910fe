import { limits } from '../config/limits.ts'

/**
 * What part of a bound of its input an account's calls have come to of late: text is some four
 * bytes a token, and other accounts send other texts. A call is reckoned at the largest part of
 * late, so that few come to more; of one that is not known, at the bound itself. What it uses
 * beyond that is owed, and paid before the next: nobody gains by it for long. At once they do, with
 * calls that are let in before the first of them has told: no more than the least part leaves.
 */
export class InputShares {
  private readonly shares = new Map<number, number>()

  reckon(accountId: number, bound: number): number {
    const { shareLeast } = limits.rates
    return Math.ceil(bound * Math.max(shareLeast, this.shares.get(accountId) ?? 1))
  }

  learn(accountId: number, bound: number, used: number) {
    if (bound <= 0) return
    const share = Math.min(1, used / bound)
    const known = this.shares.get(accountId)
    const { shareKept, bucketsMax } = limits.rates
    if (known === undefined && this.shares.size >= bucketsMax)
      for (const oldest of this.shares.keys()) {
        this.shares.delete(oldest)
        break
      }
    const later = known === undefined ? share : known * shareKept + share * (1 - shareKept)
    this.shares.set(accountId, Math.max(share, later))
  }
}
