import { runCommand } from './command/announce.ts'
import { watchHotPath } from './session/hot-path.ts'
import { runSession } from './session/session.ts'

await runCommand(() =>
  runSession({
    command: 'npm run dev',
    relayArguments: ['--enable-source-maps', '--import', 'tsx', 'server.ts'],
    relayEnvironment: { RELAY_DEV: '1' },
    isBuilt: false,
    watch: (say) =>
      watchHotPath((path) =>
        say(`  ${path} changed; the API runs it once you restart npm run dev.`),
      ),
  }),
)
