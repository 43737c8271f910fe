import type { PricedModel } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { badRequest, Refused } from '../errors/refusal.ts'
import type { ApiRequest } from '../http/http.server.ts'
import type { Standing } from '../keys/keys.server.ts'
import { endpoints, messagesDialect, servedKinds } from '../relay/relay.server.ts'
import { displayName } from './display-name.ts'
import { requireKey, type KeyContext } from './require-key.ts'
import type { Services } from '../services.ts'
import { covers } from '../values/model-scope.ts'
import { clockNow } from '../values/clock.ts'

type Named = { id: string; model: PricedModel }

/** A model by the name that it is asked for by, as OpenAI and as Anthropic show it. */
const openaiShape = ({ id, model: { createdAt, ownedBy } }: Named) => ({
  id,
  object: 'model',
  created: Math.floor(createdAt.getTime() / 1_000),
  owned_by: ownedBy,
})
const anthropicShape = ({ id, model: { createdAt } }: Named) => ({
  type: 'model',
  id,
  display_name: displayName(id),
  created_at: createdAt.toISOString(),
})

const isAnthropics = ({ header }: ApiRequest) => header('anthropic-version') !== null

/** Where Anthropic's clients call a model. */
const theirs = endpoints.filter(({ dialect, isHelper }) => dialect === messagesDialect && !isHelper)

const isServedToThem = (model: PricedModel) =>
  theirs.some(
    ({ kind, upstreamPath: path }) =>
      model.kind === kind && model.served.some((it) => it.endpoints.includes(path)),
  )

/**
 * Models on sale that an endpoint serves and the key and its account may use, by all their names. Anthropic's
 * clients have one way to call a model: what is not served there is nothing to them.
 */
function usable(request: ApiRequest, standing: Standing, { catalog }: Services): Named[] {
  const { models, groupModels } = standing
  const allowed = models === null ? undefined : new Set(JSON.parse(models) as string[])
  const isTheirs = (model: PricedModel) =>
    isAnthropics(request) ? isServedToThem(model) : servedKinds.has(model.kind)
  return catalog
    .list(clockNow())
    .filter((model) => isTheirs(model) && (allowed?.has(model.name) ?? true))
    .filter(({ name }) => covers(groupModels, name))
    .flatMap((model) => [model.name, ...model.aliases].map((id) => ({ id, model })))
}

function limitIn(query: URLSearchParams): number {
  const { pageUsual, pageMax } = limits.http.models
  const text = query.get('limit')
  if (text === null) return pageUsual
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= pageMax) return limit
  throw badRequest(`limit must be a whole number from 1 to ${pageMax}.`, 'limit')
}

/** Where a page begins and ends, and whether there is more the way that was asked for. */
function pageOf(all: readonly Named[], query: URLSearchParams) {
  const limit = limitIn(query)
  const [after, before] = [query.get('after_id'), query.get('before_id')]
  if (after !== null && before !== null)
    throw badRequest('after_id and before_id cannot be said together.', 'before_id')
  const cursor = after ?? before
  const at = cursor === null ? -1 : all.findIndex(({ id }) => id === cursor)
  if (cursor !== null && at < 0)
    throw badRequest(
      'There is no such model to begin at.',
      after === null ? 'before_id' : 'after_id',
    )
  const from = before === null ? at + 1 : Math.max(0, at - limit)
  const to = before === null ? from + limit : at
  return { page: all.slice(from, to), hasMore: before === null ? to < all.length : from > 0 }
}

/**
 * Every name that a call may say: all of them as OpenAI lists its snapshots beside their models, or
 * page by page for clients of Anthropic (its reference, "List models").
 */
export async function listModels(request: ApiRequest, context: KeyContext) {
  const standing = await requireKey(request, context)
  const all = usable(request, standing, context.services)
  if (!isAnthropics(request)) return { object: 'list', data: all.map(openaiShape) }
  const { page, hasMore } = pageOf(all, new URL(request.url).searchParams)
  return {
    data: page.map(anthropicShape),
    has_more: hasMore,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  }
}

export async function showModel(request: ApiRequest, name: string, context: KeyContext) {
  const standing = await requireKey(request, context)
  const named = usable(request, standing, context.services).find(({ id }) => id === name)
  if (!named) {
    const shown = JSON.stringify(name.slice(0, 100)).slice(1, -1)
    const message = `The model \`${shown}\` does not exist or you do not have access to it.`
    throw new Refused('model_not_found', { message, param: 'model' })
  }
  return isAnthropics(request) ? anthropicShape(named) : openaiShape(named)
}
