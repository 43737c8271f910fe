import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PassedOn } from '../errors/refusal.ts'
import { EarlyEnd, type Cut } from './early-end.ts'
import { endOf, failureOf } from './failures.ts'
import type { Run } from './run.ts'

function runThat(by?: Cut): Run {
  const earlyEnd = new EarlyEnd()
  if (by) earlyEnd.cut(by)
  const services = { log: { failed: () => undefined }, upstream: { name: 'demo' } }
  const exchange = { requestId: 'r' }
  return { earlyEnd, services, exchange, noteUpstreamCode: () => undefined } as unknown as Run
}

const statusOf = (run: Run, error: unknown, payer: Parameters<typeof endOf>[2]['payer']) => {
  const failure = failureOf(run, undefined, error)
  const { statusCode } = endOf(run, failure, { isCommitted: false, payer })
  // What the row says is what the client is told.
  assert.equal(failure instanceof PassedOn ? failure.status : failure.wire.status, statusCode)
  return statusCode
}

test('a call that its upstream may bill is never a 503, which proxies repeat', () => {
  for (const payer of ['the operator', 'the operator alone', 'whoever ended it'] as const) {
    assert.equal(statusOf(runThat('shutdown'), undefined, payer), 502)
    assert.equal(statusOf(runThat('timeout'), undefined, payer), 504)
  }
  // It was not sent yet: another relay may take it.
  assert.equal(statusOf(runThat('shutdown'), undefined, 'nobody'), 503)
})

test('a route that is lost is a 503 where no connection was made, and not on one that was', () => {
  for (const code of ['EHOSTUNREACH', 'ENETUNREACH']) {
    const lost = (syscall: string) => Object.assign(new Error(code), { code, syscall })
    assert.equal(statusOf(runThat(), lost('connect'), 'nobody'), 503)
    for (const syscall of ['read', 'write']) {
      assert.equal(statusOf(runThat(), lost(syscall), 'nobody'), 502)
    }
  }
})
