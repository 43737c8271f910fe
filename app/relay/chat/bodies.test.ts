import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import type { Customer } from '../../../test/customer.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { limits } from '../../config/limits.ts'
import { credit } from '../../ledger/ledger.server.ts'
import { countTokensNow } from '../text/tokens.ts'

const { unaskedBytesMax, accountBytesMax, shortBytesMax } = limits.bodies
const { valuesMax, itemsMax } = limits.http.json
const kB = 1024
const shop = 'https://shop.example/credit'

describe('bodies', () => {
  let stage: Stage
  before(async () => (stage = await startStage({ env: { TOP_UP_URL: shop } })))
  after(() => stage.stop())
  afterEach(async () => {
    await eventually('no body is kept', () => stage.relay.services.bodies.bytes === 0)
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
  })

  const errorOf = (text: string) =>
    (JSON.parse(text) as { error: { message: string; param: string | null; code: string | null } })
      .error
  /** Somebody else each time: of one who sends long ones in vain the next is not read. */
  const refusedFor = async (rawBody: string, by?: Customer) => {
    const customer = by ?? (await stage.newCustomer())
    const before = stage.upstream.served().length
    const { status, text } = await stage.ask({ rawBody, customer })
    assert.equal(stage.upstream.served().length, before)
    return { status, ...errorOf(text) }
  }
  const head = ({ secret }: Customer, length: string) =>
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${secret}\r\n${length}\r\n\r\n`
  const user = (content: unknown) => ({ role: 'user', content })

  test('of more values than anybody needs are refused before they are parsed', async () => {
    // It is no JSON, which only parsing could tell.
    const values = await refusedFor(`{"model":"gpt-4o","x":[${'{},'.repeat(valuesMax)}`)
    assert.deepEqual([values.status, values.param], [400, 'x'])
    const deep = await refusedFor(`{"model":"gpt-4o","x":{"y":[${'{},'.repeat(valuesMax)}`)
    assert.equal(deep.status, 400)
    assert.match(deep.message, /more than 100,000 JSON values/)
    const messages = await refusedFor(`{"model":"gpt-4o","messages":[${'{},'.repeat(itemsMax)}{}`)
    assert.deepEqual([messages.status, messages.param], [400, 'messages'])
    assert.match(messages.message, /more than 10,000 items/)
    const parts = `{"role":"user","content":[${'{},'.repeat(itemsMax / 2)}{}]}`
    const inParts = await refusedFor(`{"model":"gpt-4o","messages":[${parts},${parts}`)
    assert.deepEqual([inParts.status, inParts.param], [400, 'messages'])
  })

  test('of more text than their model reads are refused, and pictures of that size are not', async () => {
    const bytes = 128_000 * limits.tokens.bytesPerTokenMost
    const text = await refusedFor(
      JSON.stringify({ model: 'gpt-4o', messages: [user('a b '.repeat(bytes / 4))] }),
    )
    assert.deepEqual([text.status, text.code], [413, 'request_too_large'])
    assert.match(text.message, /128,000 tokens/)
    const url = `data:image/png;base64,${'iVBORw0K'.repeat(bytes / 8)}`
    const picture = [{ type: 'image_url', image_url: { url } }]
    const { status } = await stage.ask({ body: { messages: [user(picture)] } })
    assert.equal(status, 200)
  })

  test('that are long are not read for whoever has no money, and are as soon as there is some', async () => {
    const poor = await stage.newCustomer({ balanceNanos: 0 })
    const long = JSON.stringify({
      model: 'gpt-4o',
      max_tokens: 5,
      messages: [user('hello '.repeat(unaskedBytesMax / 6))],
    })
    // Not a byte of it has been sent.
    const told = await stage.sendBytes(head(poor, `content-length: ${long.length}`), 'stay')
    assert.match(told, /^HTTP\/1\.1 402 /)
    assert.match(told, /"code":"insufficient_balance"/)
    assert.match(told, /"top_up_url":"https:\/\/shop.example\/credit"/)
    assert.match(told, /x-should-retry: false/i)
    // Nor to the end, where it does not say how long it is.
    const chunk = long.slice(0, unaskedBytesMax + 1)
    const chunked = `${chunk.length.toString(16)}\r\n${chunk}\r\n`
    const cut = await stage.sendBytes(head(poor, 'transfer-encoding: chunked') + chunked, 'stay')
    assert.match(cut, /^HTTP\/1\.1 402 /)
    const { db } = stage.relay.services
    const given = { accountId: poor.accountId, planNanos: 0, balanceNanos: 10e9, ref: randomUUID() }
    await credit(db, { kind: 'grant', actor: 'test', note: null, ...given })
    const { status } = await stage.ask({ rawBody: long, customer: poor })
    assert.equal(status, 200)
  })

  test('that are long are not read for a while when the last ones were refused', async () => {
    const { vainMax } = limits.bodies
    const customer = await stage.newCustomer()
    const long = `{"model":"gpt-4o","user":"${'x'.repeat(2 * unaskedBytesMax)}"}`
    for (let at = 0; at < vainMax; at++)
      assert.equal((await refusedFor(long, customer)).status, 400)
    const next = await refusedFor(long, customer)
    assert.deepEqual([next.status, next.code], [503, 'overloaded'])
    assert.equal((await stage.ask({ say: 'short', customer })).status, 200)
  })

  test('that do not fit the money are told so each time', async () => {
    const customer = await stage.newCustomer({ balanceNanos: 1_000_000 })
    const long = JSON.stringify({ model: 'gpt-4o', messages: [user('a b '.repeat(70 * kB))] })
    for (let at = 0; at <= limits.bodies.vainMax; at++)
      assert.equal((await refusedFor(long, customer)).status, 402)
  })

  test('that are long are not read for a key whose budget is spent', async () => {
    const spent = await stage.newKey(stage.customer.accountId, { budgetNanos: 1 })
    await stage.sql('update api_keys set spent_nanos = 1 where id = ?', [spent.keyId])
    const told = await stage.sendBytes(head(spent, 'content-length: 1000000'), 'stay')
    assert.match(told, /^HTTP\/1\.1 402 [^]*"code":"key_budget_exceeded"/)
    await stage.sql('update api_keys set spent_nanos = 0 where id = ?', [spent.keyId])
  })

  test('are refused while there is no room for them, and short ones are not', async () => {
    const { bodies } = stage.relay.services
    const long = { messages: [user('hello '.repeat(20 * kB))] }
    const share = bodies.open(stage.customer.accountId)
    share.take(accountBytesMax)
    const refused = await stage.ask({ body: long })
    assert.equal(refused.status, 503)
    assert.equal(refused.headers['retry-after'], '1')
    assert.match(errorOf(refused.text).message, /of this account/)
    // Another account has room.
    const other = await stage.newCustomer()
    assert.equal((await stage.ask({ body: long, customer: other })).status, 200)
    share.keep(accountBytesMax - shortBytesMax)
    assert.equal((await stage.ask({ say: 'short' })).status, 200)
    share.end()
    assert.equal((await stage.ask({ body: long })).status, 200)
  })

  test('are let go of once they are on the wire, and a bill is the same', async () => {
    const { bodies } = stage.relay.services
    /** A stream that is left as soon as so little is kept of its body. */
    const leave = (content: unknown, bytesKept: number) =>
      stage.ask({
        body: { messages: [user(content)], stream: true },
        onPiece: () => (bodies.bytes <= bytesKept ? 'leave' : undefined),
      })
    const words = `[[endless]] ${'hello there '.repeat(20 * kB)}`
    // Of its bytes, its text and what was parsed there is one text left, for the bill.
    const { headers } = await leave(words, 2 * (words.length + 100))
    const row = await stage.waitForCall(headers['x-request-id'])
    assert.deepEqual([row.outcome, row.source], ['disconnected', 'counted'])
    assert.equal(row.input, countTokensNow(words) + countTokensNow('user') + 3 + 3)
    const url = `data:image/png;base64,${'iVBORw0K'.repeat(100 * kB)}`
    const picture = [
      { type: 'text', text: '[[endless]]' },
      { type: 'image_url', image_url: { url } },
    ]
    await leave(picture, kB)
  })

  test('reach the upstream as they were sent, however long', async () => {
    const note = 'é漢 "quoted" \\ \n '.repeat(10 * kB)
    const rawBody = `{ "model":"gpt-4o",\n"metadata": ${JSON.stringify({ note })}, "messages":[{"role":"user","content":"[[echo-body]]"}]}`
    const { status, text } = await stage.ask({ rawBody })
    assert.equal(status, 200)
    const { choices } = JSON.parse(text) as { choices: { message: { content: string } }[] }
    const echoed = JSON.parse(choices[0]!.message.content) as { metadata: { note: string } }
    assert.equal(echoed.metadata.note, note)
  })

  test('that are counted keep nobody else waiting', async () => {
    // Enough if there were few tokens in it, and not if there are many: so it is counted.
    const poor = await stage.newCustomer({ balanceNanos: 300_000_000 })
    const messages = Array(200).fill(user('The quick brown fox jumps over it. '.repeat(230)))
    const order: string[] = []
    const counted = stage
      .ask({ body: { messages }, customer: poor })
      .then(({ status }) => order.push(`counted ${status}`))
    await eventually('it is being counted', () => stage.relay.services.bodies.bytes > 1_000_000)
    const other = await stage.ask({ say: 'hello' })
    order.push(`other ${other.status}`)
    await counted
    assert.deepEqual(order, ['other 200', 'counted 402'])
  })
})
