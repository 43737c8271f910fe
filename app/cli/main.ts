import { basename } from 'node:path'
import { text } from 'node:stream/consumers'

import { runCli } from './cli.ts'

// A reader that has had enough, such as `head`, closes the pipe; that is no mistake of anybody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

// On a server it is what docs/operate.md calls `relay`; where the source is, a script of npm.
const isBuilt = basename(process.argv[1] ?? '') === 'relay.mjs'

process.exitCode = await runCli(process.argv.slice(2), {
  now: () => new Date(),
  calledAs: isBuilt ? 'relay' : 'npm run relay --',
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: () => text(process.stdin),
})
