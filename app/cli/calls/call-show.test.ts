import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { callOf, hold, settle } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { formatCallId } from '../../values/call-id.ts'

let stage: Stage
let relay: ReturnType<typeof capturedCli>
before(async () => {
  stage = await startStage()
  relay = capturedCli({ DATABASE_URL: stage.relay.env.DATABASE_URL })
})
after(() => stage.stop())

/** Makes a call, and answers the id that its client was told. */
async function asked(say: string, stream = false): Promise<string> {
  const answer = await stage.ask({ say, body: { stream } })
  const { requestId } = await stage.waitForCall(answer.headers['x-request-id'])
  return requestId
}
const shown = async (id: string) => {
  const { exitCode, out } = await relay('call', 'show', id)
  assert.equal(exitCode, 0)
  return out
}
const documentOf = async (id: string) =>
  JSON.parse((await relay('call', 'show', id, '--json')).out) as Record<string, unknown>

describe('relay call show', () => {
  test('is the receipt: who, what, how it ended, each line of the cost, and its entry', async () => {
    const id = await asked('hello')
    const text = await shown(id.toUpperCase())
    const { accountId, keyId, secret } = stage.customer
    for (const line of [
      new RegExp(`^Request id +${id}$`, 'm'),
      new RegExp(`^Account +${accountId}$`, 'm'),
      new RegExp(`^Key +No\\. ${keyId}, a key ${secret.slice(0, 7)}…${secret.slice(-4)}$`, 'm'),
      /^Status +200$/m,
      /^Outcome +completed: completed$/m,
      /^Upstream +openai$/m,
      /^The provider answered +200$/m,
      /^Attempts +1$/m,
      /^Input +\d+ +[\d.]+ +[\d.]+$/m,
      /^Output +\d+ +[\d.]+ +[\d.]+$/m,
      /^Price \d+, in force since /m,
      /^Held before the call +\$/m,
      /^Released +\$/m,
      /^Ledger entry No\. \d+, booked /m,
    ])
      assert.match(text, line)
    assert.ok(!text.includes(secret))
    const document = await documentOf(id)
    const [entry] = document.entries as Record<string, unknown>[]
    assert.equal(entry?.balance_nanos, -Number(document.cost_nanos))
  })

  const failures: [say: string, streamed: boolean, status: number | null, code: string | null][] = [
    ['[[status:400]]', false, 400, 'context_length_exceeded'],
    ['[[status:429]]', false, 429, 'rate_limit_exceeded'],
    ['[[quota]]', true, 429, 'insufficient_quota'],
    ['[[status:503]]', true, 503, 'server_error'],
    ['[[json-error]]', false, 200, 'server_error'],
    ['[[html]]', false, 200, null],
    ['[[reset:0]]', false, null, 'ECONNRESET'],
    ['hello', true, 200, null],
  ]
  for (const [say, streamed, status, code] of failures) {
    const how = streamed ? 'streamed' : 'plain'
    test(`says of ${say} ${how} what the upstream answered: ${status}, ${code}`, async () => {
      const document = await documentOf(await asked(say, streamed))
      assert.deepEqual([document.upstream_status, document.upstream_code], [status, code])
    })
  }

  test('says of an error in the middle of a stream what it was called', async () => {
    const document = await documentOf(await asked('[[error-event:2]]', true))
    assert.deepEqual([document.status, document.upstream_code], [200, 'server_error'])
  })

  test('says of a call under way what it holds, and of one that was dropped what it cost', async () => {
    const { ledger } = stage.relay.services
    const open = callOf(stage.customer)
    await hold(ledger, open, 1_000)
    const id = formatCallId(open.callId)
    assert.match(await shown(id), /has not ended: it holds \$0\.000001000 since/)
    await settle(ledger, open, 400)
    await stage.sql('delete from calls where id = ?', [open.callId])
    assert.match(await shown(id), /dropped by retain[^]*balance -0\.0000004/)
    assert.equal((await documentOf(id)).state, 'dropped')
  })

  test('says of an id that is no call where to look, and of no id what is wrong', async () => {
    const none = await relay('call', 'show', '01890000-0000-7000-8000-000000000000')
    assert.equal(none.exitCode, 1)
    assert.match(none.err, /There is no call 01890000.*LOG_LEVEL=debug/)
    const wrong = await relay('call', 'show', 'req_1')
    assert.equal(wrong.exitCode, 2)
  })
})
