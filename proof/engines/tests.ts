import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { testEnvironment } from '../../dev/test-environment.ts'
import { selectTests } from '../../dev/test-selection.ts'

export type Tried = { files: number; passed: number; failed: string[]; seconds: number }

const runner = ['--enable-source-maps', '--test', '--test-concurrency=2', '--test-reporter=tap']
/** As `npm test` has it: one file that waits for ever would keep all others' results back. */
const fileMsMax = 600_000
/** They start servers of their own, whatever they are given. */
const ownServers = /^app\/ledger\/(snapshot-isolation|cluster)\.test\.ts$/

/** Every room that has statements of its own. */
const roomsWithSql = () =>
  readdirSync('sql')
    .filter((name) => name !== 'migrations')
    .map((name) => `app/${name}/`)

/** The tests of all rooms that have statements, or those whose path holds one of `words`. */
export function filesFor(words: string[]): string[] {
  const { unit } = selectTests([...(words.length > 0 ? words : roomsWithSql()), '--no-e2e'])
  return unit.filter((path) => path.startsWith('app/') && !ownServers.test(path))
}

/**
 * Runs test programs on one server, where `template` is a migrated database, and answers what passed;
 * what failed is shown whole.
 */
export async function tryTests(
  programs: string[],
  { url, redisUrl, template }: { url: string; redisUrl: string; template: string },
): Promise<Tried> {
  const startedAt = performance.now()
  const environment = testEnvironment({ mariadb: undefined, redisUrl }, template)
  const child = spawn(process.execPath, [...runner, `--test-timeout=${fileMsMax}`, ...programs], {
    env: { ...environment, TEST_DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const words: string[] = []
  child.stdout.on('data', (chunk: Buffer) => words.push(chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const said = words.join('')
  const failed = failuresIn(said)
  for (const block of failed) process.stdout.write(`${block}\n`)
  const passed = Number(/^# pass (\d+)$/m.exec(said)?.[1] ?? 0)
  // A run that ended in any other way than by its own count has failed too.
  if (code !== 0 && failed.length === 0) failed.push(said.trim().split('\n').at(-1) ?? 'no word')
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  return { files: programs.length, passed, failed: failed.map(titleOf), seconds }
}

/** The blocks of a report in TAP about tests that failed by themselves, and not for one within. */
function failuresIn(said: string): string[] {
  const blocks = said.split(/^(?=\s*(?:not )?ok \d+ - )/m)
  return blocks.filter((block) => /^\s*not ok /.test(block) && !/subtestsFailed/.test(block))
}

const titleOf = (block: string) =>
  block
    .trim()
    .split('\n')[0]
    ?.replace(/^not ok \d+ - /, '') ?? ''
