import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, beforeEach, test } from 'node:test'

import { makeClone } from '../test/clone.ts'
import { childEnvironment } from './command/environment.ts'

const clone = makeClone({ hasPackages: false })
after(() => clone.remove())
beforeEach(() => rmSync(join(clone.path, 'node_modules'), { force: true }))

/** Runs the command line with an npm that does what these lines of a shell say. */
function withNpm(script: string, env: Record<string, string> = {}) {
  const folder = join(clone.path, 'bin')
  mkdirSync(folder, { recursive: true })
  const text = `#!/bin/sh\necho "noise of npm $*"\n${script}\n`
  writeFileSync(join(folder, 'npm'), text, { mode: 0o755 })
  const { PATH } = childEnvironment({})
  return clone.command(['relay', 'verify'], { PATH: `${folder}:${PATH}`, ...env })
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

test('an installation that fails says why', async () => {
  const cli = withNpm('echo "no such registry" >&2; exit 1')
  assert.equal(await cli.exitCode, 1)
  assert.match(cli.output(), /npm ci .* failed:\n(.*\n)*no such registry/)
})
