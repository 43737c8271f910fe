import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

import { CannotContinue } from '../command/announce.ts'
import { readBundled } from './bundled-packages.ts'
import { copyFiles } from './files.ts'

type Locked = { version?: string; dev?: boolean; devOptional?: boolean; optional?: boolean }
/** A lockfile of npm's: what lies where below node_modules, by its path. */
export type Lock = { packages: Record<string, Locked> }

type Package = Locked & { path: string }

/** The packages that a server runs with. */
export function readPackages({ packages }: Lock): Package[] {
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, locked]) => ({ path, ...locked }))
    .filter(({ path, optional }) => !optional || existsSync(path))
}

/** Those of other packages whose code is in the build, by their paths. */
export function bundledPackages({ packages: all }: Lock, kept: Package[]): Package[] {
  const own = new Set(kept.map(({ path }) => path))
  return readBundled()
    .filter((path) => !own.has(path))
    .map((path) => ({ path, ...all[path] }))
}

/** The lockfile without what only development needs, so that npm, if it is asked, agrees. */
export function reducedLock(
  { packages: _all, ...lock }: Lock,
  packages: Package[],
  manifest: Record<string, unknown>,
) {
  const { name, version, license, engines, dependencies } = manifest
  const kept = packages.map(({ path, ...locked }) => [path, locked] as const)
  const root = { name, version, license, dependencies, engines }
  return { ...lock, packages: { '': root, ...Object.fromEntries(kept) } }
}

/** Copies the packages as they are installed here. */
export function copyPackages(packages: Package[], folder: string): void {
  for (const { path: top } of packages) {
    const own = (path: string) => path === top || basename(path) !== 'node_modules'
    copyFiles(top, join(folder, top), own)
  }
}

/**
 * The text of the packages' licences.
 * @throws CannotContinue where one is not what the lockfile says.
 */
export const licencesOf = (packages: Package[]): string =>
  packages.map(licenceOf).join(`\n${'-'.repeat(72)}\n\n`)

function licenceOf({ path, version }: Package): string {
  const { name, version: found, license = 'see below' } = manifestOf(path)
  if (found !== version) {
    throw new CannotContinue(`${path} is ${found}, and the lockfile says ${version}: npm ci.`)
  }
  const texts = readdirSync(path)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(path, file), 'utf8').trim())
  return [`${name} ${found}: ${JSON.stringify(license)}`, ...texts, ''].join('\n\n')
}

function manifestOf(path: string) {
  const text = readFileSync(join(path, 'package.json'), 'utf8')
  return JSON.parse(text) as { name: string; version: string; license?: unknown }
}
