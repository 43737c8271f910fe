import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as passed } from 'node:timers/promises'
import { deltaOf, speak } from '../../../test/upstreams/hand-fed-upstream.ts'
import {
  saysNothing,
  saysWell,
  startSeveral,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { readTries } from '../../../test/tries.ts'
import { endOfStream, textIn } from '../../../test/wire.ts'
import { parseCallId } from '../../values/call-id.ts'

const second = 1_000
const timeouts = { connectMs: second, firstEventMs: 60 * second, idleMs: 60 * second }

let several: Several<'first' | 'next'>
before(async () => {
  several = await startSeveral({
    first: { definition: { timeouts: { ...timeouts, firstEventMs: 300, totalMs: 60 * second } } },
    next: { definition: { timeouts: { ...timeouts, idleMs: 100, totalMs: 5 * second } } },
  })
})
afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

const patience = async (
  name: 'first' | 'next',
  ms: Partial<typeof timeouts & { totalMs: number }>,
) => {
  for (const [what, value] of Object.entries(ms))
    await several.sql(
      `update upstreams set version = version + 1,
        definition = json_set(definition, '$.timeouts.${what}', ?) where name = ?`,
      [value, name],
    )
  await several.refresh()
}

for (const streamed of [false, true])
  test(`a ${streamed ? 'streamed' : 'plain'} call of which only the head comes goes on to the next`, async () => {
    const type = streamed ? 'text/event-stream' : 'application/json'
    several.fed.first.play((res) => res.writeHead(200, { 'content-type': type }).flushHeaders())
    const answer = await several.call({ stream: streamed })
    assert.equal(textIn(answer), 'two words')
    const id = answer.headers['x-request-id']
    const { tries } = await readTries(several.sql, id)
    assert.deepEqual(
      tries.map(({ upstream, code }) => [upstream, code]),
      [
        ['first', 'first_event_timeout'],
        ['next', null],
      ],
    )
  })

test('a stream may think before its first event for longer than it may be silent behind it', async () => {
  several.fed.first.play((res) => res.destroy())
  several.fed.next.play(async (res, heard) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    await passed(2 * second)
    return saysWell(res, heard)
  })
  const answer = await several.call({ stream: true })
  assert.deepEqual([endOfStream(answer), textIn(answer)], ['done', 'two words'])
})

test('a stream that falls silent behind its first event is ended', async () => {
  several.fed.first.play((res) => res.destroy())
  several.fed.next.play((res) => speak(res, deltaOf({ content: 'two ' })))
  const end = endOfStream(await several.call({ stream: true }))
  assert.ok(end !== 'done')
})

test('a stream that only sends comments and line ends behind its first event is silent', async () => {
  several.fed.first.play((res) => res.destroy())
  for (const nothing of [': x\n\n', '\n']) {
    several.fed.next.play((res) => {
      speak(res, deltaOf({ content: 'two ' }))
      const timer = setInterval(() => res.write(nothing), 20)
      res.once('close', () => clearInterval(timer))
    })
    const answer = await several.call({ stream: true })
    assert.ok(endOfStream(answer) !== 'done')
    const { tries } = await readTries(several.sql, answer.headers['x-request-id'])
    assert.equal(tries.at(-1)?.code, 'UND_ERR_BODY_TIMEOUT')
  }
})

test('an attempt has all of its own time, however long the one before it took', async () => {
  several.fed.first.play(saysNothing)
  await patience('first', { firstEventMs: 1_100 })
  await patience('next', { totalMs: 1_000, firstEventMs: 1_000 })
  const answer = await several.call({ stream: true })
  assert.deepEqual([endOfStream(answer), textIn(answer)], ['done', 'two words'])
})

/** What a call of these chunks and then nothing but comments is charged when its time is over. */
async function chargedFor(...chunks: unknown[]) {
  several.fed.first.play((res) => res.destroy())
  several.fed.next.play((res) => {
    speak(res, ...chunks)
    const timer = setInterval(() => res.write(': wait\n\n'), 20)
    res.on('close', () => clearInterval(timer))
  })
  await patience('next', { totalMs: 1_000, idleMs: 60 * second })
  const { headers } = await several.call({ stream: true })
  const [row] = await several.sql<{ cost: number; waived: number; outcome: string }>(
    'select cost_nanos cost, waived_nanos waived, outcome from calls where id = ?',
    [parseCallId(String(headers['x-request-id']))],
  )
  return row
}

test('whoever has waited in vain until the time of their call was over pays nothing', async () => {
  const nothingSaid = await chargedFor(deltaOf({ role: 'assistant', content: '' }))
  assert.deepEqual([nothingSaid?.outcome, nothingSaid?.cost], ['failed', 0])
  assert.ok(Number(nothingSaid?.waived) > 0)
  const something = await chargedFor(deltaOf({ role: 'assistant', content: 'two words' }))
  assert.ok(Number(something?.cost) > 0)
})
