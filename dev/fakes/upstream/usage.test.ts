import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../../test/present.ts'
import { startDemoUpstream, type DemoUpstream } from './demo-upstream.server.ts'
import { ask, askStream, chunksIn, contentOf, lastServed } from '../../../test/raw-client.ts'
import { countText } from './text/tokens.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())

type Usage = Record<string, unknown> & {
  prompt_tokens_details: Record<string, number>
  completion_tokens_details: Record<string, number>
}

/** The usage objects of a stream and of a plain call that asked for the same. */
async function usagesFor(say: string, body = {}): Promise<{ streamed: Usage[]; plain: Usage }> {
  const chunks = chunksIn((await askStream(upstream, { say, body })).text)
  const streamed = chunks.flatMap((chunk) => (chunk.usage ? [chunk.usage as Usage] : []))
  const { usage } = JSON.parse((await ask(upstream, { say, body })).text) as { usage: Usage }
  return { streamed, plain: usage }
}

test('no-usage never mentions it', async () => {
  const { text } = await askStream(upstream, { say: '[[no-usage]]' })
  assert.ok(!text.includes('usage'))
  assert.ok(!(await ask(upstream, { say: '[[no-usage]]' })).text.includes('usage'))
  const served = await lastServed(upstream)
  assert.equal(served.reportedUsage, null)
  assert.ok(served.completionTokens > 0)
})

const absurdities: Record<string, (usage: Usage) => boolean> = {
  negative: (usage) => Number(usage.completion_tokens) < 0,
  nan: (usage) => usage.completion_tokens === 'NaN',
  huge: (usage) => usage.completion_tokens === 1e18,
  float: (usage) => Number(usage.prompt_tokens) % 1 === 0.5,
  string: (usage) => typeof usage.total_tokens === 'string',
  null: (usage) => usage.prompt_tokens === null,
  'cached-over': (usage) =>
    present(usage.prompt_tokens_details.cached_tokens) > Number(usage.prompt_tokens),
}
for (const [kind, isAbsurd] of Object.entries(absurdities)) {
  test(`absurd-usage:${kind} is absurd, and the log of what was served keeps the truth`, async () => {
    const { streamed, plain } = await usagesFor(`[[absurd-usage:${kind}]]`)
    assert.equal(streamed.length, 1)
    assert.ok(isAbsurd(present(streamed[0])))
    assert.ok(isAbsurd(plain))
    const served = await lastServed(upstream)
    assert.deepEqual(served.reportedUsage, plain)
    assert.equal(served.completionTokens, served.deliveredTokens)
  })
}

test('absurd-usage:overrun is a valid usage, ten times the truth', async () => {
  const { plain } = await usagesFor('[[absurd-usage:overrun]]')
  const { completionTokens, promptTokens } = await lastServed(upstream)
  assert.equal(plain.completion_tokens, 10 * completionTokens)
  assert.equal(plain.total_tokens, promptTokens + 10 * completionTokens)
})

test('zero-usage is explicit', async () => {
  const { streamed, plain } = await usagesFor('[[zero-usage]]')
  for (const usage of [...streamed, plain]) {
    assert.equal(usage.prompt_tokens, 0)
    assert.equal(usage.completion_tokens, 0)
  }
})

test('usage-twice reports less first and the truth last', async () => {
  const { streamed, plain } = await usagesFor('[[usage-twice]]')
  assert.equal(streamed.length, 2)
  assert.ok(Number(streamed[0]?.completion_tokens) < Number(plain.completion_tokens))
  assert.deepEqual(streamed[1], plain)
})

test('usage-each grows with every chunk, asked for or not', async () => {
  const { text } = await ask(upstream, { say: '[[usage-each]]', body: { stream: true } })
  const chunks = chunksIn(text)
  let sent = ''
  for (const chunk of chunks) {
    sent += contentOf([chunk])
    assert.equal(chunk.usage?.completion_tokens, countText(sent))
  }
})

test('reasoning is part of the completion, and of what the limit allows', async () => {
  const { plain } = await usagesFor('[[reasoning:64]]')
  const served = await lastServed(upstream)
  assert.equal(plain.completion_tokens_details.reasoning_tokens, 64)
  assert.equal(plain.completion_tokens, served.deliveredTokens + 64)
  assert.equal(served.completionTokens, plain.completion_tokens)
  const limited = await usagesFor('[[reasoning:64]]', { max_completion_tokens: 70 })
  assert.equal(limited.plain.completion_tokens, 70)
  assert.equal((await lastServed(upstream)).deliveredTokens, 6)
})

test('cached and cache-write are parts of the prompt', async () => {
  const long = 'word '.repeat(100)
  const { plain } = await usagesFor(`${long} [[cached:12]] [[cache-write:30]]`)
  assert.equal(plain.prompt_tokens_details.cached_tokens, 12)
  assert.equal(plain.prompt_tokens_details.cache_write_tokens, 30)
  const over = await usagesFor('[[cached:5000]] [[cache-write:5000]]')
  assert.equal(over.plain.prompt_tokens_details.cached_tokens, over.plain.prompt_tokens)
  assert.equal((await lastServed(upstream)).cacheWriteTokens, 0)
})
