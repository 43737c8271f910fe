import assert from 'node:assert/strict'
import { test } from 'node:test'

import { installCommands } from './packages.ts'

const missing = ['mariadbd', 'mariadb-install-db', 'my_print_defaults', 'redis-server'] as const

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
