// The first thing `npm start`, `npm test` and the other commands run. It is plain JavaScript
// without dependencies, because on a fresh clone there are none yet: it installs them and hands
// over to dev/<verb>.ts.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const verbs = ['start', 'dev', 'test', 'relay', 'check', 'sql-types', 'bench', 'screenshots']
const nodeVersionMin = [20, 19]
const lockfile = 'package-lock.json'
const stamp = 'node_modules/.installed'
/** What npm itself writes once it has put everything in place. */
const installedList = 'node_modules/.package-lock.json'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const [verb = '', ...args] = process.argv.slice(2)
if (!verbs.includes(verb)) fail(`Usage: node dev/bootstrap.mjs <${verbs.join('|')}> [args]`)
checkNode()
if (!isInstalled()) install()
handOver()

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [majorMin = 0, minorMin = 0] = nodeVersionMin
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return
  fail(
    `This needs Node ${nodeVersionMin.join('.')} or newer; ${process.execPath} is ${process.version}.`,
  )
}

/**
 * True when node_modules holds what the lockfile names. An installation made by hand counts too:
 * it has no stamp of ours, but npm's own list of what it put in place agrees with the lockfile.
 */
function isInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash()) return true
  if (!existsSync(installedList)) return false
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages
  const present = JSON.parse(readFileSync(installedList, 'utf8')).packages
  // npm leaves out optional packages that are for other machines, and extraneous ones.
  const agrees = Object.entries(wanted).every(([path, { version, optional, extraneous }]) => {
    if (path in present) return path === '' || present[path].version === version
    return path === '' || optional === true || extraneous === true
  })
  if (agrees) writeFileSync(stamp, lockfileHash())
  return agrees
}

function install() {
  // The lock is the kernel's and lies on the open file, which npm is handed too: it ends when both
  // are gone, however they ended. Whoever waited for it finds the packages installed and goes on.
  const handle = openSync(lockfile, 'r')
  spawnSync('flock', ['3'], { stdio: ['ignore', 'ignore', 'ignore', handle] })
  if (!isInstalled()) runNpm(handle)
  closeSync(handle)
}

/**
 * Installs exactly what the lockfile says into an empty node_modules. The lockfile names the
 * optional packages of every platform, or `npm ci` would refuse it elsewhere; it names no registry,
 * so that packages come from wherever this machine gets them.
 * @param {number} handle
 */
function runNpm(handle) {
  // A list of npm's from before would make an installation that is cut short look complete.
  rmSync('node_modules', { recursive: true, force: true })
  // The build and these commands need the development packages whatever NODE_ENV says.
  const npm = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']
  console.error(`+ npm ${npm.join(' ')}`)
  // Standard output belongs to the command itself: `npm run relay` is read by programs.
  const { status, error } = spawnSync('npm', npm, { stdio: ['ignore', 2, 2, handle] })
  if (error) fail(`npm could not be started: ${error.message}`)
  if (status !== 0) fail('npm ci failed; the reason is above.')
  if (!isInstalled()) fail('What npm installed is not what package-lock.json says.')
}

function lockfileHash() {
  return createHash('sha256').update(readFileSync(lockfile)).digest('hex')
}

function handOver() {
  const child = spawn(process.execPath, ['--import', 'tsx', `dev/${verb}.ts`, ...args], {
    stdio: 'inherit',
  })
  // Ctrl-C reaches the child from the terminal as well; it takes signals in quick succession
  // for one.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  child.once('error', (error) => fail(error.message))
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal]
  })
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message)
  process.exit(1)
}
