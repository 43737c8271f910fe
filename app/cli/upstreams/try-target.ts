import { readModels, type Model } from '../../catalog/catalog.server.ts'
import type { StoredUpstream } from '../../upstreams/upstreams.server.ts'
import type { Context } from '../context.ts'
import { refused } from '../verb-result.ts'
import { noSuchKey } from './upstream.ts'

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
export async function chosenModel(
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
export function chosenKey({ sealer }: Context, upstream: StoredUpstream, asked: string | null) {
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
