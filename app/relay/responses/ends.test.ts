import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { answerPlain, startHandFedUpstream } from '../../../test/upstreams/hand-fed-upstream.ts'
import {
  begin,
  eventOf,
  lastOf,
  opening,
  responseOf,
  usage,
  words,
} from '../../../test/upstreams/responses.ts'
import { eventsOf } from '../../../test/raw-client.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'

const model = 'gpt-4.1'
let upstream: Awaited<ReturnType<typeof startHandFedUpstream>>
let stage: Stage
before(async () => {
  upstream = await startHandFedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  upstream.close()
})

const figures = { promptTokens: 20, completionTokens: 3, cachedTokens: 8, cacheWriteTokens: 0 }
const price = listPrice(model, figures)

/** Asks for a stream whose upstream sends this and ends well, and answers what became of it. */
async function asked(bytes: string, body: object = {}, path = 'responses') {
  upstream.play((res) => {
    begin(res)
    res.end(bytes)
  })
  const request = { model, input: 'say so', stream: true, ...body }
  const answer = await stage.ask({ path, body: request })
  return { answer, row: await stage.waitForCall(answer.headers['x-request-id']) }
}
const lastIn = (text: string) =>
  JSON.parse(eventsOf(text).at(-1) ?? 'null') as Record<string, unknown>

describe('a last event with usage', () => {
  for (const status of ['completed', 'incomplete']) {
    test(`of a response that is ${status} is charged, and every byte is the upstream’s`, async () => {
      for (const end of ['\n', '\r\n', '\r']) {
        const bytes = opening(end) + words(end) + lastOf(status, {}, end)
        const { answer, row } = await asked(bytes)
        assert.equal(answer.text, bytes)
        assert.deepEqual([row.outcome, row.status, row.cost], ['completed', 200, price])
        const { source, input, cached, output, reasoning, tier } = row
        assert.deepEqual([source, input, cached, output], ['upstream', 20, 8, 3])
        assert.deepEqual([reasoning, tier], [1, 'default'])
      }
    })
  }

  test('of a response that has failed after some words is charged too, and goes out as it came', async () => {
    const error = { code: 'server_error', message: 'It broke.' }
    const bytes = opening() + words() + lastOf('failed', { error, output: [] })
    const { answer, row } = await asked(bytes)
    assert.equal(answer.text, bytes)
    assert.deepEqual([row.outcome, row.cost, row.source], ['failed', price, 'upstream'])
  })

  test('of one that has failed before a word costs nothing', async () => {
    const error = { code: 'server_error', message: 'It broke.' }
    const bytes = opening() + lastOf('failed', { error })
    const { answer, row } = await asked(bytes)
    assert.equal(answer.text, bytes)
    assert.deepEqual([row.outcome, row.cost], ['failed', 0])
  })

  test('that lacks its last line ends is one all the same', async () => {
    const { row } = await asked((opening() + words() + lastOf('completed')).trimEnd())
    assert.deepEqual([row.outcome, row.cost], ['completed', price])
  })

  test('is one by the name in its data, whether there is a line for it or not', async () => {
    const bytes = (opening() + words() + lastOf('completed')).replace(/^event: .*\n/gm, '')
    const { answer, row } = await asked(bytes)
    assert.equal(answer.text, bytes)
    assert.deepEqual([row.outcome, row.cost], ['completed', price])
  })
})

