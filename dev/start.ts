import { runCommand } from './command/announce.ts'
import { runSession } from './session/session.ts'

await runCommand(() =>
  runSession({
    command: 'npm start',
    relayArguments: ['--enable-source-maps', 'build/server.mjs'],
    relayEnvironment: {},
    isBuilt: true,
  }),
)
