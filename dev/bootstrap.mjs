// The first thing `npm start`, `npm test` and the other commands run. It is plain JavaScript
// without dependencies, because on a fresh clone there are none yet: it installs them and hands
// over to dev/<verb>.ts. In production it hands over to what is built, and changes nothing: not a
// package, not a file.

import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
// Whole, because a Node that lacks a name of it has to be told that it is too old.
import util from 'node:util'

const verbs = [
  'start',
  'dev',
  'test',
  'relay',
  'check',
  'sql-types',
  'texts',
  'bench',
  'screenshots',
  'build',
  'release',
]
/** What people run the relay with reads their `.env`; tests and the gate never do. */
const verbsWithEnvFile = ['start', 'dev', 'relay']
/** What an operator runs, by the program that the build has made of it. */
const built = {
  start: ['--enable-source-maps', 'build/server.mjs'],
  relay: ['--enable-source-maps', 'build/relay.mjs'],
}
/** How a folder comes to serve: what is built is all that it needs. */
const toBuild = 'npm ci --include=dev && npm run build && npm prune --omit=dev'
const lookEveryMs = 250
const lockfile = 'package-lock.json'
/** What npm writes once it has put everything in place, and only then. */
const installedList = 'node_modules/.package-lock.json'
/** Is there while we install: what it left half done is ours to take away. */
const halfDone = '.installing'
/** Has the kernel end the child of a parent that is killed. */
const setpriv = '/usr/bin/setpriv'
/** What has packages of this folder open. The commands are dev/<verb>.ts, started from here. */
const programs =
  /^(.*\/)?(build\/(server|relay)\.mjs|server\.ts|app\/cli\/main\.ts|dev\/[\w-]+\.ts)$/

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const [verb = '', ...args] = process.argv.slice(2)
if (!verbs.includes(verb)) fail(`Usage: node dev/bootstrap.mjs <${verbs.join('|')}> [args]`)
checkNode()
if (verbsWithEnvFile.includes(verb)) loadEnvFile()

/** @type {import('node:child_process').ChildProcess | undefined} */
let child
/** @type {NodeJS.Signals | undefined} */
let ending
// Ctrl-C reaches the child from the terminal as well; it takes signals in quick succession for one.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => pass(name))
// npm passes on two of them, and kill -9 tells nobody. Without npm nobody is looked for: whoever
// started this in the background may leave.
if (process.env.npm_lifecycle_event !== undefined) watchParent()

const isServing = isProduction()
const program = isServing ? findBuilt() : ['--import', 'tsx', `dev/${verb}.ts`]
if (!isServing && !hasAll()) await install()
if (ending === undefined) {
  const { code, signal } = await runProgram(program.concat(args))
  process.exitCode = signal === null ? code : 128 + constants.signals[signal]
} else process.exitCode = 128 + constants.signals[ending]

/** A process whose parent is gone, however it ended, is given another one. */
function watchParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    if (ending === undefined) pass('SIGTERM')
  }, lookEveryMs)
  timer.unref()
}

/** @param {NodeJS.Signals} name */
function pass(name) {
  ending = name
  child?.kill(name)
}

/** @param {string[]} words */
function runProgram(words) {
  // The commands look after their parent themselves, what is built does not.
  if (!isServing || !existsSync(setpriv)) return run(process.execPath, words)
  return run(setpriv, ['--pdeathsig', 'TERM', '--', process.execPath, ...words])
}

/**
 * Runs a child that gets the signals which we get.
 * @param {string} file
 * @param {string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @returns {Promise<{ code: number, signal: null } | { code: null, signal: NodeJS.Signals }>}
 */
