import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'

import { CannotContinue } from '../command/announce.ts'
import { ensureBuild } from './build.ts'
import { copyFiles, listFiles } from './files.ts'
import {
  bundledPackages,
  copyPackages,
  licencesOf,
  readPackages,
  reducedLock,
  type Lock,
} from './production-packages.ts'

/** What a server needs beside its packages; what is not there yet is left out. */
const parts = ['build', 'sql', 'deploy', 'docs/operate.md']
const papers = ['README.md', 'CHANGELOG.md', 'LICENSE', '.env.example']
const sums = 'SHA256SUMS'

type Manifest = Record<string, unknown> & { version: string }

/**
 * Makes the folder that is copied to a server: the build, the statements, the packages of
 * production and the sums of all of it. The same commit makes the same files. It asks no registry:
 * the packages are those that are here. Answers where it is; with `to` that very folder, which must
 * not be there.
 */
export async function makeRelease(to?: string): Promise<string> {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
  const manifest = manifestOf(commitHere())
  const target = resolve(to ?? join('release', nameOf(manifest)))
  if (existsSync(target)) {
    throw new CannotContinue(`${target} is there already, and somebody may run from it.`)
  }
  await ensureBuild()
  mkdirSync(dirname(target), { recursive: true })
  // Under another name until it is whole, so that nobody copies half of one.
  const unfinished = mkdtempSync(join(dirname(target), '.making-'))
  try {
    fill(unfinished, manifest, lock)
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw error
  }
  return target
}

function fill(folder: string, manifest: Manifest, lock: Lock): void {
  for (const part of parts) copyFiles(part, join(folder, part), isForServers)
  for (const paper of papers) copyFiles(paper, join(folder, paper))
  const packages = readPackages(lock)
  const inPages = bundledPackages(lock, packages)
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf([...packages, ...inPages]))
  copyPackages(packages, folder)
  writeFileSync(join(folder, 'package.json'), jsonOf(manifest))
  writeFileSync(join(folder, 'package-lock.json'), jsonOf(reducedLock(lock, packages, manifest)))
  const lines = listFiles(folder).map((path) => {
    chmodSync(path, 0o644)
    const sum = createHash('sha256').update(readFileSync(path)).digest('hex')
    return `${sum}  ${relative(folder, path)}\n`
  })
  writeFileSync(join(folder, sums), lines.join(''))
  chmodSync(join(folder, sums), 0o644)
  // Whoever made it may have a umask that shuts others out, and others run it.
  chmodSync(folder, 0o755)
  for (const it of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (it.isDirectory()) chmodSync(join(it.parentPath, it.name), 0o755)
  }
  for (const path of listFiles(join(folder, 'deploy')).filter((it) => it.endsWith('.sh'))) {
    chmodSync(path, 0o755)
  }
}

/** Stamps and lists of tools begin with a dot. */
const isForServers = (path: string) => !basename(path).startsWith('.')

/** What package.json says of a server: it starts and is commanded, and that is all. */
function manifestOf(commit: string | undefined): Manifest {
  const { name, version, description, license, type, engines, dependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as Manifest
  const scripts = {
    start: 'exec node --enable-source-maps build/server.mjs',
    relay: 'exec node --enable-source-maps build/relay.mjs',
  }
  const said = { name, version, description, license, private: true, type, engines }
  return { ...said, gitHead: commit, scripts, dependencies }
}

function nameOf({ version, gitHead }: Manifest): string {
  const commit = typeof gitHead === 'string' ? `-${gitHead.replace(/^(.{12}).{28}/, '$1')}` : ''
  return `ai-api-relay-${version}${commit}`
}

/** The commit that this is, with a word behind it where files differ; undefined where nobody knows. */
function commitHere(): string | undefined {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' })
  const top = git('rev-parse', '--show-toplevel')
  if (top.status !== 0 || top.stdout.trim() !== process.cwd()) return undefined
  const commit = git('rev-parse', 'HEAD').stdout.trim()
  return git('status', '--porcelain').stdout === '' ? commit : `${commit}-changed`
}

const jsonOf = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`
