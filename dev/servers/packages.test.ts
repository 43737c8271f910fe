import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { installCommands, installQuietly } from './packages.ts'

const missing = [
  'mariadbd',
  'mariadb-install-db',
  'my_print_defaults',
  'redis-server',
  'galera',
  'mariadb',
] as const

test('only packages without a system service are installed, and each once', () => {
  const [update, install] = installCommands(missing, 'root')
  assert.equal(update?.at(-1), 'update')
  assert.deepEqual(install?.slice(install.indexOf('install')), [
    'install',
    '-y',
    '--no-install-recommends',
    'mariadb-server-core',
    'mariadb-client-core',
    'redis-tools',
    'galera-4',
  ])
})

test('sudo is used only by those who are not root, and never asks', () => {
  const begin = (access: 'root' | 'sudo') =>
    installCommands(['chromium'], access).map((command) => command.slice(0, 2))
  assert.deepEqual(begin('sudo'), [
    ['sudo', '-n'],
    ['sudo', '-n'],
  ])
  assert.deepEqual(
    begin('root').map(([first]) => first),
    ['env', 'env'],
  )
})

test('what apt says goes into a file, and is shown when it fails', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'packages-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'apt.log')
  const saying = (words: string, status: number) => ['sh', '-c', `echo ${words}; exit ${status}`]
  const fails = saying('lists', 1)
  await installQuietly({ update: fails, add: saying('done', 0), log }, 0)
  const times = readFileSync(log, 'utf8').match(/lists/g)?.length ?? 0
  assert.ok(times > 1, 'lists that are being updated by somebody else are tried again')
  assert.match(readFileSync(log, 'utf8'), /done/)
  await assert.rejects(installQuietly({ update: saying('ok', 0), add: saying('why', 100), log }), {
    name: 'CannotContinue',
    message: /could not be installed:[^]*why$/,
  })
})
