// The first thing `npm start`, `npm test` and the other commands run. It is plain JavaScript
// without dependencies, because on a fresh clone there are none yet: it installs them and hands
// over to dev/<verb>.ts.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
// Whole, because a Node that lacks a name of it has to be told that it is too old.
import util from 'node:util'

const verbs = ['start', 'dev', 'test', 'relay', 'check', 'sql-types', 'bench', 'screenshots']
/** What people run the relay with reads their `.env`; tests and the gate never do. */
const verbsWithEnvFile = ['start', 'dev', 'relay']
/** What needs the packages for development too. The others run on an operator's server as well. */
const verbsOfDevelopers = ['test', 'check', 'sql-types', 'bench', 'screenshots']
const nodeVersionMin = [20, 19]
const lookEveryMs = 250
const lockfile = 'package-lock.json'
const stamp = 'node_modules/.installed'
/** What npm itself writes once it has put everything in place. */
const installedList = 'node_modules/.package-lock.json'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const [verb = '', ...args] = process.argv.slice(2)
if (!verbs.includes(verb)) fail(`Usage: node dev/bootstrap.mjs <${verbs.join('|')}> [args]`)
checkNode()
if (verbsWithEnvFile.includes(verb)) loadEnvFile()
/** The kinds of installation that do, whatever NODE_ENV says, which a server's own shell may not. */
const kindsThatDo = verbsOfDevelopers.includes(verb) ? ['all'] : ['all', 'production']

/** @type {import('node:child_process').ChildProcess | undefined} */
let child
/** @type {NodeJS.Signals | undefined} */
let ending
// Ctrl-C reaches the child from the terminal as well; it takes signals in quick succession for one.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => pass(name))
// npm passes on two of them, and kill -9 tells nobody. Without npm nobody is looked for: whoever
// started this in the background may leave.
if (process.env.npm_lifecycle_event !== undefined) watchParent()

if (!isInstalled()) await install()
if (ending === undefined) {
  const program = ['--import', 'tsx', `dev/${verb}.ts`]
  const { code, signal } = await run(process.execPath, program.concat(args))
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

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [majorMin = 0, minorMin = 0] = nodeVersionMin
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return
  fail(
    `This needs Node ${nodeVersionMin.join('.')} or newer; ${process.execPath} is ${process.version}.`,
  )
}

/**
 * True when node_modules holds what the lockfile names and this verb needs. An installation made by
 * hand counts too: it has no stamp of ours, but npm's own list of what it put in place agrees with
 * the lockfile.
 */
function isInstalled() {
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
  const stamped = readStamp()
  if (stamped.hash === hash && kindsThatDo.includes(stamped.kind)) return true
  if (!existsSync(installedList)) return false
  const wanted = Object.entries(JSON.parse(readFileSync(lockfile, 'utf8')).packages)
  const present = JSON.parse(readFileSync(installedList, 'utf8')).packages
  // npm leaves out optional packages that are for other machines, and extraneous ones.
  const found = kindsThatDo.find((kind) =>
    wanted.every(([path, { version, dev, devOptional, optional, extraneous }]) => {
      if (kind === 'production' && (dev === true || devOptional === true)) return true
      if (path in present) return path === '' || present[path].version === version
      return path === '' || optional === true || extraneous === true
    }),
  )
  if (found !== undefined) writeFileSync(stamp, `${hash} ${found}`)
  return found !== undefined
}

/** Of which lockfile the packages are, and of which kind. */
function readStamp() {
  const [hash, kind] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : []
  return { hash, kind }
}

async function install() {
  // The lock is the kernel's and lies on the open file, which npm is handed too: it ends when both
  // are gone, however they ended. Whoever waited for it finds the packages installed and goes on.
  const handle = openSync(lockfile, 'r')
  spawnSync('flock', ['3'], { stdio: ['ignore', 'ignore', 'ignore', handle] })
  if (!isInstalled()) await runNpm(handle)
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
  // NODE_ENV decides about a first installation only; a later one is of the kind that is there.
  const { kind = process.env.NODE_ENV === 'production' ? 'production' : 'all' } = readStamp()
  // A list of npm's from before would make an installation that is cut short look complete.
  rmSync('node_modules', { recursive: true, force: true })
  const kinds = kind === 'production' && kindsThatDo.includes(kind) ? '--omit=dev' : '--include=dev'
  const npm = ['ci', kinds, '--ignore-scripts', '--no-audit', '--no-fund']
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
  if (!isInstalled()) fail('What npm installed is not what package-lock.json says.')
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
