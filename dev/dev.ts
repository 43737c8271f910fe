import { runCommand } from './command/announce.ts'
import { runSession } from './session/session.ts'

await runCommand(() =>
  runSession({
    command: 'npm run dev',
    relayArguments: ['--enable-source-maps', '--import', 'tsx', 'server.ts'],
    relayEnvironment: { RELAY_DEV: '1' },
    isBuilt: false,
  }),
)