function run(file, args, stdio = 'inherit') {
  return new Promise((resolve) => {
    child = spawn(file, args, { stdio, env: { ...process.env, BOOTSTRAP_PID: `${process.pid}` } })
    child.once('error', (error) => fail(`${file} could not be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

/** What the environment says wins over the file; an empty variable is one that was left blank. */
function loadEnvFile() {
  if (process.env.NODE_ENV === 'test' || !existsSync('.env')) return
  try {
    const said = Object.entries(util.parseEnv(readFileSync('.env', 'utf8')))
    for (const [name, value] of said) process.env[name] ||= value
  } catch (error) {
    fail(`.env: cannot be read (${error.code})`)
  }
}

/** What package.json says of Node, which is a list of versions and what is newer of the same major. */
function checkNode() {
  const range = JSON.parse(readFileSync('package.json', 'utf8')).engines.node
  const numbersOf = (version) => version.trim().replace(/^\^/, '').split('.').map(Number)
  const [major, minor = 0] = numbersOf(process.versions.node)
  const isIn = range.split('||').some((least) => {
    const [majorMeant, minorLeast = 0] = numbersOf(least)
    return major === majorMeant && minor >= minorLeast
  })
  if (!isIn) fail(`This needs Node ${range}; ${process.execPath} is ${process.version}.`)
}

/**
 * Whether this folder serves. The packages say so as well as NODE_ENV does: a shell need not have
 * it where a server's own environment does.
 */
function isProduction() {
  return (verb in built && process.env.NODE_ENV === 'production') || hasOnlyProduction()
}

/** The program for a folder that serves. @returns {string[]} */
function findBuilt() {
  const program = built[verb]
  if (program === undefined) {
    fail(
      `This folder has the packages of a server alone, and they stay as they are. ` +
        `npm run ${verb} needs a checkout of its own, where npm ci --include=dev puts the others.`,
    )
  }
  const [, file = ''] = program
  if (existsSync(file)) return program
  return fail(
    `${file} is not there. In production nothing is installed or built by the way: \n  ${toBuild}`,
  )
}

function readInstalled() {
  if (!existsSync(installedList)) return undefined
  return JSON.parse(readFileSync(installedList, 'utf8')).packages
}

/** True after `npm prune --omit=dev` and `npm ci --omit=dev`, of whatever lockfile. */
function hasOnlyProduction() {
  const present = readInstalled()
  return present !== undefined && !Object.values(present).some(({ dev }) => dev === true)
}

/**
 * True when node_modules holds what the lockfile names, whoever has installed it. npm leaves out
 * optional packages that are for other machines, and extraneous ones.
 */
function hasAll() {
  const present = readInstalled()
  if (present === undefined) return false
  const wanted = Object.entries(JSON.parse(readFileSync(lockfile, 'utf8')).packages)
  return wanted.every(([path, { version, optional, extraneous }]) => {
    if (path in present) return path === '' || present[path].version === version
    return path === '' || optional === true || extraneous === true
  })
}

/**
 * The programs of this folder that run: their packages stay where they are. Of somebody else's
 * process nobody may know the folder; it is then taken for ours, which harms nothing.
 */
function findRunning() {
  if (!existsSync('/proc/self/cmdline')) return []
  const here = readlinkSync('/proc/self/cwd')
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words.some((word) => programs.test(word)) && folderOf(pid, here) === here
    } catch (error) {
      // It has ended meanwhile.
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return false
      throw error
    }
  })
}

/** @param {string} pid @param {string} otherwise */
function folderOf(pid, otherwise) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (error) {
    if (error.code === 'EACCES') return otherwise
    throw error
  }
}

/** Packages that somebody runs with, or that came about in another way, are left alone. */
function mindPackages() {
  const running = findRunning()
  if (running.length > 0) {
    fail(
      `The packages are not those of ${lockfile}, and process ${running.join(', ')} of this folder ` +
        'runs with them. Stop it first, or work in a checkout of its own.',
    )
  }
  if (existsSync(installedList) || existsSync(halfDone)) return
  fail(
    'node_modules is not what npm puts there, or not all of it, so it stays as it is. ' +
      'Take it away if nothing needs it: rm -r node_modules',
  )
}

async function install() {
  // The lock is the kernel's and lies on the open file, which npm is handed too: it ends when both
  // are gone, however they ended. Whoever waited for it finds the packages installed and goes on.
  const handle = openSync(lockfile, 'r')
  spawnSync('flock', ['3'], { stdio: ['ignore', 'ignore', 'ignore', handle] })
  if (!hasAll()) await runNpm(handle)
  closeSync(handle)
}

/**
 * Installs exactly what the lockfile says into an empty node_modules. The lockfile names the
 * optional packages of every platform, or `npm ci` would refuse it elsewhere; it names no registry,
 * so that packages come from wherever this machine gets them. What npm says goes into a file, and
 * is shown only when it fails.
 * @param {number} handle
 */
async function runNpm(handle) {
  if (existsSync('node_modules')) mindPackages()
  writeFileSync(halfDone, '')
  // A list of npm's from before would make an installation that is cut short look complete.
  rmSync('node_modules', { recursive: true, force: true })
  const npm = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']
  const log = join(mkdtempSync(join(tmpdir(), 'ai-api-relay-install-')), 'npm.log')
  const output = openSync(log, 'w')
  const startedAt = performance.now()
  // Standard output belongs to the command itself: `npm run relay` is read by programs.
  console.error(`  npm packages         installing; what npm says is in ${log}`)
  const { code } = await run('npm', npm, ['ignore', output, output, handle])
  closeSync(output)
  if (ending !== undefined) return
  if (code !== 0) {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
    fail(`npm ${npm.join(' ')} failed:\n${lines.slice(-20).join('\n')}`)
  }
  if (!hasAll()) fail('What npm installed is not what package-lock.json says.')
  rmSync(halfDone)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.error(`  npm packages         ${'installed'.padEnd(28)} ${seconds} s`)
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message)
  process.exit(1)
}
