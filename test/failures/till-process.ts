import { readEnv } from '../../app/config/env.ts'
import { startPages } from '../../app/start/start-pages.ts'
import { createLog } from '../../app/telemetry/log.ts'

// The pages of a relay in a process of their own, where events of payments come in, for tests that
// kill it: prints a line when it serves. Its one argument is its environment as JSON.
const env = readEnv(JSON.parse(process.argv[2] ?? '') as Record<string, string>)
const get = () => Promise.reject(new Error('no page is asked for'))
await startPages(env, createLog('warn'), { get }, { port: env.PORT, host: '127.0.0.1' })
process.stdout.write('serving\n')
