import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import fc from 'fast-check'
import { escape } from 'mysql2'

import { present } from '../../test/present.ts'
import { testDatabase } from '../../test/database.ts'
import { closedLists } from '../values/closed-lists.ts'
import { outcomes } from '../values/outcomes.ts'
import { createLane } from './lane.ts'
import { createPool } from './pool.ts'
import { answerOf } from './run.ts'
import { bind, parseStatement, readStatements } from './statement.ts'
import { write } from './write.ts'

const database = await testDatabase()
const pool = createPool(database.url)
const lane = createLane(database.url)
after(async () => {
  await Promise.all([pool.close(), lane.close()])
  await database.drop()
})

const parse = (...lines: string[]) => parseStatement('test/file', lines.join('\n'))
const one = (type: string) =>
  parse('-- returns many', `-- :value ${type}`, 'select :value as value')
const list = parse(
  '-- returns many',
  '-- :ids number[]',
  'select id from things where id in (:ids)',
)
const rows = parse(
  '-- returns count',
  '-- :things (id number, name string?,',
  '--   made time)[]',
  'insert into things (id, name, made) values :things',
)

describe('a statement file', () => {
  test('says what it returns and what it takes, each line of it used', () => {
    const found = parse(
      '-- Sentences may stand here.',
      '-- returns maybe',
      '-- :id number',
      '-- :name string?',
      'select 1 where id = :id or (name = :name and id <> :id);',
    )
    assert.equal(found.returns, 'maybe')
    assert.deepEqual(
      found.slots.map((slot) => slot.name),
      ['id', 'name', 'id'],
    )
    assert.equal(
      bind(found, { id: 1, name: null }).text,
      'select 1 where id = ? or (name = ? and id <> ?)',
    )
  })

  const broken: [string, RegExp, string[]][] = [
    ['without its answer', /lacks a "-- returns/, ['select 1']],
    ['with an answer there is not', /lacks a "-- returns/, ['-- returns some', 'select 1']],
    ['with an undeclared parameter', /:id has no/, ['-- returns one', 'select :id']],
    [
      'with an unused parameter',
      /:id is never used/,
      ['-- returns one', '-- :id number', 'select 1'],
    ],
    [
      'with an unknown type',
      /unknown parameter type "date"/,
      ['-- returns one', '-- :id date', 'select :id'],
    ],
    [
      'with an answer of an unknown list',
      /no closed list Ending/,
      ['-- returns one', '-- column outcome Ending', 'select 1'],
    ],
    ['with two statements', /one statement/, ['-- returns one', 'select 1; select 2']],
  ]
  for (const [what, message, lines] of broken) {
    test(`${what} is refused`, () => assert.throws(() => parse(...lines), message))
  }

  test('may use colons that are no parameters', () => {
    const found = parse('-- returns one', `select a::b, c.d:e, '12:30' as at_time`)
    assert.deepEqual(found.slots, [])
  })

  test('of this program is readable, every one', () => {
    const names = [...readStatements('sql').keys()]
    assert.ok(names.includes('ledger/lock-accounts'))
    assert.ok(!names.some((name) => name.startsWith('migrations/')))
  })
})

describe('binding', () => {
  const ways = [bind, write]
  const refusals: [string, unknown][] = [
    ['number', '1'],
    ['number', 1.5],
    ['number', Number.NaN],
    ['number', 2 ** 53],
    ['number', 1n],
    ['number', null],
    ['number', true],
    ['string', 0],
    ['string', false],
    ['string', null],
    ['string', ['a']],
    ['string', { toString: () => 'a' }],
    ['bytes', 'abc'],
    ['bytes', [1, 2]],
    ['time', '2026-01-01'],
    ['time', 0],
    ['time', new Date(Number.NaN)],
    ['number?', undefined],
    ['string?', undefined],
    ['Outcome', 'ended'],
    ['Outcome', "completed' or '1"],
    ['Outcome', ''],
    ['Outcome', null],
    ['Outcome', 0],
    ['Outcome?', undefined],
    ['Outcome[]', ['completed', 'ended']],
    ['number[]', []],
    ['number[]', 7],
    ['number[]', [1, '2']],
    ['number[]', [1, undefined]],
  ]
  for (const [type, value] of refusals) {
    const shown = typeof value === 'bigint' ? '1n' : JSON.stringify(value)
    test(`refuses ${shown} (${typeof value}) for a ${type}`, () => {
      for (const way of ways) assert.throws(() => way(one(type), { value }), TypeError)
    })
  }

  test('refuses a missing parameter and one the file does not know', () => {
    for (const way of ways) {
      assert.throws(() => way(one('number'), {}), /wants number, got undefined/)
      assert.throws(() => way(one('number'), { value: 1, more: 2 }), /has no :more/)
    }
  })

  test('refuses a row with a column missing or of the wrong type', () => {
    const good = { id: 1, name: null, made: new Date() }
    assert.equal(bind(rows, { things: [good, good] }).values.length, 6)
    for (const bad of [
      { ...good, id: '1' },
      { id: 1, name: null },
      { ...good, name: undefined },
    ])
      for (const way of ways)
        assert.throws(() => way(rows, { things: [good, bad] }), /test\/file :things\.\w+ wants/)
    for (const way of ways) assert.throws(() => way(rows, { things: [] }), /filled list/)
  })

  test('keeps a refused value out of the message, because it may be a secret', () => {
    for (const way of ways)
      assert.throws(
        () => way(one('number'), { value: 'sk-secret' }),
        (error: Error) => !error.message.includes('sk-secret'),
      )
  })

  test('takes every word of a closed list, and null where it may be', () => {
    for (const outcome of outcomes) {
      assert.equal(write(one('Outcome'), { value: outcome }).sql, `select '${outcome}' as value`)
      assert.deepEqual(bind(one('Outcome?'), { value: outcome }).values, [outcome])
    }
    assert.equal(write(one('Outcome?'), { value: null }).sql, 'select NULL as value')
  })

  test('says which list a word is not of', () => {
    for (const way of ways)
      assert.throws(() => way(one('Outcome?'), { value: 'x' }), /wants a word of Outcome or null/)
  })

  test('needs no escape for any word of a list', () => {
    for (const word of Object.values(closedLists).flat()) assert.match(word, /^[a-z][a-zA-Z ._-]*$/)
  })

  test('writes moments and bytes as the driver does', () => {
    const ms = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') })
    const moments = ms.map((at) => new Date(at))
    const isSame = (type: string, value: Date | Uint8Array) =>
      assert.equal(write(one(type), { value }).sql, `select ${escape(value, false, 'Z')} as value`)
    fc.assert(fc.property(moments, (value) => isSame('time', value)))
    fc.assert(fc.property(fc.uint8Array(), (value) => isSame('bytes', value)))
  })

  test('makes a mark for each item of a list and each column of a row', () => {
    assert.equal(bind(list, { ids: [3, 1] }).text, 'select id from things where id in (?,?)')
    const made = new Date()
    const { text, values } = bind(rows, {
      things: [
        { id: 1, name: 'a', made },
        { id: 2, name: null, made },
      ],
    })
    assert.match(text, /values \(\?,\?,\?\),\(\?,\?,\?\)$/)
    assert.deepEqual(values, [1, 'a', made, 2, null, made])
  })

  test('never puts a value into the text', () => {
    const words = one('string')
    fc.assert(
      fc.property(fc.string(), (value) => {
        assert.equal(bind(words, { value }).text, 'select ? as value')
      }),
    )
  })
})

describe('a value comes back from the database as it was, through pool and lane', () => {
  const send = async (type: string, value: unknown) => {
    const [fromLane] = await lane.send([write(one(type), { value })])
    return [await pool.send(bind(one(type), { value })), fromLane].map(
      (answer) => present((answer as { value: unknown }[])[0]).value,
    )
  }

  test('whatever text it is', async () => {
    const hostile = [
      `'; drop table accounts; --`,
      '\\',
      `\\'`,
      '?',
      ':value',
      '\0',
      '“ä” 🙂',
      '%_',
      '',
    ]
    for (const value of hostile) assert.deepEqual(await send('string', value), [value, value])
    const anything = fc.string({ unit: 'binary' })
    await fc.assert(
      fc.asyncProperty(anything, async (value) =>
        assert.deepEqual(await send('string', value), [value, value]),
      ),
      { numRuns: 200 },
    )
  })

  test('whatever number it is, up to the largest safe one', async () => {
    for (const value of [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
      assert.deepEqual(await send('number', value), [value, value])
  })

  test('whatever bytes they are, in a Buffer or any other array of bytes', async () => {
    const bytes = [0, 39, 92, 255, 10, 63]
    for (const value of [Buffer.from(bytes), new Uint8Array(bytes)])
      for (const answer of await send('bytes', value))
        assert.deepEqual([...(answer as Buffer)], bytes)
  })

  test('whatever moment it is, to the millisecond', async () => {
    const made = parse(
      '-- returns many',
      '-- :value time',
      'select cast(:value as datetime(3)) as value',
    )
    for (const text of ['1970-01-01T00:00:00.001Z', '2024-02-29T23:59:59.999Z', '9999-12-31Z']) {
      const value = new Date(text)
      const [rows] = await lane.send([write(made, { value })])
      for (const answer of [rows, await pool.send(bind(made, { value }))])
        assert.deepEqual(answer, [{ value }])
    }
  })

  test('also in lists, in rows and in a table of rows', async () => {
    const made = new Date('2026-11-23T22:24:07.120Z')
    const hostile = `a', 1), (2, '\\`
    await lane.send([write(parse('-- returns count', 'drop table if exists things'), {})])
    const create = 'create table things (id int, name varchar(100), made datetime(3))'
    const things = [
      { id: 1, name: hostile, made },
      { id: 2, name: null, made },
    ]
    await lane.send([write(parse('-- returns count', create), {}), write(rows, { things })])
    const both = parse(
      '-- returns many',
      '-- :ids number[]',
      '-- :names (name string)[] table',
      'select things.* from things join :names as given on given.name = things.name where id in (:ids)',
    )
    const [found] = await lane.send([
      write(both, { ids: [1, 2], names: [{ name: 'x' }, { name: hostile }] }),
    ])
    assert.deepEqual(found, [things[0]])
  })

  test('and null stays null', async () => {
    assert.deepEqual(await send('string?', null), [null, null])
  })
})

test('an answer of the wrong number of rows is refused', () => {
  const bound = (returns: string) => bind(parse(`-- returns ${returns}`, 'select 1'), {})
  const name = 'ledger/now'
  assert.throws(() => answerOf(name, bound('one'), []), /answered no row/)
  assert.throws(() => answerOf(name, bound('one'), [1, 2]), /answered 2 rows/)
  assert.throws(() => answerOf(name, bound('maybe'), [1, 2]), /answered 2 rows/)
  assert.equal(answerOf(name, bound('maybe'), []), undefined)
  assert.equal(answerOf(name, bound('count'), { affectedRows: 3 }), 3)
})
