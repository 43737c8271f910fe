import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { AbortEmitter } from '../http/http.server.ts'
import { createUpstream } from './upstream.ts'

let seen: IncomingHttpHeaders = {}
const server = createServer((request, response) => {
  seen = request.headers
  request.resume().once('end', () => response.end('{}'))
})
const port = await listen(server)
after(() => closeServer(server))

const own = { name: 'own', allowedMembers: new Set<string>() }

async function headersWith(apiKey: string | undefined) {
  const baseUrl = `http://127.0.0.1:${port}/v1`
  const upstream = createUpstream({ ...own, baseUrl, apiKey })
  const signal = new AbortEmitter()
  const call = {
    path: 'chat/completions',
    body: [Buffer.from('{}')],
    streamed: false,
    headers: {},
    signal,
  }
  const { body } = await upstream.send(call)
  await text(body)
  await upstream.close()
  return seen
}

test('an upstream without a key is sent no authorization', async () => {
  assert.equal((await headersWith('sk-ours')).authorization, 'Bearer sk-ours')
  assert.equal('authorization' in (await headersWith(undefined)), false)
})
