import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { migrate } from '../app/db/db.server.ts'
import { runCommand, step } from './command/announce.ts'
import { ensureBuild } from './bundle/build.ts'
import { compileTests } from './compile-tests.ts'
import { ensurePrograms, galeraPrograms } from './servers/packages.ts'
import { exitCodeOf, spawnOwned, type OwnedProcess } from './servers/processes.ts'
import type { Mariadb } from './servers/mariadb.ts'
import { startServers } from './servers/servers.ts'
import { watchForInterruption } from './session/interruption.ts'
import { testEnvironment } from './test-environment.ts'
import { makeTestFolder } from './test-folder.ts'
import { longestFirst } from './test-order.ts'
import { selectTests, type TestSelection } from './test-selection.ts'

/** For one whole file: the slowest ones kill and restart servers many times. */
const fileMsMax = 600_000
/** More than two cores can do: many a test waits for what it has stopped, killed or made slow. */
const filesAtOnce = 3
const say = (line: string) => console.log(line)

let running: OwnedProcess | undefined
const interruption = watchForInterruption()
void interruption.happened.then(() => running?.stop(5_000))

await runCommand(async () => {
  const selection = selectTests(process.argv.slice(2))
  const folder = await makeTestFolder()
  try {
    await prepare(selection)
    const servers = await step(say, 'MariaDB and Redis', () =>
      startServers({ dir: folder.path, isForTests: true, say }),
    )
    try {
      const template = await step(say, 'tables', () => makeTemplate(servers.mariadb))
      const programs = await step(say, 'test programs', () =>
        compileTests(longestFirst(selection.unit), join(folder.path, 'programs')),
      )
      return await runAll({ ...selection, unit: programs }, testEnvironment(servers, template))
    } finally {
      await servers.stop()
    }
  } finally {
    folder.remove()
  }
})

/** What the tests use besides the servers. A narrowed run does not wait for a build. */
async function prepare({ browser, isPartial }: TestSelection): Promise<void> {
  // A narrowed run gets a cluster's when it starts one.
  const cluster = isPartial ? [] : galeraPrograms
  await ensurePrograms([...(browser.length > 0 ? (['chromium'] as const) : []), ...cluster], say)
  if (!existsSync('server.ts') || (isPartial && browser.length === 0)) return
  await step(say, 'build', ensureBuild, (outcome) => outcome)
}

async function runAll({ unit, browser }: TestSelection, env: NodeJS.ProcessEnv): Promise<number> {
  const failed: string[] = []
  const run = async (title: string, file: string, args: string[]) => {
    if (interruption.signal() !== undefined) return
    say(`\n== ${title}`)
    running = spawnOwned(file, args, { env, stdio: ['ignore', 'inherit', 'inherit'] })
    if (exitCodeOf(await running.exited) !== 0) failed.push(title)
  }
  if (unit.length > 0)
    await run(`node: ${unit.length} files`, process.execPath, nodeArguments(unit))
  if (browser.length > 0) {
    await run(`browser: ${browser.length} files`, 'npx', ['playwright', 'test', ...browser])
  }
  const signal = interruption.signal()
  if (signal !== undefined) return exitCodeOf({ code: null, signal })
  say(failed.length === 0 ? '\nAll passed.' : `\nFailed: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

/** Migrates a database for tests to make copies of; answers its name. */
async function makeTemplate(mariadb: Mariadb | undefined): Promise<string | undefined> {
  if (mariadb === undefined) return undefined
  const name = 'template'
  await mariadb.createDatabase(name)
  await migrate(mariadb.url(name))
  return name
}

/** Node 20's test runner takes no patterns, so every file is named. */
function nodeArguments(files: string[]): string[] {
  return [
    '--enable-source-maps',
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${filesAtOnce}`,
    `--test-timeout=${fileMsMax}`,
    ...files,
  ]
}
