import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, beforeEach, test } from 'node:test'

import { makeClone } from '../test/clone.ts'
import { childEnvironment } from './command/environment.ts'

const clone = makeClone({ hasPackages: false })
after(() => clone.remove())
const packages = join(clone.path, 'node_modules')
beforeEach(() => rmSync(packages, { force: true, recursive: true }))

/** Runs the command line with an npm that does what these lines of a shell say. */
function withNpm(script: string, env: Record<string, string> = {}, args = ['relay', 'verify']) {
  const folder = join(clone.path, 'bin')
  mkdirSync(folder, { recursive: true })
  const text = `#!/bin/sh\necho "noise of npm $*"\n${script}\n`
  writeFileSync(join(folder, 'npm'), text, { mode: 0o755 })
  const { PATH } = childEnvironment({})
  return clone.command(args, { PATH: `${folder}:${PATH}`, ...env })
}

const puts = `ln -s '${resolve('node_modules')}' node_modules; echo "$*" > told`
const told = () => readFileSync(join(clone.path, 'told'), 'utf8')

test('packages are installed in a line, and what npm says goes into a file', async () => {
  const cli = withNpm(puts)
  assert.equal(await cli.exitCode, 5, cli.output())
  assert.match(told(), /^ci --include=dev --ignore-scripts /)
  assert.doesNotMatch(cli.output(), /noise/)
  const [, file = ''] = /what npm says is in (\S+)/.exec(cli.output()) ?? []
  assert.match(readFileSync(file, 'utf8'), /^noise of npm ci/)
  assert.deepEqual(JSON.parse(cli.standardOutput())[0], ['verify'])
})

test('in production no package is installed that only development needs', async () => {
  const cli = withNpm(puts, { NODE_ENV: 'production' })
  await cli.exitCode
  assert.match(told(), /^ci --omit=dev --ignore-scripts /)
})

/** The packages of a production server, as far as the command line sees: with a stamp of their kind. */
function putProduction(lockfile: string | Buffer) {
  mkdirSync(packages)
  for (const name of readdirSync('node_modules')) {
    if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(packages, name))
  }
  const hash = createHash('sha256').update(lockfile).digest('hex')
  writeFileSync(join(packages, '.installed'), `${hash} production`)
}

test('a server’s packages stay where a shell does not say that this is production', async () => {
  putProduction(readFileSync('package-lock.json'))
  const cli = withNpm('exit 1')
  assert.equal(await cli.exitCode, 5, cli.output())
  assert.ok(readdirSync(packages).includes('tsx'))
  assert.doesNotMatch(cli.output(), /npm packages/)
})

test('packages that only development needs do not count where a server has no stamp', async () => {
  putProduction('')
  type Listed = Record<string, { dev?: boolean; devOptional?: boolean; version?: string }>
  const { packages: all } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Listed
  }
  const kept = Object.entries(all).filter(([, { dev, devOptional }]) => !dev && !devOptional)
  const list = {
    packages: { ...Object.fromEntries(kept), 'node_modules/ai': { version: '0.0.1' } },
  }
  writeFileSync(join(packages, '.package-lock.json'), JSON.stringify(list))
  const cli = withNpm('exit 1')
  assert.equal(await cli.exitCode, 5, cli.output())
  assert.match(readFileSync(join(packages, '.installed'), 'utf8'), /^[0-9a-f]{64} production$/)
})

test('a later installation is of the kind that is there, but for what developers run', async () => {
  putProduction('an older one')
  await withNpm(puts).exitCode
  assert.match(told(), /^ci --omit=dev --ignore-scripts /)
  rmSync(packages)
  putProduction(readFileSync('package-lock.json'))
  clone.write('dev/check.ts', '')
  const check = withNpm(puts, { NODE_ENV: 'production' }, ['check'])
  assert.equal(await check.exitCode, 0, check.output())
  assert.match(told(), /^ci --include=dev --ignore-scripts /)
})

test('an installation that fails says why', async () => {
  const cli = withNpm('echo "no such registry" >&2; exit 1')
  assert.equal(await cli.exitCode, 1)
  assert.match(cli.output(), /npm ci .* failed:\n(.*\n)*no such registry/)
})
