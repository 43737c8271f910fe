import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import {
  saysStatus,
  startSeveral,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { eventOf } from '../../../test/upstreams/hand-fed-upstream.ts'
import { errorIn } from '../../../test/wire.ts'
import { foundError } from '../openai/found-error.ts'
import { inOurNames, isModelGone } from './their-model.ts'

const theirs = 'acme/prod-eu-7'
const price = { input: 9, output: 9 }
let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: { price }, second: { price } })
  await several.sql(`update upstreams set priority = 9, version = version + 1 where name = 'first'`)
  await several.sql(`update upstream_models set their_name = ?`, [theirs])
  await several.refresh()
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

const both = [false, true]
type Play = ReturnType<typeof saysStatus>

test('what an operator calls a model of theirs is in no error that a client reads', async () => {
  const message = `Deployment '${theirs}' (prod-eu-7) takes no pictures`
  const error = { message, type: 'bad', param: `${theirs}.input`, code: 'x' }
  const inEvent: Play = (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.end(eventOf({ error: { ...error, code: 'invalid_value' } }))
  }
  const cases: [boolean, Play][] = [
    [false, saysStatus(400, error)],
    [true, saysStatus(400, error)],
    [true, inEvent],
  ]
  for (const [stream, play] of cases) {
    several.fed.first.play(play)
    const answer = await several.call({ stream })
    assert.equal(answer.status, 400)
    assert.match(answer.text, /takes no pictures/)
    assert.doesNotMatch(answer.text, /prod-eu/)
  }
})

test('an upstream that has no such model is the fault of nobody who calls', async () => {
  const error = { message: `The model \`${theirs}\` does not exist.`, type: 'NotFoundError' }
  for (const stream of both) {
    several.fed.first.play(saysStatus(404, error))
    assert.equal((await several.call({ stream })).status, 200)
    several.fed.second.play(saysStatus(404, error))
    const answer = await several.call({ stream })
    assert.deepEqual([answer.status, errorIn(answer).code], [503, 'upstream_unavailable'])
    several.forget()
  }
  const lines = several.relay.logged.filter((line) => line.includes('"model_gone"'))
  assert.ok(lines.some((line) => /"upstream":"first"/.test(line)))
})

test('a model that is gone is told from whatever else is not found', () => {
  const named = { theirs: 'd-1', ours: 'gpt-4o' }
  const gone = (status: number, body: object) => isModelGone(status, foundError(body), named)
  for (const body of [
    { error: { message: 'no', code: 'model_not_found' } },
    { error: { message: 'The API deployment for this resource does not exist.' } },
    { error: { message: 'no', code: 'DeploymentNotFound' } },
    { error: { message: 'models/d-1 is not found for API version v1' } },
    { error: { message: 'model: d-1', type: 'not_found_error' } },
    { error: "model 'd-1' not found, try pulling it first" },
  ])
    assert.equal(gone(404, body), true, JSON.stringify(body))
  assert.equal(gone(400, { error: { message: 'Model Not Exist' } }), true)
  for (const message of ['File `d-1` not found', 'Bad value: the model d-1 does not exist', 'x'])
    assert.equal(gone(404, { error: { message } }), false, message)
  assert.equal(gone(500, { error: { message: 'x', code: 'model_not_found' } }), false)
})

test('a name is replaced where it stands whole, and ours where it stands already is left', () => {
  const named = { theirs: 'o1', ours: 'x/o1' }
  assert.equal(inOurNames('o1, x/o1, to1d', named), 'x/o1, x/o1, to1d')
})