describe('without usage', () => {
  test('a good end is charged for what was delivered, counted', async () => {
    for (const given of [{ usage: null }, { usage: undefined }]) {
      const { row } = await asked(opening() + words() + lastOf('completed', given))
      assert.deepEqual([row.outcome, row.source, row.output], ['completed', 'counted', 3])
      assert.ok(row.input > 0 && row.cost > 0)
    }
  })

  test('what only the last event says is counted', async () => {
    const { row } = await asked(opening() + lastOf('completed', { usage: null }))
    assert.deepEqual([row.source, row.output], ['counted', 3])
  })

  test('a good end that delivers nothing is free', async () => {
    const { row } = await asked(opening() + lastOf('completed', { usage: null, output: [] }))
    assert.deepEqual([row.outcome, row.cost], ['completed', 0])
  })

  test('a failure costs nothing, and the operator may owe what came', async () => {
    const error = { code: 'server_error', message: 'It broke.' }
    const bytes = opening() + words() + lastOf('failed', { usage: null, error, output: [] })
    const { answer, row } = await asked(bytes)
    assert.equal(answer.text, bytes)
    assert.deepEqual([row.outcome, row.cost], ['failed', 0])
    assert.ok(row.waived > 0)
  })

  test('figures that are nonsense are counted instead', async () => {
    const { row } = await asked(
      opening() + words() + lastOf('completed', { usage: { ...usage, output_tokens: -3 } }),
    )
    assert.deepEqual([row.source, row.flag, row.output], ['counted', 'absurd', 3])
  })

  test('zeros beside words are counted', async () => {
    const zeros = { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
    const { row } = await asked(opening() + words() + lastOf('completed', { usage: zeros }))
    assert.deepEqual([row.source, row.flag, row.output], ['counted', 'zeros', 3])
  })
})

describe('an early end', () => {
  test('without a last event is an error event, also where the connection ends well', async () => {
    for (const bytes of [
      opening() + words(),
      opening(),
      opening() + words() + 'event: response.com',
    ]) {
      const { answer, row } = await asked(bytes)
      assert.equal(answer.broken, undefined)
      const { type, message, code, param, sequence_number: number } = lastIn(answer.text)
      assert.ok(/\nevent: error\ndata: .*\n\n$/.test(answer.text))
      assert.deepEqual([type, code, param], ['error', 'upstream_error', null])
      assert.equal(message, 'The connection to the provider was terminated.')
      assert.equal(number, bytes.includes('delta') ? 5 : 2)
      assert.deepEqual([row.outcome, row.cost], ['failed', 0])
    }
  })

  test('by an error event of the upstream is told in our words, and costs nothing', async () => {
    const said = { code: 'server_error', message: 'secret words', param: null, sequence_number: 9 }
    for (const event of [
      eventOf('error', said),
      eventOf('error', { error: said }),
      `data: ${JSON.stringify({ error: said })}\n\n`,
    ]) {
      const { answer, row } = await asked(opening() + words() + event)
      assert.ok(!answer.text.includes('secret words'))
      assert.equal(lastIn(answer.text).type, 'error')
      assert.deepEqual([row.outcome, row.cost], ['failed', 0])
    }
  })

  test('by an error as the first event is a true status, with its words where they are the client’s', async () => {
    const bad = { code: 'invalid_prompt', message: 'Not this one.', param: 'input' }
    for (const bytes of [
      eventOf('error', bad),
      eventOf('response.failed', { response: responseOf({ status: 'failed', error: bad }) }),
    ]) {
      const { answer, row } = await asked(bytes)
      assert.equal(answer.status, 400)
      assert.equal(errorIn(answer).message, 'Not this one.')
      assert.deepEqual([row.outcome, row.cost, row.error], ['failed', 0, 'upstream_refused'])
    }
    const { answer } = await asked(eventOf('error', { code: 'server_error', message: 'secret' }))
    assert.equal(answer.status, 502)
    assert.ok(!answer.text.includes('secret'))
  })

  test('that would tell of the operator is told in our words', async () => {
    for (const error of [
      { code: 'insufficient_quota', message: 'You exceeded your current quota.' },
      { code: 'rate_limit_exceeded', message: 'Limit reached in organization org-abc.' },
      { code: 'server_error', message: `Bad key ${stage.upstream.apiKey}.` },
    ]) {
      const bytes = opening() + words() + lastOf('failed', { error, usage: null })
      const { answer } = await asked(bytes)
      assert.ok(!answer.text.includes(error.message))
      assert.equal(lastIn(answer.text).type, 'error')
    }
    const error = { code: 'rate_limit_exceeded', message: 'Try again in 3 s.' }
    const bytes = opening() + words() + lastOf('failed', { error, usage: null })
    assert.equal((await asked(bytes)).answer.text, bytes)
  })
})

describe('a key that is revoked within a stream', () => {
  test('ends it as one that has failed, with its code, and is charged for what came', async () => {
    const { accountId } = stage.customer
    const customer = { ...stage.customer, ...(await stage.newKey(accountId)) }
    upstream.play((res) => {
      begin(res)
      res.write(opening() + words())
    })
    let isRevoked = false
    const answer = await stage.ask({
      customer,
      path: 'responses',
      body: { model, input: 'a', stream: true },
      onPiece: (all) => {
        if (isRevoked || !all.includes('three')) return undefined
        isRevoked = true
        void stage.sql('update api_keys set revoked_at = now(3) where id = ?', [customer.keyId])
        return undefined
      },
    })
    const { type, sequence_number: number, response } = lastIn(answer.text)
    assert.deepEqual([type, number], ['response.failed', 5])
    const { id, status, error } = response as Record<string, unknown>
    assert.deepEqual([id, status], ['resp_1', 'failed'])
    assert.equal((error as { code: string }).code, 'invalid_api_key')
    const row = await stage.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.output, row.source], ['revoked', 3, 'counted'])
  })
})

