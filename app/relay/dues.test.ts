import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PassedOn, Refused } from '../errors/refusal.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { payerOf } from './dues.ts'
import { EarlyEnd, type Cut } from './early-end.ts'

type Case = {
  by?: Cut
  /** Read on when its client had left: the upstream was not ended by us. */
  isReadOn?: boolean
  failure?: Refused<'upstream_error' | 'internal_error'> | PassedOn
  hasBegun?: boolean
  isStream?: boolean
  isAnswered?: boolean
  wasSent?: boolean
}

function payer({ by, isReadOn = false, hasBegun = true, ...rest }: Case) {
  const earlyEnd = new EarlyEnd()
  if (by && isReadOn) earlyEnd.note(by)
  else if (by) earlyEnd.cut(by)
  const { failure = new Refused('upstream_error'), isStream = true, isAnswered = true } = rest
  const { wasSent = true } = rest
  const answer = isAnswered ? ({ status: 200 } as UpstreamAnswer) : undefined
  return payerOf({ earlyEnd }, { failure, hasBegun, isStream, wasSent, answer })
}

const words = { message: 'no', type: 'invalid_request_error', param: null, code: null }
const cases: Record<string, [Case, ReturnType<typeof payer>]> = {
  'its upstream broke': [{}, 'the operator'],
  'its upstream broke before the first event': [{ hasBegun: false }, 'the operator alone'],
  'its client left': [{ by: 'client' }, 'whoever ended it'],
  'its client left before the first event': [{ by: 'client', hasBegun: false }, 'whoever ended it'],
  'its client left before the upstream answered': [
    { by: 'client', hasBegun: false, isAnswered: false },
    'whoever ended it',
  ],
  'its client left before it was sent': [
    { by: 'client', hasBegun: false, isAnswered: false, wasSent: false },
    'nobody',
  ],
  'its upstream broke after its client had left': [
    { by: 'client', isReadOn: true },
    'whoever ended it',
  ],
  'its upstream could not be reached after its client had left': [
    { by: 'client', isReadOn: true, hasBegun: false, isAnswered: false },
    'nobody',
  ],
  'its reader took nothing': [{ by: 'stalled' }, 'whoever ended it'],
  'its key was revoked': [{ by: 'revoked' }, 'whoever ended it'],
  'its key was revoked before the first event': [
    { by: 'revoked', hasBegun: false },
    'the operator alone',
  ],
  'it lasted too long': [{ by: 'timeout' }, 'whoever ended it'],
  'it never began': [{ by: 'timeout', hasBegun: false }, 'the operator alone'],
  'the relay ended': [{ by: 'shutdown' }, 'whoever ended it'],
  'its upstream was never reached': [{ hasBegun: false, isAnswered: false }, 'nobody'],
  'its upstream refused': [{ hasBegun: false, isStream: false }, 'nobody'],
  'its upstream refused after its client had left': [
    { by: 'client', isReadOn: true, isStream: false },
    'nobody',
  ],
  'the upstream says what is wrong with the request': [
    { failure: new PassedOn(400, words) },
    'nobody',
  ],
  'we made a mistake': [{ failure: new Refused('internal_error') }, 'nobody'],
}
for (const [name, [given, expected]] of Object.entries(cases)) {
  test(`a stream is paid for by ${expected} where ${name}`, () => {
    assert.equal(payer(given), expected)
  })
}
