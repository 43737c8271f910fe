import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { countTokensNow } from '../text/tokens.ts'
import { countInput, estimateByBytes, estimateExactly } from './estimate.ts'
import { atOnce } from '../text/steps.ts'
import { readChat } from './request.ts'

const contextTokens = 1_000_000
const terms = {
  tiers: [{ upToInputTokens: null, prices: { input: 1_000_000, output: 0 } }],
  basisPoints: {},
  serviceTiers: [],
}
/** A model where a token of input costs a nano-dollar. */
const model = {
  name: 'gpt-4o-test',
  kind: 'chat',
  contextTokens,
  outputTokensMax: 1,
  terms,
  offers: [{ terms, priceFactor: 10_000 }],
} as unknown as PricedModel
const catalog = { find: () => model } as unknown as Catalog

const letThrough = new Set(['file_id'])
const readText = (text: string, of: PricedModel) =>
  atOnce(readChat(Buffer.from(text), { ...catalog, find: () => of }, new Date(0), letThrough))
const tokensOf = ({ inputScaled }: { inputScaled: bigint }) => Number(inputScaled / 1_000_000n)

/** The bound by bytes and by exact count, in tokens of input. */
async function boundsOf(text: string, of = model) {
  const call = readText(text, of)
  const [bytes, exact] = [tokensOf(estimateByBytes(call)), tokensOf(await estimateExactly(call))]
  assert.ok(bytes >= exact, 'the bound by bytes is below the exact one')
  assert.ok(exact >= (await countInput(call)), 'the exact one is below the bill')
  return { bytes, exact }
}

const image = `data:image/png;base64,${'iVBORw0K'.repeat(200)}`
const sound = 'UklGRg'.repeat(200)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.lorem({ maxCount: 20 }),
  fc.constantFrom('a'.repeat(900), '\n'.repeat(200), '","', '\\"'.repeat(40), '你好'.repeat(40)),
)
const name = fc.oneof(
  fc.constantFrom('type', 'text', 'content', 'url', 'image_url', 'file', 'refusal', 'id'),
  text.filter((it) => !it.includes('\\')),
)
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text,
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value
const part = fc.oneof(
  text,
  text.map((it) => ({ type: 'text', text: it })),
  text.map((refusal) => ({ type: 'refusal', refusal })),
  fc.record({ type: fc.constantFrom('text', 'thinking', 'tool_result'), content: anything }),
  fc.constantFrom(image, 'https://example.com/a.png').map((url) => ({
    type: 'image_url',
    image_url: { url },
  })),
  text.map((it) => ({ type: 'image_url', image_url: { url: `https://example.com/${it}` } })),
  fc.constant({ type: 'input_audio', input_audio: { data: sound, format: 'wav' } }),
)
const message = fc.record(
  {
    role: fc.constantFrom('user', 'system', 'assistant', 'tool'),
    content: fc.oneof(text, fc.array(part, { maxLength: 4 }), anything),
    tool_calls: anything,
    reasoning_content: text,
    anything,
  },
  { requiredKeys: ['role'] },
)
const body = fc.record(
  {
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    functions: anything,
    response_format: anything,
    metadata: anything,
    stop: anything,
    user: anything,
    prediction: anything,
  },
  { requiredKeys: ['messages'] },
)

/** Every string in a value, names included, media left out. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === image || value === sound ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...stringsIn(inner),
  ])
}

const withoutMedia = (value: unknown) =>
  JSON.stringify(value, (_, it: unknown) => (it === image || it === sound ? '' : it)) ?? ''

/** What a provider may make of a body: its texts, one behind the other or in lines, or its JSON. */
const readings = (value: { messages: unknown[] }) => [
  stringsIn(value).join(''),
  stringsIn(value).join(' '),
  stringsIn(value).join('\n'),
  stringsIn(value.messages).join('\n'),
  ...value.messages.map(withoutMedia),
  withoutMedia(value),
]

/** The same JSON with every character written by number that may be. */
const inAscii = (json: string) =>
  json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

