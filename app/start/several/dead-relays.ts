import type { RelayProcess } from './relay-process.ts'

/** Relays whose processes have ended, until one that lives has released their holds. */
export class DeadRelays {
  private readonly sweepers = new Map<string, RelayProcess | undefined>()

  add(relayId: string, sweeper: RelayProcess | undefined) {
    this.sweepers.set(relayId, undefined)
    this.assign(sweeper)
  }

  /** Whoever lives now takes what nobody is at. */
  assign(sweeper: RelayProcess | undefined) {
    if (!sweeper) return
    for (const [relayId, other] of this.sweepers) {
      if (other) continue
      this.sweepers.set(relayId, sweeper)
      sweeper.say({ say: 'sweep', relayId })
    }
  }

  swept(relayId: string) {
    this.sweepers.delete(relayId)
  }

  /** What this one was at is to be done by another. */
  lost(sweeper: RelayProcess) {
    for (const [relayId, other] of this.sweepers)
      if (other === sweeper) this.sweepers.set(relayId, undefined)
  }
}
