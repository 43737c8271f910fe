import { parseArgs } from 'node:util'

import { CannotContinue, runCommand } from './command/announce.ts'
import { makeRelease } from './bundle/release.ts'

const usage = 'npm run release -- [--to FOLDER]'

function readTarget(): string | undefined {
  try {
    return parseArgs({ options: { to: { type: 'string' } } }).values.to
  } catch (error) {
    throw new CannotContinue(`${usage}: ${(error as Error).message}`)
  }
}

await runCommand(async () => {
  const folder = await makeRelease(readTarget())
  console.log(
    [
      folder,
      '',
      'Copy it to a server, which needs Node and nothing else of ours:',
      '  sha256sum --check --quiet SHA256SUMS     all is there as it was made',
      '  node --enable-source-maps build/server.mjs',
      '  node build/relay.mjs help',
    ].join('\n'),
  )
  return 0
})
