import { spawnSync } from 'node:child_process'

import { CannotContinue, runCommand } from './command/announce.ts'
import { bundlePrograms } from './bundle/programs.ts'
import { findServing } from './servers/procfs.ts'

/** Makes build/ anew: the pages by Remix, which empties it first, then the programs beside them. */
await runCommand(async () => {
  const serving = findServing('.').map(({ pid }) => pid)
  if (serving.length > 0) {
    throw new CannotContinue(
      `Process ${serving.join(', ')} serves from build/, which a build takes away and makes anew. ` +
        'Stop it first, or build in a checkout of its own.',
    )
  }
  const remix = ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build']
  const { status } = spawnSync(process.execPath, remix, { stdio: 'inherit' })
  if (status !== 0) return status ?? 1
  await bundlePrograms()
  return 0
})
