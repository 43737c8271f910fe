import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { present } from '../../../test/present.ts'
import { parseCallId } from '../../values/call-id.ts'
import { msOfId } from '../../values/days.ts'
import {
  addressOf,
  chipsOf,
  clearOf,
  pageSizesOf,
  presetsOf,
  readUsageAddress,
  redirectToPlain,
} from './address.server.ts'

// It is the 27th in Shanghai.
const here = { zone: 'Asia/Shanghai', now: new Date('2026-11-26T20:00:00Z') }
const urlOf = (query: string) => `http://relay.example/usage${query && `?${query}`}`
const read = (query: string) => readUsageAddress(urlOf(query), here)

/** Where one is sent to, or undefined. */
function sentTo(query: string): string | undefined {
  try {
    redirectToPlain(urlOf(query), here)
    return undefined
  } catch (thrown) {
    assert.ok(thrown instanceof Response)
    return present(thrown.headers.get('location'))
  }
}

describe('the address of the call history', () => {
  test('has the last thirty days of the zone unless it names others', () => {
    const rangeOf = (query: string) => {
      const { filter } = read(query)
      return [filter.from, filter.to, filter.zone]
    }
    assert.deepEqual(rangeOf(''), ['2026-10-29', null, here.zone])
    assert.deepEqual(rangeOf('days=all'), [null, null, here.zone])
    assert.deepEqual(rangeOf('from=2026-01-02'), ['2026-01-02', null, here.zone])
    assert.deepEqual(rangeOf('to=2026-01-02'), [null, '2026-01-02', here.zone])
    assert.equal(read('').asked.from, null, 'and stays as it was asked for')
  })

  test('says what its own words may be', () => {
    const problemsOf = (query: string) =>
      read(query).problems.map(({ field, message }) => `${field} ${message}`)
    assert.deepEqual(problemsOf('days=7'), ['days must be one of 30, all'])
    assert.deepEqual(problemsOf('measure=x'), ['measure must be one of cost, calls, tokens'])
    assert.deepEqual(problemsOf('by=x'), ['by must be one of model, key'])
    assert.deepEqual(problemsOf('at=1'), ['at must be a day such as 2027-01-31'])
  })

  test('is kept without what a form sends for nothing', () => {
    assert.equal(sentTo(''), undefined)
    assert.equal(sentTo('model=a&days=all'), undefined)
    assert.equal(sentTo('model=&key='), '/usage')
    assert.equal(sentTo('from=2026-01-02&to=&days=all'), '/usage?from=2026-01-02')
  })

  test('a jump leads to the calls of that day of the zone, or of all where the filter has it not', () => {
    const jumped = (query: string) => new URL(present(sentTo(query)), 'http://relay.example')
    const { searchParams } = jumped('at=2026-11-03&model=a&page=2')
    assert.deepEqual([...searchParams.keys()], ['model', 'before'])
    const before = present(parseCallId(present(searchParams.get('before'))))
    assert.equal(new Date(msOfId(before)).toISOString(), '2026-11-03T16:00:00.000Z')
    for (const query of [
      'at=2026-10-01',
      'at=2026-10-01&from=2026-10-02',
      'at=2026-10-03&to=2026-10-02',
    ]) {
      const { searchParams } = jumped(query)
      assert.deepEqual([...searchParams.keys()], ['days', 'before'], query)
    }
    assert.equal(sentTo('at=2026-11-27'), '/usage', 'nothing is newer than today')
    assert.equal(read('before=01890000-0000-7000-8000-000000000000').problems.length, 0)
  })

  test('the presets lead to the same filter, and the one that is on says so', () => {
    const currentOf = (query: string) =>
      presetsOf(read(query), here).flatMap(({ name, isCurrent }) => (isCurrent ? [name] : []))
    assert.deepEqual(currentOf(''), ['30'])
    assert.deepEqual(currentOf('days=all'), ['all'])
    assert.deepEqual(currentOf('from=2026-11-21'), ['7'])
    assert.deepEqual(currentOf('from=2026-11-20'), [])
    assert.deepEqual(currentOf('from=2026-02-30'), [], 'nor is one where the filter is none')
    const presets = presetsOf(read('model=a&measure=calls&pageSize=25&page=2'), here)
    assert.deepEqual(
      presets.map(({ to }) => to),
      [
        '/usage?model=a&from=2026-11-27&pageSize=25&measure=calls',
        '/usage?model=a&from=2026-11-21&pageSize=25&measure=calls',
        '/usage?model=a&pageSize=25&measure=calls',
        '/usage?model=a&from=2026-08-30&pageSize=25&measure=calls',
        '/usage?model=a&days=all&pageSize=25&measure=calls',
      ],
    )
  })

  test('each chip leads to the address without it, and to that alone', () => {
    const address = read('model=a&key=7&from=2026-11-01&to=2026-11-02&status=4xx&outcome=failed')
    const chips = chipsOf(address, false)
    assert.deepEqual(
      chips.map(({ field, value }) => [field, value]),
      [
        ['days', '2026-11-01 – 2026-11-02'],
        ['model', 'a'],
        ['key', '7'],
        ['status', '4xx'],
        ['outcome', 'failed'],
      ],
    )
    const whole = new URLSearchParams(addressOf(address, {}).split('?')[1])
    for (const { field, to } of chips) {
      const left = new URLSearchParams(to.split('?')[1])
      const taken = [...whole.keys()].length - [...left.keys()].length
      assert.equal(taken, field === 'days' ? 2 : 1, field)
      for (const [name, value] of left) assert.equal(whole.get(name), value)
    }
    const oneEnd = (query: string) => chipsOf(read(query), false).map(({ field }) => field)
    assert.deepEqual(oneEnd('from=2026-11-01'), ['from'])
    assert.deepEqual(oneEnd('to=2026-11-01'), ['to'])
    assert.deepEqual(chipsOf(read(''), true), [])
    assert.deepEqual(chipsOf(read('from=2026-11-21'), true), [])
  })

  test('without the filter there is still what is none: how long a page is, what the chart shows', () => {
    const address = read('model=a&days=all&measure=tokens&pageSize=25&page=2')
    assert.equal(clearOf(address), '/usage?pageSize=25&measure=tokens')
    assert.deepEqual(
      pageSizesOf(address).map(({ to, isCurrent }) => [to, isCurrent]),
      [
        ['/usage?model=a&days=all&pageSize=25&measure=tokens', true],
        ['/usage?model=a&days=all&measure=tokens', false],
        ['/usage?model=a&days=all&pageSize=100&measure=tokens', false],
      ],
    )
  })
})
