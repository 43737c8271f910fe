import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { Uncounted } from '../uncounted.ts'
import type { Meter } from '../meter.ts'
import { meterOf } from '../../../test/answers/meter-of-chunks.ts'
import { deliveredBy } from './delivered.ts'
import { chunks } from './said.ts'
import { countTokensOf } from '../text/count-tokens.ts'
import { countTokensNow } from '../text/tokens.ts'

const countTokens = (text: string) => countTokensOf([text])
const event = (chunk: unknown, end = '\n\n') => Buffer.from(`data: ${JSON.stringify(chunk)}${end}`)
const content = (text: string, index = 0) =>
  event({ choices: [{ index, delta: { content: text } }] })
const usage = (input: number, output: number) => ({
  prompt_tokens: input,
  completion_tokens: output,
})
const kindsOf = (meter: Meter, ...events: Buffer[]) =>
  meter.read(Buffer.concat(events)).map((it) => it.kind)
const bytesOf = (meter: Meter, ...events: Buffer[]) =>
  Buffer.concat(
    meter.read(Buffer.concat(events)).map((it) => ('bytes' in it ? it.bytes : Buffer.of())),
  )
const done = Buffer.from('data: [DONE]\n\n')

describe('the meter', () => {
  test('passes what says nothing special as one piece, untouched', () => {
    const events = Buffer.concat([content('a'), Buffer.from(': ping\n\n'), content('b')])
    const [only, ...more] = meterOf(false).read(events)
    assert.ok(only?.kind === 'pass' && only.bytes === events)
    assert.deepEqual(more, [])
  })

  test('withholds the usage-only event, and nothing beside it, unless it was asked for', () => {
    const parts = [content('a'), event({ choices: [], usage: usage(1, 2) }), Buffer.from(': x\n\n')]
    assert.deepEqual(bytesOf(meterOf(true), ...parts, done), Buffer.concat([...parts, done]))
    assert.deepEqual(
      bytesOf(meterOf(false), ...parts, done),
      Buffer.concat([parts[0]!, parts[2]!, done]),
    )
  })

  test('lets usage beside text through, and takes the last that came', () => {
    const meter = meterOf(false)
    const both = (output: number) =>
      event({ choices: [{ index: 0, delta: { content: 'a' } }], usage: usage(5, output) })
    assert.deepEqual(kindsOf(meter, both(1), both(2)), ['pass'])
    assert.deepEqual(kindsOf(meter, event({ choices: [], usage: null })), ['pass'])
    assert.ok(meter.reported && 'usage' in meter.reported)
    assert.equal(meter.reported.usage.outputTokens, 2)
  })

  test('stops at [DONE] and at an error, whatever comes behind', () => {
    const failed = event({ error: { message: 'broken' } })
    assert.deepEqual(kindsOf(meterOf(false), content('a'), done, content('b')), ['pass', 'end'])
    assert.deepEqual(kindsOf(meterOf(false), content('a'), failed, done), ['pass', 'error'])
    assert.deepEqual(kindsOf(meterOf(false), event({ error: null, choices: [] })), ['pass'])
  })

  test('is not fooled by a model that talks about usage, errors and [DONE]', () => {
    const meter = meterOf(false)
    const said = '{"usage":{"prompt_tokens":9,"completion_tokens":9},"error":{}} data: [DONE]\n\n'
    for (const text of [said, '[DONE]', '"error"', 'data: [DONE]'])
      assert.deepEqual(kindsOf(meter, content(text)), ['pass'])
    assert.equal(meter.reported, undefined)
  })

  test('passes on what it cannot read', () => {
    for (const odd of [
      'data: {"prompt_tokens":\n\n',
      'data: null "error"\n\n',
      'data: "_tokens"\n\n',
    ])
      assert.deepEqual(kindsOf(meterOf(false), Buffer.from(odd)), ['pass'])
  })

  test('notes the service tier that came with the usage', () => {
    const meter = meterOf(false)
    meter.read(event({ service_tier: 'priority', choices: [], usage: usage(1, 1) }))
    assert.equal(meter.serviceTier, 'priority')
    meter.read(event({ service_tier: '', choices: [], usage: usage(1, 1) }))
    assert.equal(meter.serviceTier, 'priority', 'an empty word says nothing')
  })

  test('finds the service tier in the chunks where no usage came', () => {
    const meter = meterOf(false)
    assert.equal(meter.serviceTier, null)
    meter.read(event({ service_tier: 'flex', choices: [{ index: 0, delta: { content: 'a' } }] }))
    assert.equal(meter.serviceTier, 'flex')
  })
})

