import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'
import { MockAgent } from 'undici'
import { fromUrl } from './sources.ts'

/** An address that answers so, without a network. */
function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const agent = new MockAgent()
  agent.disableNetConnect()
  agent
    .get('https://lists.example')
    .intercept({ path: /.*/, method: 'GET' })
    .reply(status, body, { headers })
  return agent
}
const list = '{"acme": {"models": {}}}'

test('a list by its address is kept with where it came from, and no secret of it', async () => {
  const agent = answering(200, list)
  const { source, digest } = await fromUrl('https://lists.example/a/api.json?token=secret', agent)
  assert.equal(source, 'https://lists.example/a/api.json')
  assert.match(digest, /^[0-9a-f]{64}$/)
})

test('an address that answers something else than a list is refused', async () => {
  const wrong: [agent: MockAgent, why: RegExp][] = [
    [
      answering(302, '', { location: 'http://169.254.169.254/' }),
      /302; redirects are not followed/,
    ],
    [answering(404, 'gone'), /answers 404/],
    [answering(200, '<html>'), /no JSON: line 1, column 1/],
    [answering(200, list, { 'content-encoding': 'gzip' }), /compressed/],
    [answering(200, '\ufffd'.repeat(6_000_000)), /longer than 16 MiB/],
  ]
  for (const [agent, why] of wrong)
    await assert.rejects(fromUrl('https://lists.example/api.json', agent), why)
})

test('an address without TLS, or with a password in it, is not asked', async () => {
  for (const address of ['http://lists.example/', 'ftp://lists.example/', 'file:///etc/passwd'])
    await assert.rejects(fromUrl(address), /https:\/\//)
  await assert.rejects(fromUrl('https://me:secret@lists.example/'), /no password/)
})

test('what serves never loads the package of prices', async () => {
  const { metafile } = await build({
    entryPoints: ['server.ts', 'app/start/pages-thread.ts'],
    bundle: true,
    write: false,
    outdir: 'unused',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
    loader: { '.json': 'json' },
  })
  const inputs = Object.keys(metafile.inputs)
  assert.ok(inputs.length > 100)
  assert.deepEqual(
    inputs.filter((path) => path.startsWith('app/price-import/')),
    [],
  )
  const imports = Object.values(metafile.inputs).flatMap((it) => it.imports.map(({ path }) => path))
  assert.ok(!imports.some((path) => path.includes('genai-prices')))
  // The pages are built by Vite from routes, which stand above all of this.
  const routes = readdirSync('app/routes', { recursive: true, encoding: 'utf8' })
  const named = routes.filter(
    (path) =>
      /\.tsx?$/.test(path) &&
      readFileSync(join('app/routes', path), 'utf8').includes('price-import'),
  )
  assert.deepEqual(named, [])
})
