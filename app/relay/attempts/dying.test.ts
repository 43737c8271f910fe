import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Play } from '../../../test/upstreams/hand-fed-upstream.ts'
import { saysWell, startSeveral, type Several } from '../../../test/upstreams/several-upstreams.ts'
import { textIn } from '../../../test/wire.ts'

let several: Several<'first' | 'second'>
before(async () => {
  several = await startSeveral({ first: {}, second: {} })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

const calls = 60

/** Does nothing before so many calls are there, and then the same with all of them. */
function togetherAt(count: number, play: Play): Play {
  const waiting: (() => void)[] = []
  return (res, heard) => {
    waiting.push(() => void play(res, heard))
    if (waiting.length >= count) for (const go of waiting.splice(0)) go()
  }
}

const all = (streamed: boolean) =>
  Promise.all(Array.from({ length: calls }, () => several.call({ stream: streamed })))

for (const streamed of [false, true]) {
  describe(`${calls} ${streamed ? 'streamed' : 'plain'} calls in flight where their upstream dies`, () => {
    test('are all answered by the next, also where that thinks for long', async () => {
      several.fed.first.play(togetherAt(calls, (res) => res.destroy()))
      several.fed.second.play(togetherAt(calls, saysWell))
      for (const answer of await all(streamed)) {
        assert.equal(answer.status, 200, answer.text)
        assert.equal(textIn(answer), 'two words')
      }
      const { first, second } = several.fed
      assert.deepEqual([first.heard.length, second.heard.length], [calls, calls])
    })

    test('are hardly repeated where all others are dead too', async () => {
      several.fed.first.play(togetherAt(calls, (res) => res.destroy()))
      several.fed.second.play((res) => res.destroy())
      for (const answer of await all(streamed)) assert.equal(answer.status, 503, answer.text)
      const { first, second } = several.fed
      assert.ok(first.heard.length === calls && second.heard.length < calls / 3)
    })
  })
}
