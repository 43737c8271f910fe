import { startFakeProviders } from './fake-providers.server.ts'

// Nothing starts this by itself. `node --import tsx dev/fakes/providers/main.ts` prints the
// variables for a relay to be started with, and stays until Ctrl-C.
const providers = await startFakeProviders({ githubPort: 4001, googlePort: 4002, oidcPort: 4003 })
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => void providers.close().then(() => process.exit(0)))
}
for (const [name, value] of Object.entries({ ...providers.env, ...providers.oidcEnv }))
  console.log(`${name}=${value}`)
