import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  blameFor,
  isCredentials,
  isForClient,
  isOfOneRequest,
  statusWithin,
  type Blame,
} from './blame.ts'
import { foundError } from './openai/found-error.ts'

const openai = (message: string, type: string, code: string | null = null) => ({
  error: { message, type, param: null, code },
})
const google = (code: number, message: string, status: string, reason?: string) => [
  { error: { code, message, status, ...(reason && { details: [{ reason }] }) } },
]

describe('whom an error is about', () => {
  const tooLong = "This model's maximum context length is 8192 tokens."
  const cases: [Blame, number, unknown][] = [
    ['client', 400, openai(tooLong, 'invalid_request_error', 'context_length_exceeded')],
    ['client', 400, openai("Invalid schema for function 'get_balance'.", 'invalid_request_error')],
    ['client', 400, openai('Invalid \'tools[0]\': "credits", `quota`', 'invalid_request_error')],
    ['client', 400, openai('Could not download the image: 401 Unauthorized', 'invalid_value')],
    ['client', 400, google(400, 'Unable to process input image.', 'INVALID_ARGUMENT')],
    ['client', 400, { error: { message: 'filtered', code: 'content_filter', status: 400 } }],
    ['client', 404, openai('The model `x` does not exist.', 'invalid_request_error')],
    ['client', 404, { error: "model 'x' not found, try pulling it first" }],
    ['client', 422, { detail: [{ loc: ['body', 'model'], msg: 'Field required' }] }],
    ['client', 400, undefined],
    ['client', 400, openai("Invalid value: 'a' invalid api key 'b'.", 'invalid_request_error')],
    ['client', 400, openai('Bad "a" billing "b".', 'invalid_request_error')],
    ['client', 400, openai("Bad 'a\" ' my api key", 'invalid_request_error', 'invalid_value')],
    ['client', 413, undefined],
    ['client', 414, undefined],
    ['client', 431, undefined],
    ['client', 431, openai('Request header fields too large', 'invalid_request_error')],
    ['operator', 431, openai('nothing said', 'invalid_request_error', 'invalid_api_key')],
    ['client', 451, undefined],
    ['client', 403, openai('Your input was flagged by moderation.', 'permission_error')],
    ['client', 403, { error: { code: 403, message: 'flagged', metadata: { reasons: ['x'] } } }],
    ['client', 451, openai('Blocked by our content policy.', 'policy')],
    ['operator', 403, undefined],
    ['operator', 403, openai('You have insufficient permissions.', 'invalid_request_error')],
    ['operator', 403, openai('Your account violates our usage policies.', 'access_terminated')],
    ['operator', 403, openai('Not available in your country', 'x', 'unsupported_country_region')],
    ['operator', 400, openai('Incorrect API key provided: sk-ab***yz.', 'invalid_request_error')],
    ['operator', 400, openai('nothing said', 'invalid_request_error', 'invalid_api_key')],
    ['operator', 400, google(400, 'API key not valid.', 'INVALID_ARGUMENT', 'API_KEY_INVALID')],
    ['operator', 400, { error: { code: 401, message: 'Who are you?' } }],
    ['purse', 400, openai('Your credit balance is too low.', 'invalid_request_error')],
    ['purse', 400, openai('nothing said', 'invalid_request_error', 'billing_hard_limit_reached')],
    ['purse', 403, openai('You exceeded your current quota.', 'insufficient_quota')],
    ['purse', 429, openai('no words', 'insufficient_quota', 'insufficient_quota')],
    ['purse', 429, { error: { message: 'Account suspended: insufficient balance' } }],
    ['purse', 429, openai('suspended', 'exceeded_current_quota_error')],
    ['limit', 429, undefined],
    ['limit', 429, openai('Rate limit reached. Add a payment method at /billing.', 'tokens')],
    ['limit', 429, { error: { message: 'Rate limit: try again in 2s, see /account/billing' } }],
    ['limit', 429, google(429, 'You exceeded your current quota', 'RESOURCE_EXHAUSTED')],
    ['limit', 400, openai('Slower, please.', 'rate_limit_error')],
    ['client', 413, openai('Too large for a minute.', 'tokens', 'rate_limit_exceeded')],
    ['limit', 500, { error: { code: 429, message: 'Too many requests' } }],
    ['upstream', 401, openai('Who are you?', 'invalid_request_error')],
    ['upstream', 402, openai('Pay.', 'billing')],
    ['upstream', 500, openai('The server had an error.', 'server_error')],
    ['upstream', 503, undefined],
  ]
  for (const [blame, status, body] of cases) {
    test(`${status} ${JSON.stringify(body)?.slice(0, 90)}: ${blame}`, () => {
      assert.equal(blameFor(status, foundError(body)), blame)
    })
  }

  test('a key is refused by a status or a name, and not by words that may be the client’s', () => {
    const cases: [boolean, number, unknown][] = [
      [true, 401, undefined],
      [true, 402, undefined],
      [true, 403, openai('no', 'insufficient_quota')],
      [true, 403, openai('no', 'authentication_error')],
      [false, 403, undefined],
      [false, 403, openai('You have insufficient permissions.', 'invalid_request_error')],
      [false, 404, openai('no', 'invalid_request_error', 'permission_denied')],
      [false, 400, openai('no', 'invalid_request_error', 'Model.AccessDenied')],
      [true, 400, openai('no', 'authentication_error')],
      [false, 403, openai('Project `a` has no access to model `b`', 'x', 'model_not_found')],
      [true, 400, openai('nothing said', 'invalid_request_error', 'invalid_api_key')],
      [true, 429, openai('nothing said', 'insufficient_quota')],
      [true, 400, { error: { code: 401, message: 'Who are you?' } }],
      [false, 400, openai('Incorrect API key provided: a.', 'invalid_request_error')],
      [false, 400, openai('Your credit balance is too low.', 'invalid_request_error')],
      [false, 422, { detail: 'billing: invalid api key' }],
      [false, 403, openai('Flagged as harmful: my api key', 'policy')],
      [false, 429, { error: { message: 'Account suspended: insufficient balance' } }],
      [false, 500, openai('invalid api key', 'server_error')],
    ]
    for (const [is, status, body] of cases)
      assert.equal(isCredentials(status, foundError(body)), is, JSON.stringify([status, body]))
  })

  test('a limit may be one that only this request exceeds', () => {
    const said = (message: string) => isOfOneRequest(foundError({ message })!)
    assert.ok(said('Request too large for m on tokens per min (TPM): Limit 30000, Requested 40000'))
    assert.ok(said('Tokens per minute: Limit 30000, Requested 40000.'))
    assert.ok(!said('Rate limit reached for m: Limit 30000, Used 29000, Requested 4000.'))
    assert.ok(!said('Rate limit reached.'))
  })

  test('words that name the operator are not for the client', () => {
    const said = (message: string) => isForClient(foundError({ message })!)
    assert.ok(said('The model does not exist or you do not have access to it.'))
    assert.ok(!said('Your organization must be verified to use this model.'))
    assert.ok(!said('Project proj_abc has no access.'))
    assert.ok(!said('Invalid "a" for "org-abc".'))
  })

  test('an error within an answer has the status that it names, by number or by name', () => {
    const cases: [unknown, number][] = [
      [{ error: { message: 'x', code: 400 } }, 400],
      [{ error: { message: 'x', code: '404' } }, 404],
      [{ object: 'error', message: 'x', type: 'BadRequestError', code: 422 }, 422],
      [openai('x', 'BadRequestError'), 400],
      [openai('x', 'invalid_request_error', 'context_length_exceeded'), 400],
      [openai('x', 'invalid_request_error', 'invalid_api_key'), 401],
      [openai('x', 'authentication_error'), 401],
      [openai('x', 'permission_error'), 403],
      [openai('x', 'not_found_error'), 404],
      [openai('x', 'rate_limit_error'), 429],
      [openai('x', 'insufficient_quota'), 429],
      [openai('x', 'overloaded_error'), 503],
      [openai('x', 'server_error'), 500],
      [{ error: 'x' }, 500],
    ]
    for (const [body, status] of cases)
      assert.equal(statusWithin(foundError(body)!), status, JSON.stringify(body))
  })

  test('is decided for any body at all', () => {
    const property = fc.property(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), (status, it) =>
      assert.equal(typeof blameFor(status, foundError(it)), 'string'),
    )
    fc.assert(property, { numRuns: 3_000 })
  })
})
