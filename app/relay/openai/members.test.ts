import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Refused } from '../../errors/refusal.ts'
import { fold, Members, refuse, refuseFilled, valueWithin } from './members.ts'

const known = new Members({
  model: 'bounded',
  stop: 'free',
  top_k: 'free',
  store: refuse(false),
  models: refuseFilled,
})
const none: ReadonlySet<string> = new Set()

/** The words and the member of the refusal; undefined where there is none. */
function refusalOf(body: object, allowed = none) {
  try {
    known.check(body as Record<string, unknown>, Object.keys(body), allowed)
  } catch (error) {
    assert.ok(error instanceof Refused)
    assert.equal(error.wire.status, 400)
    const { message, param } = error.wire.error
    return { message, param }
  }
  return undefined
}

describe('a member of a request', () => {
  test('that is known passes, whatever it says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (model, stop) => {
        assert.equal(refusalOf({ model, stop }), undefined)
      }),
    )
  })

  test('that is unknown is named in the words of OpenAI', () => {
    assert.deepEqual(refusalOf({ model: 'm', foo: null }), {
      message: 'Unrecognized request argument supplied: foo',
      param: 'foo',
    })
    assert.equal(
      refusalOf({ foo: 1, bar: 2 })?.message,
      'Unrecognized request arguments supplied: foo, bar',
    )
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`m${i}`, 0]))
    assert.ok(refusalOf(many)!.message.length < 200)
    assert.ok(refusalOf({ ['x\n'.repeat(5_000)]: 0 })!.message.length < 300)
    for (const name of ['__proto__', 'constructor', 'toString'])
      assert.equal(refusalOf(JSON.parse(`{"${name}":1}`) as object)?.param, name)
  })

  test('that the operator allows passes by that name alone', () => {
    const allowed = new Set(['foo', 'models', 'Model'])
    assert.equal(refusalOf({ foo: 1, models: ['a'] }, allowed), undefined)
    assert.equal(refusalOf({ Foo: 1 }, allowed)?.param, 'Foo')
    assert.equal(refusalOf({ Model: 1 }, allowed)?.param, 'Model')
    assert.equal(refusalOf({ Models: 1 }, allowed)?.param, 'Models')
  })

  test('whose name is a known one in another spelling is refused, and told so', () => {
    const spellings = ['Model', 'MODEL', 'ſtop', 'STOP', 'top_\u212a', 'Top_K', 'Store', 'ſtore']
    for (const name of spellings) {
      const refusal = refusalOf({ model: 'm', [name]: 'x' })
      assert.equal(refusal?.param, name)
      assert.match(refusal.message, /^Unrecognized request argument supplied: .*Its name is '\w+'/)
    }
  })

  test('that would buy something is refused by name, and passes where it says nothing', () => {
    assert.equal(refusalOf({ store: false, models: [] }), undefined)
    assert.equal(refusalOf({ store: null, models: null }), undefined)
    assert.equal(refusalOf({ models: {} }), undefined)
    for (const store of [true, 0, 1, '', 'false', [], {}])
      assert.deepEqual(refusalOf({ store }), {
        message: "'store' is not available here.",
        param: 'store',
      })
    for (const models of [['a'], { a: 1 }, 'a', '', 0, true, false])
      assert.equal(refusalOf({ models })?.param, 'models')
  })
})

test('every spelling that Go’s JSON takes for a name folds to it', () => {
  const letters: Record<string, string[]> = { s: ['s', 'S', 'ſ'], k: ['k', 'K', '\u212a'] }
  const names = fc.string({ unit: fc.constantFrom(...'abcks_0'), minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(names, fc.array(fc.nat(5), { minLength: 12, maxLength: 12 }), (name, picks) => {
      const spelt = [...name].map((letter, i) => {
        const ways = letters[letter] ?? [letter, letter.toUpperCase()]
        return ways[picks[i]! % ways.length]
      })
      assert.equal(fold(spelt.join('')), name)
    }),
  )
})

test('a value within another one counts only where nothing else may be read for it', () => {
  assert.equal(valueWithin({ mode: 'off', sources: [] }, 'mode'), 'off')
  assert.equal(valueWithin({ mode: 'off', Mode: 'on' }, 'mode'), undefined)
  assert.equal(valueWithin({ Mode: 'off' }, 'mode'), undefined)
  assert.equal(valueWithin({ mode: 'off', '\\': 'on' }, 'mode'), undefined)
  for (const holder of [null, 'off', 7, true, [], {}])
    assert.equal(valueWithin(holder, 'mode'), undefined)
})
