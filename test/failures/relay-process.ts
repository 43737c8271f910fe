import { limits } from '../../app/config/limits.ts'
import { createLog } from '../../app/telemetry/log.ts'
import { startTestRelay, type TestRelayOptions } from '../relay.ts'

/** `shutdown` stands in for limits.shutdown, which no test has the time to wait for. */
export type RelayProcessOptions = TestRelayOptions & { shutdown?: Shutdown }
type Shutdown = { drainMsMax: number; cutMsMax: number }

// A relay of its own process, for tests that kill it: prints its address as a line of JSON, and ends
// in good order on SIGTERM.
// Its one argument is the options as JSON.
const options = JSON.parse(process.argv[2] ?? '') as RelayProcessOptions
const relay = await startTestRelay({ ...options, log: createLog('warn') })
process.stdout.write(`${JSON.stringify({ url: relay.url, pid: process.pid })}\n`)
let ending: Promise<void> | undefined
process.on('SIGTERM', () => {
  ending ??= relay.end(options.shutdown ?? limits.shutdown).then(() => process.exit(0))
})
