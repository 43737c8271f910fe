import { setTimeout as pause } from 'node:timers/promises'
import type { PulseLimits } from '../../app/start/pulse.ts'
import type { Random } from '../../test/random.ts'

/** One stop: of whom, and how long. */
export type Stop = { who: readonly number[]; from: number; to: number }

type Process = { pid: number }

/** How long relays are stopped, and left alone between two stops, by their own limits. */
function momentsOf({ heartbeatSecondsMax, steadySeconds }: PulseLimits) {
  return { stopMsMax: 1_500 * heartbeatSecondsMax, restMsMax: 2_500 * steadySeconds }
}

/**
 * Stops relays by SIGSTOP at random, one of the two or both as their machine would, for up to half
 * as long again as it takes to be taken for dead, and has them go on in any order.
 */
export async function stopAtRandom(
  relays: readonly Process[],
  { rounds, limits, random }: { rounds: number; limits: PulseLimits; random: Random },
): Promise<Stop[]> {
  const { stopMsMax, restMsMax } = momentsOf(limits)
  const stops: Stop[] = []
  for (let round = 0; round < rounds; round++) {
    await pause(random.whole(0, restMsMax))
    const order = random.chance(0.5) ? [0, 1] : [1, 0]
    const who = random.chance(0.5) ? order : order.slice(0, 1)
    const from = Date.now()
    for (const one of who) signal(relays, one, 'SIGSTOP')
    await pause(random.whole(1, stopMsMax))
    for (const one of who) {
      signal(relays, one, 'SIGCONT')
      await pause(random.whole(0, 200))
    }
    stops.push({ who, from, to: Date.now() })
  }
  return stops
}

function signal(relays: readonly Process[], one: number, name: NodeJS.Signals) {
  const relay = relays[one]
  if (relay) process.kill(relay.pid, name)
}