describe('what was delivered', () => {
  const words = fc
    .array(
      fc.constantFrom('word', 'naïve', '你好', '🚀', 'def f(x):', '\n\n', '  ', 'x'.repeat(40)),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((all) => all.join(' '))

  test('counts as its whole text does, within a token for each time it was cut', async () => {
    const property = fc.asyncProperty(
      fc.array(words, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(1, 2_000, 1e9),
      async (texts, times, keptBytesMax) => {
        const uncounted = new Uncounted(keptBytesMax, chunks)
        for (let i = 0; i < times; i++) for (const text of texts) uncounted.add(content(`${text} `))
        const whole = texts
          .map((text) => `${text} `)
          .join('')
          .repeat(times)
        const cuts = Math.floor(whole.length / 8_000) + 1
        const [counted, truth] = [await uncounted.tokens(), await countTokens(whole)]
        assert.ok(Math.abs(counted - truth) <= cuts, `${counted} for ${truth}, ${cuts} cuts`)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  test('is counted for each choice apart, and however the events were batched', async () => {
    const [apart, together] = [new Uncounted(1, chunks), new Uncounted(1e9, chunks)]
    const events = [
      content('to', 0),
      content('kens and', 1),
      content('kens', 0),
      content(' more', 1),
    ]
    for (const one of events) apart.add(one)
    together.add(Buffer.concat(events))
    const truth = (await countTokens('tokens')) + (await countTokens('kens and more'))
    assert.deepEqual([await apart.tokens(), await together.tokens()], [truth, truth])
  })

  test('is every kind of output, and no role, id or error', () => {
    const said = (delta: object) => deliveredBy({ choices: [{ index: 0, delta }] })[0]?.text
    assert.equal(said({ role: 'assistant', content: null }), '')
    assert.equal(said({ refusal: 'no' }), 'no')
    assert.equal(said({ reasoning_content: 'hm', reasoning: 'hm' }), 'hm')
    const call = { index: 0, id: 'call_1', function: { name: 'f', arguments: '{"a"' } }
    assert.equal(said({ tool_calls: [call, { function: { arguments: ':1}' } }] }), 'f{"a":1}')
    assert.equal(said({ function_call: { name: 'g', arguments: '()' } }), 'g()')
    assert.deepEqual(deliveredBy({ error: { message: 'broken' } }), [])
    assert.equal(deliveredBy({ choices: [{ message: { content: 'plain' } }] })[0]?.text, 'plain')
  })

  test('of many megabytes in one event is counted at the end, and lets others have their turn', async () => {
    const uncounted = new Uncounted(1, chunks)
    const words = 'as many words as nobody says at once '.repeat(30_000)
    uncounted.add(content(words))
    uncounted.add(content('and a few'))
    let turns = 0
    const others = setInterval(() => turns++, 0)
    const tokens = await uncounted.tokens()
    clearInterval(others)
    assert.ok(turns > 10, `${turns} turns`)
    assert.ok(Math.abs(tokens - (await countTokens(`${words}and a few`))) <= 2)
    const more = new Uncounted(1, chunks)
    for (let i = 0; i < 40; i++) more.add(content('x'.repeat(1_000_000)))
    assert.ok((await more.tokens()) > 38_000_000 / limits.tokens.charsPerTokenMost)
  })

  test('is nothing to worry about in any form', async () => {
    fc.assert(
      fc.property(fc.anything(), (given) => void deliveredBy(given)),
      { numRuns: 3_000 },
    )
    const hostile = fc.jsonValue().map((it) => ({ choices: [it, { delta: it }, { message: it }] }))
    const property = fc.asyncProperty(hostile, async (chunk) => {
      const uncounted = new Uncounted(1, chunks)
      uncounted.add(event(chunk))
      assert.ok((await uncounted.tokens()) >= 0)
    })
    await fc.assert(property, { numRuns: 3_000 })
  })
})

describe('counting', () => {
  test('takes text that names a special token for text', async () => {
    assert.ok((await countTokens('<|endoftext|>')) > 3)
    assert.equal(await countTokens(''), 0)
  })

  test('is the same at once and in turns', async () => {
    const text = 'The quick brown fox. 你好 🚀 '.repeat(2_000)
    assert.equal(await countTokens(text), countTokensNow(text))
  })

  test('ends soon for the texts on which the tokenizer alone would take hours', async () => {
    for (const unit of ['a', ' ', '你', '\n', '🚀', '=', '\u0301'])
      assert.ok((await countTokens(unit.repeat(200_000))) > 100)
  })
})
