import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'

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

test('in production nothing is installed, and what is to be done is said', async () => {
  for (const verb of ['relay', 'start']) {
    const cli = withNpm(puts, { NODE_ENV: 'production' }, [verb])
    assert.equal(await cli.exitCode, 1)
    assert.match(cli.output(), /npm ci --include=dev && npm run build && npm prune --omit=dev/)
    assert.equal(existsSync(packages), false)
  }
})

type Listed = Record<string, { dev?: boolean; version?: string }>

/** The packages of a folder, as far as the commands see: their list, and one of them. */
function putPackages(kind: 'all' | 'production', changes: Listed = {}) {
  const { packages: all } = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')) as {
    packages: Listed
  }
  const kept = Object.entries(all).filter(([, { dev }]) => kind === 'all' || !dev)
  mkdirSync(join(packages, 'zod'), { recursive: true })
  const list = { packages: { ...Object.fromEntries(kept), ...changes } }
  writeFileSync(join(packages, '.package-lock.json'), JSON.stringify(list))
}

const older = { 'node_modules/zod': { version: '0.0.1' } }
const isUntouched = () => existsSync(join(packages, 'zod'))

describe('a folder that serves', () => {
  const relay = 'console.log(`built: ${process.argv.slice(2)}`); process.exit(6)'
  before(() => clone.write('build/relay.mjs', relay))

  for (const [how, put, env] of [
    ['packages for production', () => putPackages('production'), {}],
    ['packages of another lockfile', () => putPackages('production', older), {}],
    ['all packages and NODE_ENV', () => putPackages('all', older), { NODE_ENV: 'production' }],
  ] as const) {
    test(`runs what is built, and changes nothing: ${how}`, async () => {
      put()
      const cli = withNpm('rm -rf node_modules', env)
      assert.equal(await cli.exitCode, 6, cli.output())
      assert.equal(cli.output(), 'built: verify\n')
      assert.ok(isUntouched())
    })
  }

  test('keeps its packages also from the commands of developers', async () => {
    putPackages('production', older)
    for (const verb of ['test', 'check', 'dev', 'build', 'release', 'bench']) {
      const command = withNpm('rm -rf node_modules', {}, [verb])
      assert.equal(await command.exitCode, 1)
      assert.match(command.output(), /the packages of a server alone, and they stay as they are/)
      assert.ok(isUntouched())
    }
  })
})

test('packages stay under whatever runs with them, and are changed when it has ended', async () => {
  putPackages('all', older)
  clone.write('build/server.mjs', 'console.log("up"); setInterval(() => undefined, 1e6)')
  const relay = clone.program('build/server.mjs')
  await relay.says('up')
  for (const verb of ['relay', 'test', 'check']) {
    const cli = withNpm(puts, {}, [verb])
    assert.equal(await cli.exitCode, 1)
    assert.match(
      cli.output(),
      new RegExp(`process ${relay.child.pid} of this folder runs with them`),
    )
    assert.ok(isUntouched())
  }
  relay.child.kill()
  await relay.exitCode
  const cli = withNpm(puts)
  assert.equal(await cli.exitCode, 5, cli.output())
})

test('packages that npm did not put there are left alone, half an installation is not', async () => {
  mkdirSync(join(packages, 'zod'), { recursive: true })
  const cli = withNpm(puts)
  assert.equal(await cli.exitCode, 1)
  assert.match(cli.output(), /node_modules is not what npm puts there/)
  assert.ok(isUntouched())
  rmSync(packages, { recursive: true })
  const cut = withNpm('mkdir -p node_modules/zod; exit 1')
  assert.equal(await cut.exitCode, 1)
  const again = withNpm(puts)
  assert.equal(await again.exitCode, 5, again.output())
  assert.equal(existsSync(join(clone.path, '.installing')), false)
})

test('an installation that fails says why', async () => {
  const cli = withNpm('echo "no such registry" >&2; exit 1')
  assert.equal(await cli.exitCode, 1)
  assert.match(cli.output(), /npm ci .* failed:\n(.*\n)*no such registry/)
})
