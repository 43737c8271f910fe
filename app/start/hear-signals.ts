import { limits } from '../config/limits.ts'

/** What signals do: `end` is replaced once there is something to end in good order. */
export type Signals = {
  haste: AbortSignal
  end(signal: string): void
  /** Of SIGHUP: an end as any other, unless several processes can be replaced one by one. */
  hangUp(): void
}

/** What signals do, whatever the process is at: without a listener process 1 would ignore them. */
export function hearSignals(): Signals {
  let endingSince: number | undefined
  const haste = new AbortController()
  const heard = {
    haste: haste.signal,
    // Until there is a relay nothing is under way, and a database that does not answer may take long.
    end: (_signal: string): void => process.exit(0),
    hangUp: (): void => hear('SIGHUP'),
  }
  const hear = (signal: string) => {
    // A shell and npm both hand the same signal on; only somebody who asks again is in haste.
    const now = performance.now()
    if (endingSince !== undefined) {
      if (now - endingSince > limits.shutdown.sameSignalMsMax) haste.abort()
      return
    }
    endingSince = now
    heard.end(signal)
  }
  for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => hear(name))
  process.on('SIGHUP', () => heard.hangUp())
  return heard
}
