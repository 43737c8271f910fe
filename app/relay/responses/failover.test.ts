import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  begin,
  eventOf,
  lastOf,
  opening,
  responseOf,
  words,
} from '../../../test/upstreams/responses.ts'
import type { Play } from '../../../test/upstreams/hand-fed-upstream.ts'
import { model, startSeveral, type Several } from '../../../test/upstreams/several-upstreams.ts'

/** 20 tokens of input and 3 of output, at a nano-dollar each and a fifth more. */
const price = Math.ceil(23 * 1.2)
const definition = { paths: { responses: '/responses' } }
let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: { definition }, second: { definition } })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

const says =
  (bytes: string): Play =>
  (res) => {
    begin(res)
    res.end(bytes)
  }
const well = opening() + words() + lastOf('completed')

async function called(first: Play, second: Play) {
  several.fed.first.play(first)
  several.fed.second.play(second)
  const body = { model, input: 'a', stream: true }
  const answer = await several.ask({ path: 'responses', body })
  const row = await several.waitForCall(answer.headers['x-request-id'])
  return { answer, row, asked: several.fed.second.heard.length }
}

describe('a response that fails at one upstream', () => {
  const error = { code: 'server_error', message: 'It broke.' }
  const failed = eventOf('response.failed', { response: responseOf({ status: 'failed', error }) })
  const early: [string, Play][] = [
    ['says so in its first event', says(failed)],
    ['begins with an error event', says(eventOf('error', error))],
    ['says nothing', says('')],
    ['is 503', (res) => res.writeHead(503).end()],
  ]
  for (const [name, first] of early) {
    test(`and ${name} is the next one’s, and charged once`, async () => {
      const { answer, row } = await called(first, says(well))
      assert.equal(answer.text, well)
      assert.deepEqual([row.outcome, row.cost], ['completed', price])
    })
  }

  test('after it has begun is nobody else’s', async () => {
    const bytes = opening() + words() + lastOf('failed', { error, usage: null })
    const { answer, row, asked } = await called(says(bytes), says(well))
    assert.equal(answer.text, bytes)
    assert.deepEqual([row.outcome, row.cost, asked], ['failed', 0, 0])
  })

  test('and at all of them is an error status, and free', async () => {
    const { answer, row } = await called(says(failed), says(failed))
    assert.equal(answer.status, 503)
    assert.deepEqual([row.outcome, row.cost], ['failed', 0])
  })
})

describe('a client that leaves a response', () => {
  const leaving = async (mark: string, play: Play) => {
    several.fed.first.play(play)
    const answer = await several.ask({
      path: 'responses',
      body: { model, input: 'one two', stream: true },
      onPiece: (all) => (all.includes(mark) ? 'leave' : undefined),
    })
    return several.waitForCall(answer.headers['x-request-id'])
  }

  test('within it is charged for what came', async () => {
    const row = await leaving('three', (res) => {
      begin(res)
      res.write(opening() + words())
    })
    assert.deepEqual([row.outcome, row.output, row.source], ['disconnected', 3, 'counted'])
    assert.ok(row.cost > 0)
  })

  test('within the last event, or behind it, has been charged by its figures', async () => {
    for (const mark of ['response.completed', '"usage":{']) {
      const row = await leaving(mark, says(well))
      assert.equal(row.cost, price)
    }
  })
})
