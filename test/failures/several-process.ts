import { createServer } from 'node:http'
import { ownEnvironment, readEnv } from '../../app/config/env.ts'
import { hearSignals } from '../../app/start/hear-signals.ts'
import { forkRelayOf, relayNumber, settingsNow, speakerOf } from '../../app/start/several/roles.ts'
import { serveHanded } from '../../app/start/several/serve-handed.ts'
import { serveSeveral } from '../../app/start/several/serve-several.ts'
import { createLog } from '../../app/telemetry/log.ts'

// Several relay processes behind one port, as server.ts composes them, for tests that kill some; its
// pages are a server that says where it is. Settings are its environment.
const number = relayNumber()
const signals = hearSignals()
const env = readEnv()
const log = createLog(env.LOG_LEVEL, undefined, undefined, speakerOf(number))
if (number !== undefined) {
  await serveHanded(env, log, signals)
} else {
  const environment = ownEnvironment()
  await serveSeveral(env, log, signals, {
    async startPages(socketPath) {
      const server = createServer((_, res) => res.end(`a page of ${socketPath}`))
      await new Promise<void>((resolve) => server.listen(socketPath, resolve))
      return async () => void server.close()
    },
    forkRelay: forkRelayOf(environment),
    settingsNow: () => settingsNow(env, environment),
  })
}
