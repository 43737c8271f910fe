import { createLog } from '../log.ts'
import { startTestRelay, type TestRelayOptions } from './test-relay.ts'

// A relay of its own process, for tests that kill it: prints its address as a line of JSON, and ends
// in good order on SIGTERM.
// Its one argument is the options as JSON.
const options = JSON.parse(process.argv[2] ?? '') as TestRelayOptions
const relay = await startTestRelay({ ...options, log: createLog('warn') })
process.stdout.write(`${JSON.stringify({ url: relay.url, pid: process.pid })}\n`)
process.once('SIGTERM', () => void relay.stop().then(() => process.exit(0)))
