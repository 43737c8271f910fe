import { spawnSync } from 'node:child_process'

import { CannotContinue, type Announce } from './announce.ts'
import { findProgram } from './programs.ts'

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
  chromium: { package: 'chromium', names: ['chromium'] },
} as const

export type ProgramName = keyof typeof debianPackages

export const mariadbPrograms: ProgramName[] = [
  'mariadbd',
  'mariadb-install-db',
  'my_print_defaults',
]

/** How this user can act as root: at once, through a sudo that asks nothing, or not at all. */
export type RootAccess = 'root' | 'sudo' | 'none'

/**
 * Makes sure the programs are there, installing their Debian packages when that is possible
 * without asking anybody.
 * @throws CannotContinue with the command to run by hand otherwise.
 */
export function ensurePrograms(wanted: readonly ProgramName[], say: Announce): void {
  const missing = wanted.filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const commands = installCommands(missing, rootAccess())
  if (findProgram('apt-get') === undefined || rootAccess() === 'none') {
    throw new CannotContinue(instructions(missing))
  }
  for (const command of commands) {
    say(`+ ${command.join(' ')}`)
    const [file = '', ...args] = command
    // Standard output belongs to the command that called us and may be read by a program.
    const { status } = spawnSync(file, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new CannotContinue(`That failed (exit code ${status}).`)
  }
  const stillMissing = wanted.filter((name) => !isInstalled(name))
  if (stillMissing.length > 0) {
    throw new CannotContinue(`Still missing after that: ${stillMissing.join(', ')}.`)
  }
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

function isInstalled(name: ProgramName): boolean {
  return debianPackages[name].names.some((candidate) => findProgram(candidate) !== undefined)
}

function rootAccess(): RootAccess {
  if (process.getuid?.() === 0) return 'root'
  const { status } = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  return status === 0 ? 'sudo' : 'none'
}
