import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
before(async () => (stage = await startStage()))
after(() => stage.stop())

test('a request that does not wait for the answer before it starts no call', async () => {
  const body = JSON.stringify({
    model: 'gpt-6-luna',
    messages: [{ role: 'user', content: 'Hello' }],
  })
  const request =
    `POST /v1/chat/completions HTTP/1.1\r\nhost: relay\r\ncontent-length: ${body.length}\r\n` +
    `authorization: Bearer ${stage.customer.secret}\r\n\r\n${body}`
  const socket = connect(Number(new URL(stage.relay.url).port), '127.0.0.1')
  socket.write(request.repeat(3))
  const answers = (await text(socket)).split(/(?=HTTP\/1\.1 )/)
  assert.deepEqual(
    answers.map((answer) => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
    ['200', '400'],
  )
  assert.match(answers[1]!, /connection: close/i)
  assert.match(answers[1]!, /must wait for the answer to the one before it/)
  assert.equal((await stage.callsOf(stage.customer)).length, 1)
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
