import type { UpstreamRuntime } from '../upstream.ts'
import type { Seed } from './choose.ts'
import type { KeyPlace } from './key-place.ts'
import { KeyRate } from './key-rate.ts'

/** An upstream as calls find it: whether it takes any, and by which keys. */
export type UpstreamPlace = {
  readonly name: string
  readonly runtime: UpstreamRuntime
  readonly seed: Seed
  readonly isOn: boolean
  readonly priority: number
  readonly weight: number
  readonly allowed: ReadonlySet<string>
  readonly keys: readonly KeyPlace[]
  /** The same however often it is changed. */
  readonly load: Load
}

/** The calls under way at an upstream, counted where they are bounded, and whose they are. */
export class Load {
  /** Whether it is off by now, for those that were let in while it was on. */
  isOff = false
  private all = 0
  private readonly ofAccounts = new Map<number, number>()
  private readonly rates = new Map<string, KeyRate>()

  get calls() {
    return this.all
  }

  /**
   * An account may hold one more while it holds fewer than are free: alone it has half of them, and
   * whoever comes beside it finds a place.
   */
  hasRoomFor(account: number, most: number): boolean {
    return this.of(account) < most - this.all
  }

  /** What goes out with a key, by its name. */
  rateOf(key: string): KeyRate {
    const known = this.rates.get(key)
    if (known) return known
    const rate = new KeyRate()
    this.rates.set(key, rate)
    return rate
  }

  enter(account: number) {
    this.all++
    this.ofAccounts.set(account, this.of(account) + 1)
  }

  leave(account: number) {
    this.all--
    const left = this.of(account) - 1
    if (left > 0) this.ofAccounts.set(account, left)
    else this.ofAccounts.delete(account)
  }

  private of(account: number) {
    return this.ofAccounts.get(account) ?? 0
  }
}

export const hasRoom = ({ load, runtime: { definition } }: UpstreamPlace, account: number) => {
  if (load.isOff) return false
  const most = definition.limits?.concurrent
  return most === undefined || load.hasRoomFor(account, most)
}
