import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { CannotContinue, type Announce } from '../command/announce.ts'
import { childEnvironment } from '../command/environment.ts'
import { waitForLock } from './folder-lock.ts'
import { makePrivateFolder } from './private-files.ts'

const run = promisify(execFile)
const outputBytesMax = 64 * 1024 * 1024
/** A slow line, and a rival that fetches the same. */
const waitMsMax = 900_000

/** Programs of another Debian than this machine's, which nothing was installed for. */
export type ForeignPrograms = {
  /** The version of the package that was asked for. */
  version: string
  folder: string
  /** The program by which all of them are started, as a process shows it. */
  loaderName: string
  /** How a program below `folder` is started: by the loader that it was built for. */
  command(path: string, args: readonly string[]): { file: string; args: string[] }
}

/**
 * Fetches a package of a suite of Debian's archive, with all that it needs, and unpacks it into
 * `folder`. The machine itself is left as it is: apt is given lists and a state of its own, and
 * programs run with the loader and the libraries of their own suite. It takes no rights of root,
 * and what has been fetched stays.
 */
export async function fetchPrograms(
  wanted: { package: string; suite: string; folder: string },
  say: Announce,
): Promise<ForeignPrograms> {
  makePrivateFolder(dirname(wanted.folder))
  const lock = await waitForLock(`${wanted.folder}.lock`, 'fetching packages', waitMsMax)
  try {
    if (!existsSync(versionFile(wanted.folder))) {
      say(`  Debian packages      fetching ${wanted.package} of ${wanted.suite}`)
      await unpack(wanted)
    }
  } finally {
    lock.release()
  }
  return programsIn(wanted.folder)
}

const versionFile = (folder: string) => join(folder, 'fetched-version')

async function unpack(wanted: { package: string; suite: string; folder: string }): Promise<void> {
  const half = `${wanted.folder}.unfinished`
  const state = `${wanted.folder}.apt`
  rmSync(half, { recursive: true, force: true })
  rmSync(state, { recursive: true, force: true })
  for (const folder of ['lists/partial', 'archives/partial']) makePrivateFolder(join(state, folder))
  makePrivateFolder(half)
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const source = `deb [signed-by=${keyring}] ${archiveAddress()} ${wanted.suite} main\n`
  writeFileSync(join(state, 'sources.list'), source)
  // As if nothing were installed here, so that all it needs is fetched.
  writeFileSync(join(state, 'status'), '')
  await apt(state, ['update'])
  await apt(state, ['install', '--download-only', '--yes', wanted.package])
  const archives = readdirSync(join(state, 'archives')).filter((name) => name.endsWith('.deb'))
  for (const name of archives) await run('dpkg-deb', ['-x', join(state, 'archives', name), half])
  const own = archives.find((name) => name.startsWith(`${wanted.package}_`)) ?? ''
  // A name is PACKAGE_VERSION_ARCHITECTURE.deb, with a colon written as %3a.
  writeFileSync(versionFile(half), decodeURIComponent(own.split('_')[1] ?? 'unknown'))
  rmSync(wanted.folder, { recursive: true, force: true })
  renameSync(half, wanted.folder)
  rmSync(state, { recursive: true, force: true })
}

async function apt(state: string, words: string[]): Promise<void> {
  const options = [
    `Dir::State::lists=${join(state, 'lists')}`,
    `Dir::State::status=${join(state, 'status')}`,
    `Dir::Cache=${state}`,
    `Dir::Cache::archives=${join(state, 'archives')}`,
    `Dir::Etc::sourcelist=${join(state, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'APT::Install-Recommends=false',
    // Its own user may not enter our folders.
    `APT::Sandbox::User=${process.getuid?.() === 0 ? 'root' : ''}`,
  ].flatMap((option) => ['-o', option])
  try {
    await run('apt-get', [...options, '-q', ...words], {
      maxBuffer: outputBytesMax,
      env: childEnvironment({ LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }),
    })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const end = `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n')
    throw new CannotContinue(`The packages could not be fetched:\n${end || String(error)}`)
  }
}

/** Where this machine has Debian's packages from. */
function archiveAddress(): string {
  const folder = '/etc/apt/sources.list.d'
  const inFolder = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  const text = ['/etc/apt/sources.list', ...inFolder]
    .filter((path) => existsSync(path) && /\.(list|sources)$/.test(path))
    .map((path) => readFileSync(path, 'utf8').replace(/^\s*#.*$/gm, ''))
    .join('\n')
  const found = /\bhttps?:\/\/\S+\/debian\/?(?=\s|$)/.exec(text)?.[0]
  if (found === undefined) {
    throw new CannotContinue(
      'This machine has no packages of Debian: name servers in TEST_DATABASE_URL instead.',
    )
  }
  return found
}

function programsIn(folder: string): ForeignPrograms {
  const libraries = join(folder, 'usr/lib')
  const found = readdirSync(libraries)
    .filter((name) => name.includes('-linux-'))
    .flatMap((name) => readdirSync(join(libraries, name)).map((file) => join(name, file)))
    .find((path) => /^ld-linux[\w-]*\.so\.\d+$/.test(basename(path)))
  if (found === undefined) throw new CannotContinue(`${folder} has no loader; remove it`)
  const loader = join(libraries, found)
  return {
    version: readFileSync(versionFile(folder), 'utf8').trim(),
    folder,
    loaderName: basename(loader),
    command: (path, args) => ({
      file: loader,
      args: ['--library-path', dirname(loader), join(folder, path), ...args],
    }),
  }
}
