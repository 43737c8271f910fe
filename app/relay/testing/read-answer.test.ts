import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { limits } from '../../config/limits.ts'
import { IncomingBody } from '../../upstreams/answer-body.ts'
import { readStream } from './read-answer.ts'
import type { TestForm } from './tested-call.ts'

test('a stream that is left open behind its end is read, and is not waited for', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  let hasLeft = false
  const body = new IncomingBody({ resume: () => undefined, abort: () => (hasLeft = true) })
  const form = {
    look(event, seen) {
      if (event.includes('stop')) seen.isWhole = true
      if (event.includes('gpt')) seen.model = 'gpt'
    },
  } as Pick<TestForm, 'look'> as TestForm
  const reading = readStream(body, form, () => 0)
  for (const event of ['data: stop\n\n', 'data: gpt\n\n']) body.push(Buffer.from(event))
  mock.timers.tick(limits.stream.finishMsMax)
  assert.deepEqual(await reading, { isWhole: true, model: 'gpt' })
  assert.equal(hasLeft, true)
  mock.timers.reset()
})
