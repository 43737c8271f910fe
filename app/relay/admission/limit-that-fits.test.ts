import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
before(async () => (stage = await startStage({ pace: 'fast' })))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const say = 'naïve 你好 🚀 a word [[repeat:1]]'
const messages = [{ role: 'user', content: say }]
const forms = {
  chat: { path: 'chat/completions', model: 'gpt-4o-mini', body: { messages }, least: 1 },
  reasoning: { path: 'chat/completions', model: 'gpt-5', body: { messages }, least: 1 },
  responses: { path: 'responses', model: 'gpt-5', body: { input: say }, least: 16 },
  messages: { path: 'messages', model: 'claude-haiku-4-5', body: { messages }, least: 1 },
  thinking: {
    path: 'messages',
    model: 'claude-haiku-4-5',
    body: { messages, thinking: { type: 'enabled', budget_tokens: 1_024 } },
    least: 1_025,
  },
  completions: {
    path: 'completions',
    model: 'gpt-3.5-turbo-instruct',
    body: { prompt: say },
    least: 1,
  },
}
type Form = keyof typeof forms

const memberOf: Record<Form, string> = {
  chat: 'max_tokens',
  reasoning: 'max_completion_tokens',
  responses: 'max_output_tokens',
  messages: 'max_tokens',
  thinking: 'max_tokens',
  completions: 'max_tokens',
}

/** A limit as somebody may write it; null is none. */
const limitOf = (isNeeded: boolean) => {
  const number = fc.integer({ min: 2_000, max: 150_000 }).map(String)
  const odd = fc.constantFrom('1e4', '2E4', '60000.0', '150000')
  return isNeeded ? fc.oneof(number, odd) : fc.oneof(fc.constant(null), number, odd)
}
const asks = (form: Form) =>
  fc.record({
    limit: limitOf(form === 'messages' || form === 'thinking'),
    /** Of what the call would need, so much is there. */
    share: fc.double({ min: 0.01, max: 0.999, noNaN: true }),
    indent: fc.constantFrom(0, 2, 4),
    isBudget: fc.boolean(),
  })

type Wish = { limit: string | null; share: number; indent: number; isBudget: boolean }

/** What chance has found: a limit that is longer in digits, with a blank before it that is none of it. */
const examples: [Wish][] = [
  [{ limit: '2E4', share: 0.914173927797906, indent: 2, isBudget: false }],
]

type Told = { error: { message: string; needed_usd: string; max_tokens_affordable: number } }

/** Of both dialects' errors what a program reads. */
const toldIn = (text: string) => (JSON.parse(text) as Told).error

describe('a limit that a refusal says fits', () => {
  for (const form of Object.keys(forms) as Form[]) {
    test(`is let in when it is said: ${form}`, async () => {
      const { path, model, body, least } = forms[form]
      const most = stage.relay.services.catalog.find(model, new Date())!.outputTokensMax
      let told = 0
      const isTrue = async ({ limit, share, indent, isBudget }: Wish) => {
        const bodyWith = (said: string | null) => {
          const rest = JSON.stringify({ model, ...body }, null, indent)
          const member = `"${memberOf[form]}":${indent ? ' ' : ''}${said},`
          const blanks = indent ? `\n${' '.repeat(indent)}` : ''
          return said === null ? rest : `{${blanks}${member}${rest.slice(1)}`
        }
        const poor = await stage.newCustomer({ balanceNanos: 1 })
        const needed = await stage.ask({ customer: poor, path, rawBody: bodyWith(limit) })
        const nanos = Math.max(1, Math.floor(Number(toldIn(needed.text).needed_usd) * 1e9 * share))
        const purse = isBudget ? { budgetNanos: nanos } : { balanceNanos: nanos }
        const customer = await stage.newCustomer(purse)
        const ask = (said: string | null) => stage.ask({ customer, path, rawBody: bodyWith(said) })
        const first = await ask(limit)
        if (first.status === 200) return
        assert.equal(first.status, 402, first.text)
        const { message, max_tokens_affordable: fits } = toldIn(first.text)
        if (fits === 0) return assert.match(message, /Even the shortest answer does not fit/)
        told++
        assert.ok(message.endsWith(`With a limit of ${fits} output tokens it fits.`), message)
        assert.ok(fits >= least && fits <= most, String(fits))
        const again = await ask(String(fits))
        assert.equal(again.status, 200, `${limit} ${nanos} ${fits}: ${again.text}`)
      }
      await fc.assert(fc.asyncProperty(asks(form), isTrue), { numRuns: 25, examples })
      assert.ok(told > 0)
    })
  }
})

test('an embedding that does not fit is to be shorter: it has no answer', async () => {
  const customer = await stage.newCustomer({ balanceNanos: 1 })
  const body = { model: 'text-embedding-3-small', input: 'some words that are too many' }
  const answer = await stage.ask({ customer, path: 'embeddings', body })
  assert.equal(answer.status, 402)
  const { message, max_tokens_affordable: fits } = toldIn(answer.text)
  assert.match(message, /\. Shorten the input, or ask whoever runs this relay for credit\.$/)
  assert.equal(fits, 0)
})

test('a response is given no limit that its upstream would refuse', async () => {
  const body = { model: 'gpt-5', input: 'hello', top_logprobs: 1_000_000_000 }
  const answer = await stage.ask({ path: 'responses', body })
  assert.equal(answer.status, 400)
  assert.match(answer.text, /top_logprobs/)
})
