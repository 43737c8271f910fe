import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { AnswerTooLong, bounded } from './bounded-answer.ts'

/** Answers without an end, for as long as somebody reads. */
const server = createServer((req, res) => {
  if (req.url === '/short') return void res.end('x'.repeat(1_000))
  const more = () => {
    while (res.write('x'.repeat(16_384)));
  }
  res.on('drain', more)
  more()
})
let url = ''
before(async () => (url = `http://127.0.0.1:${await listen(server, 0)}`))
after(() => closeServer(server))

test('an answer without an end is left where it is longer than there is room for', async () => {
  const asked = once(server, 'request')
  const answer = bounded(await fetch(`${url}/endless`), 100_000)
  const [, res] = (await asked) as [unknown, NodeJS.EventEmitter]
  const left = once(res, 'close')
  await assert.rejects(answer.text(), AnswerTooLong)
  await left
})

test('an answer that fits is as it was', async () => {
  const answer = bounded(await fetch(`${url}/short`), 1_000)
  assert.equal(answer.status, 200)
  assert.equal((await answer.text()).length, 1_000)
  await assert.rejects(bounded(await fetch(`${url}/short`), 999).text(), AnswerTooLong)
})
