import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { limits } from '../../config/limits.ts'
import { foundError } from './found-error.ts'

describe('the words of an error are found wherever they stand', () => {
  const cases: Record<string, unknown> = {
    OpenAI: { error: { message: 'words', type: 't', param: null, code: null } },
    'Gemini, in a list': [{ error: { code: 400, message: 'words', status: 'INVALID_ARGUMENT' } }],
    'vLLM, flat': { object: 'error', message: 'words', type: 'BadRequestError', code: 400 },
    'an error that is text': { error: 'words' },
    'an error of its own inside': { error: { error: { message: 'words' } } },
    'FastAPI, in a list': { detail: [{ type: 'missing', loc: ['body', 'm'], msg: 'words' }] },
    'FastAPI, as text': { detail: 'words' },
    'FastAPI, as an error': { detail: { error: { message: 'words' } } },
    Mistral: { object: 'error', message: { detail: [{ loc: ['body'], msg: 'words' }] } },
    message: { message: 'words' },
    'beside the name of the status': { statusCode: 400, error: 'Bad Request', message: 'words' },
    'a list of errors': { success: false, errors: [{ code: 7, message: 'words' }] },
    'problem details': { type: 'about:blank', title: 'Bad', detail: 'words', status: 400 },
    'a title alone': { title: 'words', status: 400 },
    'OAuth, with a name': { error: 'invalid_request', error_description: 'words' },
    'JSON in the words': { error: { message: '{"error":{"message":"words"}}' } },
    'text in a list': ['words'],
  }
  for (const [who, body] of Object.entries(cases)) {
    test(who, () => assert.equal(foundError(body)?.message, 'words'))
  }
})

test('names, the member that is wrong and the status come along', () => {
  const { kinds: _, ...said } = foundError({
    error: { message: 'words', type: 'invalid_request_error', param: 'messages', code: 'too_long' },
  })!
  assert.deepEqual(said, {
    message: 'words',
    type: 'invalid_request_error',
    param: 'messages',
    code: 'too_long',
    status: undefined,
  })
  const flat = foundError({ object: 'error', message: 'w', type: 'BadRequestError', code: 400 })!
  assert.deepEqual([flat.type, flat.code, flat.status], ['BadRequestError', undefined, 400])
  const complaint = foundError({ detail: [{ loc: ['body', 'messages', 0, 'role'], msg: 'w' }] })!
  assert.equal(complaint.param, 'messages.0.role')
})

test('of several complaints each says what it is about', () => {
  const detail = ['model', 'messages'].map((name) => ({ loc: ['body', name], msg: 'required' }))
  assert.equal(foundError({ detail })?.message, 'model: required; messages: required')
  const many = Array.from({ length: 1_000 }, () => ({ loc: ['body', 'x'], msg: 'y' }))
  const said = foundError({ detail: many })!.message!
  assert.equal(said.split('; ').length, limits.upstream.complaintsMax)
})

test('what says nothing of an error is none', () => {
  for (const body of [null, 'text', 7, {}, [], { error: null }, { id: 'x', choices: [] }])
    assert.equal(foundError(body), undefined, JSON.stringify(body))
})

test('no depth of errors in errors is too much', () => {
  let body: unknown = { message: 'too deep' }
  for (let i = 0; i < 50_000; i++) body = { error: body }
  assert.equal(foundError(body), undefined)
})
