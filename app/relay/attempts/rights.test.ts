import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import {
  saysStatus,
  startSeveral,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { textIn } from '../../../test/wire.ts'

let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: {}, second: {} })
})
afterEach(async () => {
  await several.expectNothingHeld()
  several.forget()
})
after(() => several.stop())

/** What the first says, and of what its breaker has opened: a key for all models, or nothing. */
const cases: [what: string, status: number, error: object, opened: (string | null)[]][] = [
  ['a model is not theirs', 403, { message: 'no access', code: 'model_not_found' }, []],
  ['a model is not theirs, by name', 400, { message: 'no', code: 'Model.AccessDenied' }, []],
  ['a model is not theirs, in a 200', 200, { message: 'no', type: 'permission_error' }, []],
  ['a word of the client is a key', 400, { message: 'bad name: my api key', code: 400 }, []],
  ['the key is none', 401, { message: 'no' }, [null]],
  ['the purse is empty', 429, { message: 'no', code: 'insufficient_quota' }, [null]],
]
for (const [what, status, error, opened] of cases)
  test(`that ${what} opens ${opened.length > 0 ? 'its key' : 'nothing at once'}`, async () => {
    several.fed.first.play(saysStatus(status, error))
    assert.equal(textIn(await several.call()), 'two words')
    const states = several.relay.services.upstreams.states()
    assert.deepEqual(
      states.map(({ model }) => model),
      opened,
    )
  })
