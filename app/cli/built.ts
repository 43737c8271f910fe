import { BadEnvironment, loadEnvFile } from '../config/env.ts'

// What build/relay.mjs begins with. From source, dev/relay.ts has said already what is in `.env`.
try {
  loadEnvFile()
  await import('./main.ts')
} catch (error) {
  if (!(error instanceof BadEnvironment)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
