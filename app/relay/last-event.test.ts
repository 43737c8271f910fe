import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { lockAccount } from '../ledger/ledger.server.ts'
import { deltaOf, eventOf } from '../../test/upstreams/hand-fed-upstream.ts'
import * as messages from '../../test/upstreams/messages.ts'
import * as responses from '../../test/upstreams/responses.ts'
import { model, startSeveral, usage } from '../../test/upstreams/several-upstreams.ts'

const said = [{ role: 'user', content: 'hello' }]
const deltas = [deltaOf({ content: 'Hello' }), deltaOf({}, { finish_reason: 'stop' })]

/** How each dialect asks, says a word, and says that it has come to its end. */
const dialects = {
  'chat/completions': {
    open: () => startSeveral({ main: {} }),
    body: { messages: said },
    word: eventOf({ ...deltas[0], model }),
    end: [deltas[1], { choices: [], usage }, '[DONE]'].map(eventOf).join(''),
    last: '[DONE]',
  },
  responses: {
    open: () => startSeveral({ main: { definition: { paths: { responses: '/responses' } } } }),
    body: { input: said },
    word: responses.opening() + responses.words(),
    end: responses.lastOf('completed'),
    last: 'response.completed',
  },
  messages: {
    open: () => messages.startMessages(),
    body: { messages: said, max_tokens: 100 },
    word: messages.start() + messages.block() + messages.text('Hello'),
    end: messages.blockStop + messages.last({ output_tokens: 2 }) + messages.stop,
    last: 'message_stop',
  },
}

describe('the last event of a stream waits for the settlement', () => {
  for (const [path, { open, body, word, end, last }] of Object.entries(dialects)) {
    test(path, async (t) => {
      const stage = await open()
      t.after(() => stage.stop())
      let goOn = () => undefined as void
      stage.fed.main.play((res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' })
        res.write(word)
        goOn = () => void res.end(end)
      })
      let seen = ''
      const onPiece = (all: Buffer) => void (seen = all.toString())
      const answer = stage.call({ stream: true, ...body }, { path, onPiece })
      await eventually('a word', () => seen.includes('Hello') || seen.includes('three'))
      const { db, ledger } = stage.relay.services
      const { accountId } = stage.customer
      await db.transact(async (own) => {
        await lockAccount(own, accountId)
        goOn()
        await eventually('it waits to be settled', () => ledger.waiting() > 0)
        // What had been written to the client before this was asked has come before its answer.
        await stage.call({}, { path: 'nowhere' })
        assert.ok(!seen.includes(last), seen)
        return undefined
      })
      const { text } = await answer
      assert.ok(text.includes(last))
      const [row] = await stage.callsOf(stage.customer)
      assert.deepEqual([row?.outcome, row?.charges], ['completed', 1])
      await stage.expectNothingHeld()
      await stage.expectCleanBooks()
    })
  }
})
