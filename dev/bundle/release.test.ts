import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { testDatabase, testRedisUrl } from '../../test/database.ts'
import { startDemoUpstream } from '../fakes/upstream/demo-upstream.server.ts'
import { freePort, spawnOwned, untilItAnswers } from '../servers/processes.ts'
import { makeRelease } from './release.ts'

const parent = mkdtempSync(join(tmpdir(), 'a release '))
const folder = join(parent, 'ai-api-relay')
let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startDemoUpstream>>
before(async () => {
  chmodSync(parent, 0o755)
  database = await testDatabase()
  upstream = await startDemoUpstream({ pace: { firstByteMs: 0, eventMs: 1 } })
  // Whoever keeps their files to themselves makes a release that others run all the same.
  const umask = process.umask(0o077)
  await makeRelease(folder).finally(() => process.umask(umask))
})
after(async () => {
  await upstream.close()
  await database.drop()
  rmSync(parent, { recursive: true })
})

/** Node as somebody without rights, where we have some to give up. */
function asNobody(args: string[]): [file: string, args: string[]] {
  if (process.getuid?.() !== 0) return [process.execPath, args]
  const lesser = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--pdeathsig', 'TERM']
  return ['setpriv', [...lesser, '--', process.execPath, ...args]]
}

/** All that the machine has: no compiler, no npm, no setting but these. */
const environment = (port: number): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: '/usr/bin:/bin',
  PORT: String(port),
  APP_URL: 'https://relay.example',
  DATABASE_URL: database.url,
  REDIS_URL: testRedisUrl(),
  OPENAI_API_KEY: upstream.apiKey,
  OPENAI_BASE_URL: upstream.url,
  SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
})

test('a release has what a server needs, and nothing of development', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  assert.deepEqual(readdirSync(folder).sort(), [
    '.env.example',
    'CHANGELOG.md',
    'LICENSE',
    'LICENSES.txt',
    'README.md',
    'SHA256SUMS',
    'build',
    'deploy',
    ...(names.includes('docs') ? ['docs'] : []),
    'node_modules',
    'package-lock.json',
    'package.json',
    'sql',
  ])
  const { scripts, dependencies, ...manifest } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { scripts: Record<string, string>; dependencies: object; devDependencies?: object }
  assert.deepEqual(
    [Object.keys(scripts), manifest.devDependencies],
    [['start', 'relay'], undefined],
  )
  for (const name of ['tsx', 'vite', 'esbuild', 'playwright', 'typescript']) {
    assert.ok(!names.includes(`node_modules/${name}`), name)
  }
  for (const name of Object.keys(dependencies)) {
    assert.ok(names.includes(`node_modules/${name}/package.json`), name)
  }
  const ours = names.filter((name) => !name.startsWith('node_modules/'))
  assert.deepEqual(
    ours.filter((name) => /\.(ts|tsx|test\.\w+)$|^\.env$|\.data|\.stamp/.test(name)),
    [],
  )
})

test('it has the licences of its packages, and of those whose code is in its pages', () => {
  const licences = readFileSync(join(folder, 'LICENSES.txt'), 'utf8')
  for (const name of ['mysql2', '@lingui/core', '@lingui/react']) {
    assert.match(licences, new RegExp(`^${name} \\S+: "MIT"`, 'm'))
  }
})

test('all of it can be read by whoever runs it', () => {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
  const shut = all.filter((it) => {
    const needed = it.isDirectory() ? 0o005 : 0o004
    return (statSync(join(it.parentPath, it.name)).mode & needed) !== needed
  })
  assert.deepEqual(shut, [])
})

test('its sums are those of every file', () => {
  const { status, stdout } = spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout)
  const summed = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  assert.equal(summed.length, files.filter((it) => it.isFile()).length - 1)
})

test('a folder that is there is never replaced', async () => {
  await assert.rejects(makeRelease(folder), { message: /is there already/ })
  assert.deepEqual(readdirSync(parent), ['ai-api-relay'])
})

test('a folder that is there is refused before anything is built', async (t) => {
  const source = process.cwd()
  const bare = mkdtempSync(join(tmpdir(), 'nothing to build '))
  t.after(() => {
    process.chdir(source)
    rmSync(bare, { recursive: true })
  })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(name, join(bare, name))
  process.chdir(bare)
  await assert.rejects(makeRelease(folder), { message: /is there already/ })
})

test('it serves and is commanded by somebody without rights, from any folder', async (t) => {
  const port = await freePort()
  const env = environment(port)
  const run = (...args: string[]) => {
    const [file, rest] = asNobody([join(folder, 'build/relay.mjs'), ...args, '--json'])
    const { status, stdout, stderr } = spawnSync(file, rest, { cwd: '/', env, encoding: 'utf8' })
    assert.equal(status, 0, stdout + stderr)
    return JSON.parse(stdout)
  }
  const [file, args] = asNobody(['--enable-source-maps', join(folder, 'build/server.mjs')])
  const server = spawnOwned(file, args, { cwd: '/', env, stdio: 'ignore' })
  t.after(() => server.stop(60_000))
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    )
  await untilItAnswers('The release', 60_000, isReady, server)
  const helped = spawnSync(process.execPath, [join(folder, 'build/relay.mjs'), 'help'], {
    env,
    encoding: 'utf8',
  })
  assert.match(helped.stdout, /^Usage: relay <verb>/)
  const { id } = run('account', 'create', '--name', 'Ann')
  run('grant', String(id), '5')
  const { secret } = run('key', 'create', '--account', String(id), '--name', 'ci')
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  })
  assert.equal(answer.status, 200, await answer.text())
  const page = await fetch(`${url}/login`, { headers: { host: 'relay.example' } })
  assert.equal(page.status, 200)
  const [, asset = ''] = /(?:src|href)="(\/assets\/[^"]+)"/.exec(await page.text()) ?? []
  assert.equal((await fetch(url + asset)).status, 200, asset)
  assert.equal(run('verify').clean, true)
  assert.equal(run('calls', '--limit', '1').calls.length, 1)
  assert.deepEqual(await server.stop(60_000), { code: 0, signal: null })
})