describe('the most input that a call can have', () => {
  test('is never less than the tokens of any text that the body can be read as', async () => {
    const property = fc.asyncProperty(body, fc.boolean(), async (value, ascii) => {
      const json = JSON.stringify({ model: 'gpt-4o-test', ...value })
      const { exact } = await boundsOf(ascii ? inAscii(json) : json)
      for (const reading of readings(value))
        assert.ok(exact >= countTokensNow(reading), JSON.stringify(reading))
    })
    await fc.assert(property, { numRuns: 400 })
  })

  test('is little more than what the model reads, however the text is escaped', async () => {
    const say = '今天天气很好，我们去公园散步吧。'.repeat(200)
    const json = JSON.stringify({
      model: 'gpt-4o-test',
      messages: [{ role: 'user', content: say }],
    })
    for (const written of [json, inAscii(json)]) {
      const { exact } = await boundsOf(written)
      assert.ok(exact < countTokensNow(say) + 60)
    }
  })

  const long = 'all work and no play '.repeat(10_000)
  const real = countTokensNow(long)
  const say = (content: unknown, more: object = {}) =>
    JSON.stringify({ model: 'gpt-4o-test', messages: [{ role: 'user', content }], ...more })
  const places: Record<string, string> = {
    'a refusal': say([{ type: 'refusal', refusal: long }]),
    'content that is an object': say({ a: long }),
    'a list of strings': say([long]),
    'a list in a list': say([[{ type: 'text', text: long }]]),
    'a part of an unknown type': say([{ type: 'new', new: long }]),
    'a part without a type': say([{ text: long }]),
    'the address of a picture': say([{ type: 'image_url', image_url: { url: long } }]),
    'an address with a query': say([
      { type: 'image_url', image_url: { url: `https://example.com/?${long}` } },
    ]),
    'a picture that is text': say([
      { type: 'image_url', image_url: { url: `data:image/png;base64,${long}` } },
    ]),
    'a drawing': say([
      { type: 'image_url', image_url: { url: `data:image/svg+xml;base64,${long}` } },
    ]),
    'a picture beside its text': say([{ type: 'image_url', image_url: { url: image, alt: long } }]),
    'sound that is text': say([{ type: 'input_audio', input_audio: { data: long } }]),
    'the name of a member': say('hi', { metadata: { [long]: 1 } }),
    'stop words': say('hi', { stop: [long] }),
    'a choice of tools': say('hi', { tool_choice: { type: 'function', function: { name: long } } }),
    'a member of a message': JSON.stringify({
      model: 'm',
      messages: [{ role: 'user', content: 'hi', reasoning_details: [{ text: long }] }],
    }),
  }
  for (const [place, json] of Object.entries(places)) {
    test(`covers ${place}`, async () => {
      const { exact } = await boundsOf(json)
      assert.ok(exact >= real, `${exact} for ${real}`)
    })
  }

  test('is the bytes where another tokenizer than ours reads the text', async () => {
    const json = say('മലയാളം ഒരു ഭാഷയാണ് '.repeat(100))
    for (const name of ['llama-3', 'mistralai/mistral-large', 'gemini-3', 'qwen/gpt-like']) {
      const { bytes, exact } = await boundsOf(json, { ...model, name })
      assert.ok(exact > bytes - 10, name)
    }
    // Older models make more tokens of it than newer ones, and fewer than it has bytes.
    const { exact: least } = await boundsOf(json, { ...model, name: 'gpt-4o' })
    const older = [
      'gpt-4-turbo',
      'gpt-4',
      'gpt-4-0613',
      'gpt-3.5-turbo',
      'openai/gpt-4',
      'gpt-35-turbo',
    ]
    for (const name of older) {
      const { bytes, exact } = await boundsOf(json, { ...model, name })
      assert.ok(exact < bytes && exact > 2 * least, `${name}: ${exact} of ${bytes}, ${least}`)
    }
    for (const name of ['gpt-4o', 'gpt-4.1', 'gpt-5.5', 'o3', 'openai/gpt-4o-mini']) {
      const { bytes, exact } = await boundsOf(json, { ...model, name })
      assert.ok(exact < bytes, name)
    }
  })

  const unsized: Record<string, unknown> = {
    'a file': { type: 'file', file: { file_id: 'file-1' } },
    'a film': { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
    'a picture that is no picture': {
      type: 'image_url',
      image_url: { url: 'data:video/mp4;base64,AAAA' },
    },
    'an address of its own kind': { type: 'image_url', image_url: { url: 'gs://films/a.mp4' } },
    'a picture by id': { type: 'image_url', image_url: { file_id: 'file-1' } },
    'sound by its address': { type: 'input_audio', input_audio: { data: 'https://a.example/b' } },
    'a film in a text': { type: 'text', text: 'x', video_url: { url: 'https://a.example/b' } },
    'a film in another spelling': { type: 'text', text: 'x', Video_URL: 'https://a.example/b' },
    'a film within a result': { type: 'tool_result', content: [{ type: 'video' }] },
    'no type at all': {},
  }
  for (const [what, given] of Object.entries(unsized)) {
    test(`is all that the model reads for ${what}`, async () => {
      for (const content of [[given], given, [{ type: 'text', text: 'a' }, [given]]]) {
        const { bytes, exact } = await boundsOf(say(content))
        assert.deepEqual([bytes, exact], [contextTokens, contextTokens])
      }
    })
  }

  test('is all that the model reads for media of a message, unless there are none', async () => {
    const of = async (more: object) => {
      const json = { model: 'm', messages: [{ role: 'assistant', content: 'hi', ...more }] }
      return (await boundsOf(JSON.stringify(json))).exact
    }
    for (const more of [{ audio: { id: 'audio_1' } }, { images: ['https://a.example/b'] }])
      assert.equal(await of(more), contextTokens)
    assert.equal(await of({ Content: [{ type: 'video' }] }), contextTokens)
    const echoed = { audio: null, images: [], refusal: null, annotations: [], profile: 'x' }
    assert.ok((await of(echoed)) < 100)
  })

  test('takes no picture for text, whether its slashes are escaped or it comes twice', async () => {
    const bytes = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i) % 251))
    const url = `data:image/png;base64,${bytes.toString('base64')}`
    const one = { type: 'image_url', image_url: { url } }
    const json = say([one, { type: 'text', text: 'and' }, one])
    for (const written of [json, json.replaceAll('/', '\\/')]) {
      const { exact } = await boundsOf(written)
      assert.ok(exact > 12_600 && exact < 12_800, `${exact}`)
    }
    // In yet another way it stays, and costs no more than its bytes.
    const odd = await boundsOf(json.replace('image/png', '\\u0069mage/png'))
    assert.ok(odd.exact <= odd.bytes && odd.exact > 12_600)
  })
})
