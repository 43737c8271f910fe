import type { EndLimits } from '../../app/start/serve-api.ts'
import { createLog } from '../../app/telemetry/log.ts'
import { startTestRelay, type TestRelayOptions } from '../relay.ts'
import { shiftDates, shifted } from './shifted-clock.ts'

/** `shutdown` stands in for limits.shutdown, which no test has the time to wait for. */
export type RelayProcessOptions = TestRelayOptions & {
  shutdown?: EndLimits
  /** How far its machine's clock is off at the start, and how far from one SIGUSR2 to the next. */
  clock?: { offMs: number; laterOffMs?: number }
}

// A relay of its own process, for tests that kill it: prints its address as a line of JSON, and ends
// in good order on SIGTERM.
// Its one argument is the options as JSON.
const options = JSON.parse(process.argv[2] ?? '') as RelayProcessOptions
const { clock } = options
if (clock) {
  shifted.ms = clock.offMs
  shiftDates()
  const { offMs, laterOffMs = 0 } = clock
  process.on('SIGUSR2', () => void (shifted.ms = shifted.ms === offMs ? laterOffMs : offMs))
}
const relay = await startTestRelay({ ...options, log: createLog('warn') })
const haste = new AbortController()
let ending: Promise<never> | undefined
process.on('SIGTERM', () => {
  if (ending) haste.abort()
  ending ??= relay
    .end(options.shutdown, { haste: haste.signal })
    .then(({ billsLost }) => process.exit(billsLost ? 1 : 0))
})
// Whoever reads this may send the signal at once.
process.stdout.write(`${JSON.stringify({ url: relay.url, pid: process.pid })}\n`)
