import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CannotContinue } from '../../dev/command/announce.ts'

/** What runs from a folder that was built. */
export type Version = { name: string; folder: string }

type Migration = { name: string; stopsOldRelays: boolean }

function migrationsOf(folder: string): Migration[] {
  const within = join(folder, 'sql', 'migrations')
  const names = readdirSync(within).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => {
    const text = readFileSync(join(within, name), 'utf8')
    return { name, stopsOldRelays: /^-- old relays: must be stopped/m.test(text) }
  })
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

function run(program: string, args: string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new CannotContinue(`${program} ${args.join(' ')}:\n${stdout}${stderr}`)
}

const numberOf = (name: string) => Number(/(\d{4})_[a-z_]+\.sql$/.exec(name)?.[1])

/** How many migrations a commit knows; undefined where they are not numbered one after the other. */
function migrationsAt(commit: string): number | undefined {
  const names = git('ls-tree', '--name-only', commit, 'sql/migrations/')?.split('\n').sort() ?? []
  return names.every((name, at) => numberOf(name) === at + 1) ? names.length : undefined
}

/**
 * The release before: the last tag of one, or, where there has been none, the last commit that
 * knows fewer migrations than there are now.
 */
function previous(): string {
  const tag = git('describe', '--tags', '--abbrev=0', 'HEAD^')
  if (tag !== undefined) return tag
  const now = migrationsOf('.').length
  const changes = git('log', '-50', '--format=%H', '--', 'sql/migrations')?.split('\n') ?? []
  const found = changes.find((commit) => (migrationsAt(commit) ?? now) < now)
  if (found === undefined)
    throw new CannotContinue('No earlier version is known here: say it, --before REF or FOLDER')
  return found
}

/**
 * What is built of an earlier version: `given` is a folder that holds its build, or what git calls
 * it; the latter is taken out of git into `dir` and released there.
 */
export function earlierVersion(given: string | undefined, dir: string): Version {
  if (given !== undefined && existsSync(join(given, 'build', 'server.mjs')))
    return { name: given, folder: resolve(given) }
  const commit = git('rev-parse', '--verify', `${given ?? previous()}^{commit}`)
  if (commit === undefined)
    throw new CannotContinue(`git knows no ${given}, and nothing is built there`)
  const source = join(dir, 'source')
  mkdirSync(source)
  const archive = join(dir, 'source.tar')
  run('git', ['archive', '--output', archive, commit], '.')
  run('tar', ['-xf', archive, '-C', source], '.')
  const lock = 'package-lock.json'
  // The same packages are those that are here; others, npm fetches.
  if (readFileSync(lock, 'utf8') === readFileSync(join(source, lock), 'utf8'))
    symlinkSync(resolve('node_modules'), join(source, 'node_modules'))
  else run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], source)
  const folder = join(dir, 'before')
  run('node', ['--import', 'tsx', 'dev/release.ts', '--to', folder], source)
  return { name: commit.slice(0, 12), folder }
}

/** The migrations that only the later of two versions knows. */
export function migrationsBetween(earlier: Version, later: Version): Migration[] {
  const known = migrationsOf(earlier.folder).length
  return migrationsOf(later.folder).slice(known)
}
