import { limits } from '../config/limits.ts'
import type { Clock } from './repeats.ts'
import type { Fields } from './fields.ts'

type Say = (event: string, fields: Fields) => void

/**
 * Counts what comes too often for a line each, and says once in `countEveryMs` how many there were of
 * each kind, while there were any. Kinds are words of a closed list; what is beyond `countKindsMax`
 * of them is told as one.
 */
export class Counts {
  private readonly events = new Map<string, Map<string, number>>()
  private callOff: (() => void) | undefined

  constructor(
    private readonly say: Say,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  note(event: string, kind: string) {
    let kinds = this.events.get(event)
    if (!kinds) this.events.set(event, (kinds = new Map()))
    const isKnown = kinds.has(kind) || kinds.size < limits.log.countKindsMax
    const name = isKnown ? kind : 'others'
    kinds.set(name, (kinds.get(name) ?? 0) + 1)
    this.callOff ??= this.clock.after(limits.log.countEveryMs, () => this.flush())
  }

  flush() {
    this.callOff?.()
    this.callOff = undefined
    for (const [event, kinds] of this.events) this.say(event, Object.fromEntries(kinds))
    this.events.clear()
  }
}
