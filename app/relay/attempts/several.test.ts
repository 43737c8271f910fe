import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { freePort } from '../../../dev/servers/processes.ts'
import {
  costAt,
  saysStatus,
  saysWell,
  startSeveral,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { readTries } from '../../../test/tries.ts'
import { endOfStream, errorIn, textIn } from '../../../test/wire.ts'

const price = { refused: { input: 9, output: 9 }, limited: { input: 7, output: 7 } }
const cheap = { input: 100, output: 300 }

let several: Several<'refused' | 'limited' | 'good'>
before(async () => {
  const url = `http://127.0.0.1:${await freePort()}/v1`
  several = await startSeveral({
    refused: { url, price: price.refused },
    limited: { play: saysStatus(429), price: price.limited, keys: ['one', 'two', 'three'] },
    good: { price: cheap },
  })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

/** So many calls, so many at once. */
async function callAll(calls: number, streamed: boolean) {
  const answers: Awaited<ReturnType<typeof several.call>>[] = []
  let begun = 0
  const work = async () => {
    while (begun++ < calls) answers.push(await several.call({ stream: streamed }))
  }
  await Promise.all(Array.from({ length: 32 }, work))
  return answers
}

const rowsOf = () =>
  several.sql<{ upstream: string; attempts: number; cost: number; charges: number }>(
    `select upstream, attempts, cost_nanos as cost, count(*) as charges from calls
       join entries on call_id = calls.id and kind = 'charge'
      group by calls.id, upstream, attempts, cost`,
  )

for (const streamed of [false, true]) {
  const kind = streamed ? 'streamed' : 'plain'
  test(`a thousand ${kind} calls over one that refuses, one at its limit and a good one`, async () => {
    const before = (await rowsOf()).length
    const answers = await callAll(1_000, streamed)
    for (const answer of answers) {
      assert.equal(answer.status, 200, answer.text)
      assert.equal(textIn(answer), 'two words')
      if (streamed) assert.equal(endOfStream(answer), 'done')
    }
    const rows = (await rowsOf()).slice(before)
    assert.equal(rows.length, 1_000)
    const cost = costAt(cheap)
    for (const row of rows)
      assert.deepEqual([row.upstream, row.cost, row.charges], ['good', cost, 1])
    // Once the breakers are open nobody goes there any more.
    assert.equal(several.fed.good.heard.length, 1_000)
    assert.ok(several.fed.limited.heard.length < 100, `${several.fed.limited.heard.length}`)
  })
}

test('a thousand calls where all are dead are told so, cost nothing, and are hardly repeated', async () => {
  several.fed.limited.play(saysStatus(500))
  several.fed.good.play(saysStatus(503))
  const answers = await callAll(1_000, false)
  for (const answer of answers) {
    assert.equal(answer.status, 503)
    assert.equal(errorIn(answer).code, 'upstream_unavailable')
  }
  const [sums] = await several.sql<{ cost: number; attempts: number }>(
    `select cast(sum(cost_nanos) as signed) as cost, cast(sum(attempts) as signed) as attempts
       from calls where status_code = 503`,
  )
  assert.equal(sums?.cost, 0)
  assert.ok(sums.attempts <= 1_200, `${sums.attempts} attempts`)
})

test('a second key of an upstream may be tried, and none twice', async () => {
  several.fed.limited.play(saysStatus(401))
  await several.sql(`update upstreams set state = 'off', version = version + 1 where name = 'good'`)
  await several.refresh()
  const answer = await several.call()
  assert.equal(answer.status, 503)
  const { tries } = await readTries(several.sql, answer.headers['x-request-id'])
  assert.deepEqual(
    tries.map(({ upstream, status, code, charged }) => [upstream, status, code, charged]),
    [
      ['refused', null, 'ECONNREFUSED', false],
      ['limited', 401, null, false],
      ['limited', 401, null, false],
    ],
  )
  assert.equal(new Set(several.fed.limited.heard.map((it) => it.headers.authorization)).size, 2)
  await several.sql(`update upstreams set state = 'on', version = version + 1 where name = 'good'`)
  await several.refresh()
})

test('streams end undisturbed when their upstream is removed', async () => {
  const goOn: (() => void)[] = []
  several.fed.good.play((res, heard) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    const first = { index: 0, delta: { content: 'first, ' }, finish_reason: null }
    res.write(`data: ${JSON.stringify({ model: heard.body.model, choices: [first] })}\n\n`)
    goOn.push(() => void saysWell(res, heard))
  })
  await several.sql(`update upstreams set priority = 9, version = version + 1 where name = 'good'`)
  await several.refresh()
  const answers = Array.from({ length: 100 }, () => several.call({ stream: true }))
  await eventually('all have begun', () => goOn.length === 100)
  await several.sql(`delete from upstreams where name = 'good'`)
  await several.refresh()
  assert.equal(several.relay.services.upstreams.has('good'), false)
  for (const each of goOn) each()
  for (const answer of await Promise.all(answers)) {
    assert.equal(endOfStream(answer), 'done')
    assert.equal(textIn(answer), 'first, two words')
  }
})