describe('a plain response', () => {
  const plain = async (body: object, more: object = {}, path = 'responses') => {
    upstream.play((res) => answerPlain(res, body))
    const answer = await stage.ask({ path, body: { model, input: 'a', ...more } })
    return { answer, row: await stage.waitForCall(answer.headers['x-request-id']) }
  }

  test('is passed on as it came, and charged by its figures', async () => {
    for (const status of ['completed', 'incomplete']) {
      const { answer, row } = await plain(responseOf({ status }))
      assert.equal(answer.text, JSON.stringify(responseOf({ status })))
      assert.deepEqual([row.outcome, row.cost, row.cached], ['completed', price, 8])
    }
  })

  test('that is longer than is parsed at once is charged by the same figures', async () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'x '.repeat(1e6) }] }]
    const { row } = await plain(responseOf({ output }))
    assert.deepEqual([row.outcome, row.cost], ['completed', price])
  })

  test('that has failed, or is not there yet, is the upstream’s failure and free', async () => {
    const error = { code: 'server_error', message: 'It broke.' }
    for (const body of [
      responseOf({ status: 'failed', error }),
      responseOf({ status: 'failed' }),
      responseOf({ status: 'queued', usage: null }),
      responseOf({ output: 'none' }),
      { choices: [] },
    ]) {
      const { answer, row } = await plain(body)
      assert.equal(answer.status, 502)
      assert.deepEqual([row.outcome, row.cost], ['failed', 0])
    }
  })

  test('without usage is charged for what it says', async () => {
    const { row } = await plain(responseOf({ usage: null }))
    assert.deepEqual([row.outcome, row.source, row.output], ['completed', 'counted', 3])
  })

  test('of a compaction is charged in the same way', async () => {
    const body = {
      id: 'resp_2',
      object: 'response.compaction',
      output: [{ type: 'compaction' }],
      usage,
    }
    const { answer, row } = await plain(
      body,
      { tools: [{ type: 'function', name: 'f' }] },
      'responses/compact',
    )
    assert.equal(answer.text, JSON.stringify(body))
    assert.deepEqual([row.outcome, row.cost, row.streamed], ['completed', price, 0])
    assert.equal(upstream.heard.at(-1)?.path, '/v1/responses/compact')
    const { answer: refused } = await plainRefused({ stream: true })
    assert.equal(errorIn(refused).param, 'stream')
  })

  const plainRefused = async (more: object) => ({
    answer: await stage.ask({ path: 'responses/compact', body: { model, input: 'a', ...more } }),
  })
})

test('an event of a megabyte passes as it came', async () => {
  const delta = 'word '.repeat(200_000)
  const bytes = opening() + eventOf('response.output_text.delta', { delta }) + lastOf('completed')
  const { answer, row } = await asked(bytes)
  assert.equal(answer.text, bytes)
  assert.equal(row.cost, price)
})
