import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { formatCallId, newCallId } from '../values/call-id.ts'
import { everything, filterParams, readUsageQuery, type Filter } from './filter.ts'
import { outcomes } from '../values/outcomes.ts'

const read = (text: string) => readUsageQuery(new URLSearchParams(text))
const problemsOf = (text: string) =>
  read(text).problems.map(({ field, message }) => `${field} ${message}`)

describe('the filter of the call history', () => {
  test('nothing, and fields left empty, stand for everything', () => {
    for (const text of ['', 'model=&key=&from=&to=&status=&outcome=&page=']) {
      const { filter, paging, problems } = read(text)
      assert.deepEqual(filter, everything)
      assert.deepEqual(paging, { before: null, after: null, page: 1, rows: 50 })
      assert.deepEqual(problems, [])
    }
  })

  test('whatever cannot be understood is said, each in words of its own', () => {
    const wrong = {
      'model=a b': 'model must be the name of a model',
      'model=gpt\u202e': 'model must be the name of a model',
      'key=-1': 'key must be a whole number',
      'key=0': 'key must be at least 1',
      'key=1e3': 'key must be a whole number',
      'from=2026-02-30': 'from must be a day such as 2027-01-31',
      'from=yesterday': 'from must be a day such as 2027-01-31',
      'to=2026-13-01': 'to must be a day such as 2027-01-31',
      'from=2026-03-02&to=2026-03-01': 'to must not be before 2026-03-02',
      'status=600': 'status must be a status code such as 404, or a class such as 4xx',
      'status=40x': 'status must be a status code such as 404, or a class such as 4xx',
      'status=ok': 'status must be a status code such as 404, or a class such as 4xx',
      'outcome=won': `outcome must be one of ${outcomes.join(', ')}`,
      'before=7': 'before must be the id of a call',
      'page=11': 'page must be at most 10',
      'pageSize=101': 'pageSize must be at most 100',
      'page=2&before=0194f1c0-0000-7000-8000-000000000000':
        'page cannot be combined: give only one of before, after and page',
      'modle=gpt-4o': 'modle is not a filter of this page',
      'model=a&model=b': 'model is given more than once',
      'constructor=1': 'constructor is not a filter of this page',
    }
    for (const [text, words] of Object.entries(wrong)) assert.deepEqual(problemsOf(text), [words])
    assert.equal(problemsOf('model=a b&key=x&from=1&status=9&outcome=&hm=1').length, 5)
  })

  test('a filter comes back from its own parameters as it was', () => {
    const day = fc
      .integer({ min: 0, max: 36_000 })
      .map((days) => new Date(Date.UTC(2000, 0, 1 + days)).toISOString().slice(0, 10))
    const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
    const filters: fc.Arbitrary<Filter> = fc.record({
      model: orNull(
        fc.oneof(
          fc.stringMatching(/^[\x21-\x7e]{1,100}$/),
          fc.constantFrom('通义千问', 'gpté', '🚀'.repeat(100)),
        ),
      ),
      keyId: orNull(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      from: orNull(day),
      to: fc.constant(null),
      status: orNull(fc.constantFrom('2xx', '4xx', '5xx', '200', '404', '502')),
      outcome: orNull(fc.constantFrom(...outcomes)),
      userId: fc.constant(null),
      zone: fc.constant('UTC'),
    })
    fc.assert(
      fc.property(filters, (filter) => {
        const { filter: back, problems } = readUsageQuery(filterParams(filter))
        assert.deepEqual([back, problems], [{ ...filter }, []])
      }),
    )
  })

  test('a cursor is the id of a call, in either case', () => {
    const id = newCallId(Date.now())
    assert.deepEqual(read(`before=${formatCallId(id).toUpperCase()}`).paging.before, id)
    assert.deepEqual(read(`after=${formatCallId(id)}&pageSize=7`).paging, {
      before: null,
      after: id,
      page: 1,
      rows: 7,
    })
  })
})
