import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawAnswer } from '../../../test/raw-client.ts'
import type { Play } from '../../../test/upstreams/hand-fed-upstream.ts'
import * as messages from '../../../test/upstreams/messages.ts'
import * as responses from '../../../test/upstreams/responses.ts'
import { startSeveral } from '../../../test/upstreams/several-upstreams.ts'

const { block, start, text } = messages
const broken = messages.streams

/** What an agent's upstream does six times before it answers. */
const deaths: Record<'messages' | 'responses', Play[]> = {
  messages: [
    (res) => res.destroy(),
    broken([], 'break'),
    broken([start()], 'break'),
    broken([start(), block(), text('Hel')], 'end'),
    broken([start(), block(), text('Hello'), text(' wor')], 'break'),
    broken([start(), block(), text('Hello'), messages.blockStop, messages.last()], 'break'),
  ],
  responses: [
    (res) => res.destroy(),
    broken([], 'break'),
    broken([responses.opening()], 'break'),
    broken([responses.opening(), responses.words()], 'end'),
    broken([responses.opening(), responses.words()], 'break'),
    broken([responses.opening(), responses.words(), 'event: response.completed\nda'], 'break'),
  ],
}
const good: Record<'messages' | 'responses', Play> = {
  messages: broken([messages.whole(undefined, { output_tokens: 2 })]),
  responses: broken([responses.opening() + responses.words() + responses.lastOf('completed')]),
}
const isAnswered: Record<'messages' | 'responses', (answer: RawAnswer) => boolean> = {
  messages: ({ text }) => text.endsWith(messages.stop),
  responses: ({ text }) => text.includes('event: response.completed\n'),
}
const stages = {
  messages: () => messages.startMessages(),
  responses: () => startSeveral({ main: { definition: { paths: { responses: '/responses' } } } }),
}

describe('an upstream that dies six times under an agent that tries again', () => {
  for (const dialect of ['messages', 'responses'] as const) {
    test(`is paid for once, for the try that succeeded: ${dialect}`, async (t) => {
      const stage = await stages[dialect]()
      t.after(() => stage.stop())
      const plays = [...deaths[dialect]]
      stage.fed.main.play((res, heard) => (plays.shift() ?? good[dialect])(res, heard))
      const said = { role: 'user', content: 'hello' }
      const body =
        dialect === 'messages'
          ? { max_tokens: 100, stream: true, messages: [said] }
          : { stream: true, input: [said] }
      const answers: RawAnswer[] = []
      for (let tries = 0; tries < 7; tries++) {
        // Nobody waits for a breaker here: what is looked at is who pays.
        stage.takeForWell()
        answers.push(await stage.call(body, { path: dialect }))
      }
      assert.equal(stage.fed.main.heard.length, 7)
      assert.deepEqual(answers.map(isAnswered[dialect]), [
        ...deaths[dialect].map(() => false),
        true,
      ])
      await stage.expectNothingHeld()
      const rows = await stage.callsOf(stage.customer)
      assert.deepEqual(
        rows.map(({ outcome, charges, cost }) => [outcome, charges, cost > 0]),
        [...deaths[dialect].map(() => ['failed', 0, false]), ['completed', 1, true]],
      )
      await stage.expectCleanBooks()
    })
  }
})
