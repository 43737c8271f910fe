import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { CannotContinue, step, type Announce } from '../command/announce.ts'
import { waitForLock } from './folder-lock.ts'
import { findLibrary, findProgram } from './programs.ts'

/**
 * The Debian package behind each program, and the names it may go by. None of these packages
 * brings a system service: redis-server and mariadb-server would, so they are not asked for.
 */
const debianPackages = {
  mariadbd: { package: 'mariadb-server-core', names: ['mariadbd'] },
  'mariadb-install-db': { package: 'mariadb-server-core', names: ['mariadb-install-db'] },
  // The installer calls it, yet it is in another package that nothing depends on.
  my_print_defaults: { package: 'mariadb-client-core', names: ['my_print_defaults'] },
  'redis-server': { package: 'redis-tools', names: ['redis-server', 'redis-check-rdb'] },
  // Not a program but what mariadbd loads to be a node of a cluster.
  galera: { package: 'galera-4', names: ['libgalera_smm.so'] },
  // What a node of a cluster sends another by.
  mariadb: { package: 'mariadb-client-core', names: ['mariadb'] },
  openssl: { package: 'openssl', names: ['openssl'] },
  chromium: { package: 'chromium', names: ['chromium'] },
} as const

/** Two clones that start at once on a fresh machine install one after the other. */
const lockFile = join(tmpdir(), `ai-api-relay-packages-${process.getuid?.() ?? 0}.lock`)
const waitMsMax = 600_000
const updatesMax = 12

type ProgramName = keyof typeof debianPackages

export const mariadbPrograms: ProgramName[] = [
  'mariadbd',
  'mariadb-install-db',
  'my_print_defaults',
]

/** For nodes of a cluster. */
export const galeraPrograms: ProgramName[] = [...mariadbPrograms, 'galera', 'mariadb']

/** How this user can act as root: at once, through a sudo that asks nothing, or not at all. */
type RootAccess = 'root' | 'sudo' | 'none'

/**
 * Makes sure the programs are there, installing their Debian packages when that is possible
 * without asking anybody.
 * @throws CannotContinue with the command to run by hand otherwise.
 */
export async function ensurePrograms(wanted: readonly ProgramName[], say: Announce): Promise<void> {
  if (missingOf(wanted).length === 0) return
  if (findProgram('apt-get') === undefined || rootAccess() === 'none') {
    throw new CannotContinue(instructions(missingOf(wanted)))
  }
  const lock = await waitForLock(lockFile, 'installing packages', waitMsMax)
  try {
    const missing = missingOf(wanted)
    if (missing.length > 0) await install(missing, say)
  } finally {
    lock.release()
  }
  const stillMissing = missingOf(wanted)
  if (stillMissing.length > 0) {
    throw new CannotContinue(`Still missing after that: ${stillMissing.join(', ')}.`)
  }
}

async function install(missing: readonly ProgramName[], say: Announce): Promise<void> {
  const [update = [], add = []] = installCommands(missing, rootAccess())
  const log = join(mkdtempSync(join(tmpdir(), 'ai-api-relay-install-')), 'apt.log')
  say(`  Debian packages      installing ${packagesOf(missing).join(', ')}`)
  say(`                       what apt says is in ${log}`)
  await step(
    say,
    'Debian packages',
    () => installQuietly({ update, add, log }),
    () => 'installed',
  )
}

/**
 * Updates the lists and installs, with all that is said in the file `log`.
 * @throws CannotContinue with the end of it when the installation fails.
 */
export async function installQuietly(
  { update, add, log }: { update: string[]; add: string[]; log: string },
  patienceMs = 5_000,
): Promise<void> {
  const run = ([file = '', ...args]: string[]) => {
    const output = openSync(log, 'a', 0o600)
    const { status } = spawnSync(file, args, { stdio: ['ignore', output, output] })
    closeSync(output)
    return status === 0
  }
  // apt waits for a rival that installs, but not for one that updates its lists.
  for (let attempt = 1; !run(update) && attempt < updatesMax; attempt++) await delay(patienceMs)
  // Lists that could not be updated may still do; if not, this says what is wrong.
  if (run(add)) return
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20)
  throw new CannotContinue(`The packages could not be installed:\n${lines.join('\n')}`)
}

/** The commands that install what is missing. */
export function installCommands(missing: readonly ProgramName[], access: RootAccess): string[][] {
  const prefix = [...(access === 'root' ? [] : ['sudo', '-n']), 'env']
  const aptGet = [...prefix, 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q']
  // A fresh machine often runs its own upgrade just then: wait for it rather than fail.
  const patience = ['-o', 'DPkg::Lock::Timeout=300']
  return [
    [...aptGet, ...patience, 'update'],
    [...aptGet, ...patience, 'install', '-y', '--no-install-recommends', ...packagesOf(missing)],
  ]
}

function instructions(missing: readonly ProgramName[]): string {
  const packages = packagesOf(missing).join(' ')
  return [
    `This machine lacks ${missing.join(', ')}, and installing needs root. Please run:`,
    '',
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}`,
    '',
    'or set DATABASE_URL and REDIS_URL to servers you already have.',
  ].join('\n')
}

function packagesOf(missing: readonly ProgramName[]): string[] {
  return [...new Set(missing.map((name) => debianPackages[name].package))]
}

function missingOf(wanted: readonly ProgramName[]): ProgramName[] {
  return wanted.filter((name) => !isInstalled(name))
}

function isInstalled(name: ProgramName): boolean {
  return debianPackages[name].names.some(
    (candidate) => (findProgram(candidate) ?? findLibrary(candidate)) !== undefined,
  )
}

function rootAccess(): RootAccess {
  if (process.getuid?.() === 0) return 'root'
  const { status } = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  return status === 0 ? 'sudo' : 'none'
}
