import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startDemoUpstream, operatorSecret, type DemoUpstream } from './demo-upstream.server.ts'
import { ask, askStream, lastServed } from '../../../test/raw-client.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())

type Expected = { status: number; type: string; code?: string | null; secret: boolean }
const json = 'application/json'
const html = 'text/html'
const refusals: Record<string, Expected> = {
  'status:429': { status: 429, type: json, code: 'rate_limit_exceeded', secret: true },
  'status:500': { status: 500, type: json, code: null, secret: true },
  'status:503': { status: 503, type: json, code: null, secret: true },
  'status:400': { status: 400, type: json, code: 'context_length_exceeded', secret: false },
  'status:404': { status: 404, type: json, code: 'model_not_found', secret: false },
  quota: { status: 429, type: json, code: 'insufficient_quota', secret: true },
  'json-error': { status: 200, type: json, code: null, secret: true },
  html: { status: 200, type: html, secret: true },
  'html-500': { status: 500, type: html, secret: true },
}

for (const [name, expected] of Object.entries(refusals)) {
  test(`[[${name}]] answers ${expected.status} and is no success`, async () => {
    for (const asking of [ask, askStream]) {
      const { status, headers, text } = await asking(upstream, { say: `[[slow:1]] [[${name}]]` })
      assert.equal(status, expected.status)
      assert.equal(headers['content-type'], expected.type)
      assert.equal(headers['retry-after'], status === 429 ? '7' : undefined)
      assert.equal(text.includes(operatorSecret), expected.secret)
      if (expected.type === json) assert.equal(JSON.parse(text).error.code, expected.code)
      const served = await lastServed(upstream)
      assert.equal(served.outcome, 'error')
      assert.equal(served.completionTokens, 0)
      assert.equal(served.deliveredTokens, 0)
    }
  })
}

test('[[redirect]] points somewhere else', async () => {
  const { status, headers } = await ask(upstream, { say: '[[redirect]]' })
  assert.equal(status, 302)
  assert.equal(headers.location, '/v1/models')
})
