import { readModels, type Model } from '../../catalog/catalog.server.ts'
import { testCall, type TestedCall } from '../../relay/relay.server.ts'
import { openUpstream, type StoredUpstream } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { done, facts, refused, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { nameOf, noSuchKey, upstreamNamed } from './upstream.ts'

/** A model that is in no catalogue, by the name that it has there. */
const unknownModel = (name: string): Model =>
  ({
    name,
    kind: 'chat',
    contextTokens: 8_192,
    outputTokensMax: 4_096,
    reasoning: 0,
    vision: 0,
    ownedBy: '',
    enabled: true,
    retiresOn: null,
    createdAt: new Date(0),
    prices: [],
    aliases: [],
  }) as unknown as Model

type Chosen = { model: Model; theirName: string }

/** The model to ask for: by our name where the upstream serves it, else by theirs. */
async function chosenModel(
  { pool }: Context,
  { models }: StoredUpstream,
  asked: string | null,
): Promise<Chosen | undefined> {
  const known = new Map((await readModels(pool)).map((model) => [model.name, model]))
  const served = models.find(({ model }) =>
    asked === null ? known.get(model)?.kind === 'chat' : model === asked,
  )
  const name = served?.model ?? asked
  if (name === null) return undefined
  return { model: known.get(name) ?? unknownModel(name), theirName: served?.theirName ?? name }
}

/** The key to call with; undefined where the upstream takes calls without one. */
function chosenKey({ sealer }: Context, upstream: StoredUpstream, asked: string | null) {
  if (upstream.definition.credential === null) return { name: 'none', secret: undefined }
  const key = upstream.keys.find(({ name, enabled }) => (asked === null ? enabled : name === asked))
  if (!key) {
    return asked === null
      ? refused('no_such_key', `The upstream ${upstream.name} has no key that is in use.`)
      : noSuchKey(upstream.name, asked)
  }
  const secret = sealer?.open(key, key)
  const words = `No secret that is set here opens the key ${key.name}: set UPSTREAM_KEYS_SECRET.`
  return secret === undefined ? refused('no_secret', words) : { name: key.name, secret }
}

function usageOf({ reported }: TestedCall) {
  if (!reported) return null
  if ('absurd' in reported) return { absurd: true }
  const { usage } = reported
  return {
    input_tokens: usage.inputTokens,
    cached_tokens: usage.cachedTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
  }
}

const documentOf = (call: TestedCall) => ({
  good: call.isWhole && call.code === null,
  status: call.status,
  code: call.code,
  their_request_id: call.requestId,
  ms: call.ms,
  first_event_ms: call.firstEventMs,
  answered_by: call.model,
  usage: usageOf(call),
})
type Document = ReturnType<typeof documentOf>

function usageText(usage: Document['usage']) {
  if (!usage) return 'none'
  if (!('input_tokens' in usage)) return 'not usable'
  const { input_tokens, cached_tokens, output_tokens, reasoning_tokens } = usage
  const details = [
    cached_tokens && `${cached_tokens} cached`,
    reasoning_tokens && `${reasoning_tokens} of reasoning`,
  ].filter(Boolean)
  return [`${input_tokens} in, ${output_tokens} out`, ...details].join(', ')
}

const textOf = (what: string, it: Document) =>
  `${what}\n${facts({
    result: it.good ? 'good' : `failed: ${it.code ?? 'no usable answer'}`,
    status: it.status,
    'answered by': it.answered_by,
    usage: usageText(it.usage),
    'first event': it.first_event_ms === null ? null : `${it.first_event_ms} ms`,
    took: `${it.ms} ms`,
    'their id': it.their_request_id,
  })}`

/** What an operator would want to set otherwise. */
function advice({ definition }: StoredUpstream, plain: Document, stream: Document): string[] {
  const words: string[] = []
  if (plain.code === 'upstream_address')
    words.push('Its name leads to an address that it may not be called at.')
  if (plain.good && !plain.usage)
    words.push('A plain answer says nothing of what was used: calls are counted here.')
  if (stream.good && !stream.usage && definition.usage !== 'never')
    words.push('A stream says nothing of what was used: set usage to never, or find how it does.')
  if (stream.code === 'no_end')
    words.push('A stream ends without its last word: set end to finish if that is how it is.')
  return words
}

async function run(
  context: Context,
  upstream: StoredUpstream,
  { model: askedModel, key: askedKey }: { model: string | null; key: string | null },
): Promise<VerbResult> {
  const { name, definition } = upstream
  if (definition.paths['chat/completions'] === undefined) {
    const words = `${name} serves no chat completions, which is what is tested so far.`
    return refused('not_served', words)
  }
  const chosen = await chosenModel(context, upstream, askedModel)
  if (!chosen) return refused('not_served', `${name} serves no chat model; name one by --model.`)
  const key = chosenKey(context, upstream, askedKey)
  if ('exitCode' in key) return key
  const runtime = openUpstream({ name, definition, proxies: context.proxies })
  const { model, theirName } = chosen
  const target = {
    offer: { upstream: name, theirName },
    upstream: runtime,
    key: { id: null, name: key.name },
  }
  const headers = runtime.headersWith(key.secret)
  try {
    const plain = documentOf(await testCall({ model, target, headers, streamed: false }))
    const stream = documentOf(await testCall({ model, target, headers, streamed: true }))
    const document = { upstream: name, key: key.name, model: theirName, plain, stream }
    const text = [
      `${name}, key ${key.name}, model ${theirName}`,
      textOf('Plain', plain),
      textOf('Stream', stream),
      ...advice(upstream, plain, stream),
      'What these two calls cost there is in no book here.',
    ].join('\n')
    return plain.good && stream.good ? done(document, text) : { exitCode: 1, document, text }
  } finally {
    await runtime.close()
  }
}

export const testVerb: Verb = {
  usage: 'upstream test <name> [--model MODEL] [--key KEY]',
  does: 'Make two real calls of one token, plain and streamed, and say what was read of them',
  isReading: true,
  prepare(args) {
    const name = nameOf(args, 'name', '')
    const model = args.text('model', null)
    const key = nameOf(args, 'key', null)
    return async (context) => {
      const found = await upstreamNamed(context.pool, name)
      if ('refusal' in found) return found.refusal
      return run(context, found.upstream, { model, key })
    }
  },
}
