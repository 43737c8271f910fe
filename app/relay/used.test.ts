import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Endpoint } from './endpoint.ts'
import { readUsage } from './openai/reported-usage.ts'
import type { Run } from './run.ts'
import { usageOf } from './used.ts'

const inputCounted = 41
const run = {
  call: {},
  endpoint: { countInput: () => Promise.resolve(inputCounted) } as Partial<Endpoint>,
} as Pick<Run, 'endpoint' | 'call'>

type Given = {
  usage: Record<string, unknown> | undefined
  counted: number
  isAhead: boolean
  isInputDue: boolean
}

/** What is charged, in whole numbers of any size, told apart from how the program finds it. */
function oracle({ usage, counted, isAhead, isInputDue }: Given): [bigint, bigint] {
  const said = BigInt(counted)
  const ofOurs: [bigint, bigint] = counted || isInputDue ? [BigInt(inputCounted), said] : [0n, 0n]
  if (!usage) return ofOurs
  const [input, output, total] = ['prompt_tokens', 'completion_tokens', 'total_tokens'].map(
    (name) => {
      const figure = usage[name]
      return Number.isInteger(figure) && Number(figure) >= 0 ? BigInt(figure as number) : undefined
    },
  )
  if (input === undefined || output === undefined) return ofOurs
  const isShort = total !== undefined && total > input + output
  const reported = isShort ? total - input : output
  if (counted === 0) return [input, reported]
  const least = reported === 0n || isAhead ? said : 0n
  return [
    input === 0n && !isShort ? BigInt(inputCounted) : input,
    reported > least ? reported : least,
  ]
}

const figure = fc.oneof({ weight: 5, arbitrary: fc.nat(300) }, fc.constantFrom(0, -1, 0.5, '9'))
const given = fc.record({
  usage: fc.option(
    fc.record(
      { prompt_tokens: figure, completion_tokens: figure, total_tokens: figure },
      { requiredKeys: ['prompt_tokens', 'completion_tokens'] },
    ),
    { nil: undefined },
  ),
  counted: fc.oneof(fc.constant(0), fc.nat(300)),
  isAhead: fc.boolean(),
  isInputDue: fc.boolean(),
})

test('whatever was reported and whatever came, what is charged is what the rule says', async () => {
  const property = fc.asyncProperty(given, async (it) => {
    const { counted, isAhead, isInputDue } = it
    const countOutput = () => Promise.resolve(counted)
    const reported = readUsage(it.usage)
    const heard = { reported, countOutput, searches: 0, isAhead, isInputDue }
    const usage = await usageOf(run, heard)
    const charged = [BigInt(usage.inputTokens), BigInt(usage.outputTokens)]
    assert.deepEqual(charged, oracle(it))
    // Nothing that was said is free, and nothing is charged for what nobody said or reported.
    if (counted > 0) assert.ok(usage.inputTokens + usage.outputTokens > 0)
    if (usage.source === 'none') assert.deepEqual(charged, [0n, 0n])
  })
  await fc.assert(property, { numRuns: 5_000 })
})

test('figures that can be taken as they are cost no count', async () => {
  const reported = readUsage({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 })
  const countOutput = () => Promise.reject(new Error('counted'))
  const heard = { reported, countOutput, searches: 0, isAhead: false, isInputDue: false }
  assert.equal((await usageOf(run, heard)).outputTokens, 4)
})

test('searches are charged where the upstream gives no figures, also beside not a word', async () => {
  const countOutput = () => Promise.resolve(0)
  const heard = { reported: undefined, countOutput, isAhead: false, isInputDue: false }
  assert.equal((await usageOf(run, { ...heard, searches: 0 })).source, 'none')
  const usage = await usageOf(run, { ...heard, searches: 2 })
  assert.deepEqual([usage.source, usage.more], ['counted', { searches: 2 }])
  assert.ok(usage.inputTokens > 0)
})
