import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { childEnvironment } from '../../dev/command/environment.ts'
import { makeCertificate, type Certificate } from '../../dev/servers/certificate.ts'
import { ensurePrograms } from '../../dev/servers/packages.ts'
import { freePort, spawnOwned } from '../../dev/servers/processes.ts'
import { startRedis, type Redis } from '../../dev/servers/redis.ts'
import { present } from '../../test/present.ts'

const folder = mkdtempSync(join(tmpdir(), 'tls '))
let server: Redis
let tls: Certificate
let url: string

before(async () => {
  await ensurePrograms(['openssl', 'redis-server'], () => undefined)
  tls = makeCertificate(folder)
  const port = await freePort()
  server = await startRedis({
    dir: join(folder, 'redis'),
    lines: [
      `tls-port ${port}`,
      `tls-cert-file "${tls.certificate}"`,
      `tls-key-file "${tls.key}"`,
      'tls-auth-clients no',
    ],
  })
  url = Object.assign(new URL(server.url), { protocol: 'rediss:', host: `localhost:${port}` }).href
})
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Whether Redis is heard, and why not: Node reads whom it trusts when it starts. */
async function tried(trusted: string | undefined): Promise<unknown> {
  const program = `
    import { createRedis } from './app/redis/redis.server.ts'
    const why = []
    const warn = (_, { code }) => why.push(code)
    const redis = createRedis(${JSON.stringify(url)}, 'n', { warn, info() {}, failed() {} })
    const isThere = await redis.ping()
    redis.close()
    console.log(JSON.stringify([isThere, ...why]))`
  const words = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const env = childEnvironment({ NODE_EXTRA_CA_CERTS: trusted })
  const child = spawnOwned(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await text(present(child.stdout))
  return JSON.parse(said)
}

test('Redis by TLS is heard where its certificate is trusted, and nowhere else', async () => {
  const heard = await Promise.all([tried(tls.certificate), tried(undefined)])
  assert.deepEqual(heard, [[true], [false, 'DEPTH_ZERO_SELF_SIGNED_CERT']])
})
