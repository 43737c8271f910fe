import { runCommand, step } from './command/announce.ts'
import { ensureBuild } from './bundle/build.ts'
import { ensurePrograms } from './servers/packages.ts'
import { exitCodeOf, spawnOwned } from './servers/processes.ts'
import { startServers } from './servers/servers.ts'
import { testEnvironment } from './test-environment.ts'
import { makeTestFolder } from './test-folder.ts'

const say = (line: string) => console.log(line)

// `npm run screenshots`: a picture of every page in every state, for somebody to look at.
await runCommand(async () => {
  const folder = await makeTestFolder()
  try {
    await ensurePrograms(['chromium'], say)
    await step(say, 'build', ensureBuild, (outcome) => outcome)
    const servers = await startServers({ dir: folder.path, isForTests: true, say })
    try {
      const child = spawnOwned(
        'npx',
        ['playwright', 'test', '--config', 'e2e/pictures.config.ts'],
        {
          env: testEnvironment(servers),
          stdio: ['ignore', 'inherit', 'inherit'],
        },
      )
      return exitCodeOf(await child.exited)
    } finally {
      await servers.stop()
    }
  } finally {
    folder.remove()
  }
})
