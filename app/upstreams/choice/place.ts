import type { UpstreamRuntime } from '../upstream.ts'
import type { Seed } from './choose.ts'
import type { KeyPlace } from './key-place.ts'

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
  /**
   * The same however often it is changed: calls under way, counted where they are bounded, and
   * whether it is off by now, for those that were let in while it was on.
   */
  readonly load: { calls: number; isOff: boolean }
}

export const hasRoom = ({ load, runtime: { definition } }: UpstreamPlace) =>
  !load.isOff && load.calls < (definition.limits?.concurrent ?? Infinity)
