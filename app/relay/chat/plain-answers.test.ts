import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { limits } from '../../config/limits.ts'
import { AnswerBudget } from '../../upstreams/upstreams.server.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import {
  json,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../../test/upstreams/scripted-upstream.ts'
import { errorIn } from '../../../test/wire.ts'
import { chat } from './chat.ts'

const MiB = 2 ** 20
let stage: Stage
let upstream: ScriptedUpstream
before(async () => {
  upstream = await startScriptedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
})
afterEach(async () => {
  stage.relay.services.answers = new AnswerBudget(limits.answers)
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  await upstream.close()
})

const model = 'gpt-4o'
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const figures = { promptTokens: 9, cachedTokens: 0, cacheWriteTokens: 0, completionTokens: 3 }
const choicesOf = (content: string, more = {}) => [
  { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop', ...more },
]
const completion = (content: string) => ({ model, choices: choicesOf(content), usage })

async function asked(body: Record<string, unknown> = {}) {
  const answer = await stage.ask({ body: { model, ...body } })
  return { answer, row: await stage.waitForCall(answer.headers['x-request-id']) }
}
const answerWith = (text: string, isReset = false) =>
  upstream.answerWith({ headers: { 'content-type': 'application/json' }, parts: [text], isReset })

describe('a plain answer that fails after the 200 of its upstream costs nothing, and the row knows', () => {
  const text = JSON.stringify(completion('five words are said here'))
  const cases: [string, string, boolean][] = [
    ['that is no JSON', `${text},`, false],
    ['of which half came', text.slice(0, text.indexOf('"usage"')), false],
    ['whose connection breaks', text.slice(0, 70), true],
    ['that is no completion', '{"model":"gpt-4o"}', false],
    ['of which nothing came', '', true],
  ]
  for (const [what, bytes, isReset] of cases) {
    test(what, async () => {
      answerWith(bytes, isReset)
      const { answer, row } = await asked()
      assert.equal(answer.status, 502)
      assert.deepEqual([row.outcome, row.cost, row.source], ['failed', 0, 'none'])
      assert.ok(row.waived > 0)
    })
  }

  test('unless that cannot be counted, and then it is settled all the same', async (t) => {
    t.mock.method(chat, 'broken', () => {
      throw new Error('a mistake in the counting')
    })
    answerWith(text.slice(0, 70), true)
    const { answer, row } = await asked()
    assert.deepEqual([answer.status, errorIn(answer).code], [502, 'upstream_error'])
    assert.deepEqual([row.outcome, row.error, row.cost], ['failed', 'upstream_error', 0])
    assert.equal(row.waived, 0)
  })

  test('by the figures of the upstream where they came', async () => {
    answerWith(`${text}}`)
    const { row } = await asked()
    assert.equal(row.waived, listPrice(model, figures))
  })

  test('but not one that says that nothing was done', async () => {
    upstream.answerWith(json(200, { error: { message: 'out of order', type: 'server_error' } }))
    const { answer, row } = await asked()
    assert.deepEqual([answer.status, row.cost, row.waived], [502, 0, 0])
  })

  test('one longer than is passed on is not asked for again', async () => {
    const mib = Buffer.alloc(MiB, 'x')
    const head = '{"choices":[{"message":{"content":"'
    upstream.answerWith({
      headers: { 'content-type': 'application/json' },
      parts: [head, ...Array.from({ length: 65 }, () => mib)],
    })
    const { answer, row } = await asked({ max_tokens: 500 })
    assert.equal(errorIn(answer).code, 'upstream_error')
    assert.equal(answer.headers['x-should-retry'], 'false')
    assert.equal(upstream.calls(), 1)
    assert.equal(row.cost, 0)
    // All that it may have had.
    assert.ok(row.waived > listPrice(model, { ...figures, promptTokens: 0, completionTokens: 499 }))
  })
})

describe('a call whose plain answer may be longer than is passed on', () => {
  test('is refused before anybody is paid for it', async () => {
    upstream.answerWith(json(200, completion('x')))
    for (const [param, body] of [
      ['top_logprobs', { n: 128, logprobs: true, top_logprobs: 20, max_tokens: 500 }],
      ['top_logprobs', { logprobs: true, top_logprobs: 20, max_completion_tokens: 16_384 }],
      ['top_logprobs', { logprobs: true, top_logprobs: 1e9 }],
      ['logprobs', { n: 128, logprobs: true, max_tokens: 2_000 }],
    ] as const) {
      const answer = await stage.ask({ body: { model, ...body } })
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.equal(errorIn(answer).param, param)
      assert.match(errorIn(answer).message, /64 MiB.*Ask for a stream/)
    }
    assert.equal(upstream.calls(), 0)
    for (const body of [
      { n: 128, logprobs: true, top_logprobs: 20, max_tokens: 90 },
      { n: 128, max_tokens: 16_384 },
      { logprobs: true, top_logprobs: 5 },
    ])
      assert.equal((await stage.ask({ body: { model, ...body } })).status, 200)
  })

  test('is given a limit where it names none, and told so', async () => {
    upstream.answerWith(json(200, completion('x')))
    const { answer, row } = await asked({ n: 8, logprobs: true, top_logprobs: 20 })
    assert.ok(row.tokensMax < 2_000, `${row.tokensMax}`)
    assert.equal(answer.headers['x-relay-max-tokens'], String(row.tokensMax))
    assert.equal((await asked()).answer.headers['x-relay-max-tokens'], undefined)
  })
})

describe('a long answer', () => {
  const long = 'many words '.repeat(150_000)
  const said = choicesOf(long)
  const readable: [string, unknown][] = [
    ['with figures behind it', { model, choices: said, usage }],
    ['with figures before it', { usage, service_tier: 'default', choices: said, model }],
    ['with Groq’s figures', { model, x_groq: { usage }, choices: said }],
    ['with figures of its choice', { model, choices: choicesOf(long, { usage }) }],
    ['with figures that are none', { model, usage: 'no', choices: choicesOf(long, { usage }) }],
  ]
  for (const [what, body] of readable) {
    test(`${what} is charged by them`, async () => {
      upstream.answerWith(json(200, body))
      const { answer, row } = await asked()
      assert.deepEqual(JSON.parse(answer.text), body)
      assert.equal(answer.headers['content-length'], String(answer.bytes.length))
      assert.deepEqual([row.source, row.cost], ['upstream', listPrice(model, figures)])
    })
  }

  test('without figures is counted', async () => {
    upstream.answerWith(json(200, { model, choices: said }))
    const { row } = await asked()
    assert.equal(row.source, 'counted')
    assert.ok(row.output > 250_000 && row.output < 350_000, `${row.output}`)
  })

  test('that is no whole completion is an error', async () => {
    const text = JSON.stringify({ model, choices: said, usage })
    for (const bytes of [
      text.slice(0, -1),
      `${text}x`,
      `[${text}]`,
      JSON.stringify({ model, choices: long, usage }),
      JSON.stringify({ error: { message: 'no' }, choices: said, usage }),
    ]) {
      answerWith(bytes)
      const { answer, row } = await asked()
      assert.deepEqual([answer.status, row.cost], [502, 0])
      assert.ok(row.waived > 0)
    }
  })
})

describe('answers have a budget of memory', () => {
  const body = completion('a word '.repeat(100_000))
  const small = { ...limits.answers, processBytesMax: 2 * MiB, accountBytesMax: MiB }

  test('within which many at once wait for one another, and all come through', async () => {
    const answers = new AnswerBudget(small)
    stage.relay.services.answers = answers
    let most = 0
    const { open } = answers
    answers.open = (accountId) => {
      const share = open.call(answers, accountId)
      const { add } = share
      share.add = (bytes) => {
        const waits = add(bytes)
        most = Math.max(most, answers.bytes)
        return waits
      }
      return share
    }
    upstream.answerWith(json(200, body))
    const all = await Promise.all(Array.from({ length: 24 }, () => asked()))
    for (const { answer, row } of all) {
      assert.equal(answer.status, 200)
      assert.equal(row.cost, listPrice(model, figures))
    }
    // One account's part of it, one answer beyond it, and of each of the others the piece that waits.
    assert.ok(most <= MiB + MiB + 24 * 2 * limits.answers.pieceBytesMax, `${most / MiB} MiB`)
    await eventually('all is given back', () => answers.bytes === 0)
  })

  test('past which they are refused in the end, at no cost and not to be asked again', async () => {
    stage.relay.services.answers = new AnswerBudget({ ...small, waitMsMax: 1, lookEveryMs: 5 })
    const never = stage.relay.services.answers.open(stage.customer.accountId)
    void never.add(3 * MiB)
    upstream.answerWith(json(200, body))
    const { answer, row } = await asked()
    // No 503: proxies would make it again, and the upstream bills each of them.
    assert.equal(answer.status, 502)
    assert.equal(errorIn(answer).code, 'overloaded')
    assert.equal(answer.headers['x-should-retry'], 'false')
    assert.equal(answer.headers['retry-after'], undefined)
    assert.deepEqual([row.outcome, row.cost], ['failed', 0])
    assert.ok(row.waived > 0)
    never.end()
  })

  /** A call of somebody who does not take its answer. */
  async function takesNothing() {
    const customer = await stage.newCustomer()
    const asks = JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] })
    const socket = connect(Number(new URL(stage.relay.url).port), '127.0.0.1')
    socket.pause()
    socket.on('error', () => undefined)
    const cut = new Promise((resolve) => socket.once('close', resolve))
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${customer.secret}\r\n` +
        `content-type: application/json\r\ncontent-length: ${asks.length}\r\n\r\n${asks}`,
    )
    return { socket, cut, row: await stage.lastCall(customer) }
  }

  test('and who does not take theirs keeps nobody else waiting', async () => {
    // Whoever waits at all is refused.
    const answers = new AnswerBudget({ ...small, waitMsMax: 0, lookEveryMs: 1 })
    stage.relay.services.answers = answers
    upstream.answerWith(json(200, completion('a word '.repeat(3_000_000))))
    const { socket, cut } = await takesNothing()
    assert.ok(answers.bytes > small.processBytesMax)
    upstream.answerWith(json(200, body))
    const { answer, row } = await asked()
    assert.deepEqual([answer.status, row.cost], [200, listPrice(model, figures)])
    socket.destroy()
    await cut
  })

  test('and who takes theirs too slowly loses it to those that wait, and pays for it', async () => {
    const answers = new AnswerBudget({ ...small, takeMsMax: 0, lookEveryMs: 5 })
    stage.relay.services.answers = answers
    upstream.answerWith(json(200, completion('a word '.repeat(3_000_000))))
    const { socket, cut, row: slow } = await takesNothing()
    assert.ok(answers.bytes > small.processBytesMax)
    // It is beyond the budget already, and so is another one: this one has to wait for it.
    const ahead = answers.open(0)
    assert.equal(await ahead.add(2 * limits.answers.pieceBytesMax), true)
    upstream.answerWith(json(200, body))
    const { answer } = await asked()
    assert.equal(answer.status, 200)
    socket.resume()
    await cut
    ahead.end()
    assert.deepEqual([slow.outcome, slow.cost], ['completed', listPrice(model, figures)])
  })
})
