import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageDescriptor } from '@lingui/core'
import type { LoaderFunctionArgs } from '@remix-run/node'
import { NoLongerAllowed } from '../account-log/account-log.server.ts'
import { createLog } from '../telemetry/log.ts'
import { inEnglish } from '../values/language/msg.ts'
import { page } from './page.ts'

test('failures of a page are a line a second, which has nothing of its address', async () => {
  const lines: string[] = []
  const log = createLog('info', (line) => void lines.push(line))
  const loader = page(() => Promise.reject(new Error('failed')))
  for (let times = 0; times < 20; times++) {
    const request = new Request('http://localhost/sk-a-secret')
    const args = { request, params: {}, context: { services: { log, env: {} } } }
    await loader(args as unknown as LoaderFunctionArgs).catch(() => undefined)
  }
  assert.equal(lines.length, 1)
  log.flush()
  assert.doesNotMatch(lines.join(), /sk-a-secret/)
})

test('whoever may not do it any more is told so, and it is no failure', async () => {
  const lines: string[] = []
  const log = createLog('info', (line) => void lines.push(line))
  const action = page(() => Promise.reject(new NoLongerAllowed()))
  const request = new Request('http://localhost/keys', { method: 'POST' })
  const args = { request, params: {}, context: { services: { log, env: {} } } }
  const thrown = await action(args as unknown as LoaderFunctionArgs).catch((it: unknown) => it)
  const { data, init } = thrown as {
    data: { message: MessageDescriptor }
    init: { status: number }
  }
  assert.equal(init.status, 403)
  assert.match(inEnglish(data.message), /not do this in this account any more.*Nothing was changed/)
  assert.deepEqual(lines, [])
})
