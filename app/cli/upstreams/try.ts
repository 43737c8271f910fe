import { testCall } from '../../relay/relay.server.ts'
import { openUpstream, type StoredUpstream } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { done, refused, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { advice, documentOf, textOf } from './try-report.ts'
import { chosenKey, chosenModel } from './try-target.ts'
import { nameOf, upstreamNamed } from './upstream.ts'

/** One of these endpoints is asked for a token. */
const isTestable = ({ kind, paths }: StoredUpstream['definition']) =>
  paths['chat/completions'] !== undefined || (kind === 'anthropic' && paths.messages !== undefined)

async function run(
  context: Context,
  upstream: StoredUpstream,
  { model: askedModel, key: askedKey }: { model: string | null; key: string | null },
): Promise<VerbResult> {
  const { name, definition } = upstream
  if (!isTestable(definition)) {
    const words = `${name} serves neither chat completions nor messages, which are what is tested.`
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
