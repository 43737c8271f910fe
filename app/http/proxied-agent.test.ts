import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { startConnectProxy, type ConnectProxy } from '../../dev/fakes/connect-proxy.ts'
import { proxiedAgent } from './proxied-agent.ts'

/** It reads its requests, and never answers. */
const silent = createServer((req) => void req.resume())
let proxy: ConnectProxy

before(async () => {
  proxy = await startConnectProxy({ 'silent.example:80': await listen(silent) })
})
after(async () => {
  await proxy.close()
  await closeServer(silent)
})

test('what bounds a straight connection bounds one to the proxy as well', async () => {
  const agent = proxiedAgent({ http: proxy.url, https: '', exempt: '' }, { headersTimeout: 1 })
  const asked = agent.request({ origin: 'http://silent.example', path: '/', method: 'GET' })
  await assert.rejects(asked, { code: 'UND_ERR_HEADERS_TIMEOUT' })
  assert.equal(proxy.asked.length, 1)
  await agent.destroy()
})
