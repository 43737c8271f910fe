import type { PricedModel } from '../catalog/catalog.server.ts'
import type { ApiRequest } from '../http/http.server.ts'
import type { Standing } from '../keys/keys.server.ts'
import { servedKinds } from '../relay/relay.server.ts'
import { requireKey } from './require-key.ts'
import { Refused } from '../errors/refusal.ts'
import type { Services } from '../services.ts'

/** A model by the name that it is asked for by. */
const shown = (id: string, { createdAt, ownedBy }: PricedModel) => ({
  id,
  object: 'model',
  created: Math.floor(createdAt.getTime() / 1_000),
  owned_by: ownedBy,
})

/** Models on sale that an endpoint serves and the key may use. */
function usable({ models }: Standing, { catalog }: Services): PricedModel[] {
  const allowed = models === null ? undefined : (JSON.parse(models) as string[])
  return catalog
    .list(new Date())
    .filter(({ kind, name }) => servedKinds.has(kind) && (allowed?.includes(name) ?? true))
}

/** Every name that a call may say, as OpenAI lists its snapshots beside their models. */
export async function listModels(request: ApiRequest, services: Services) {
  const standing = await requireKey(request, services)
  const data = usable(standing, services).flatMap((model) =>
    [model.name, ...model.aliases].map((name) => shown(name, model)),
  )
  return { object: 'list', data }
}

export async function showModel(request: ApiRequest, name: string, services: Services) {
  const standing = await requireKey(request, services)
  const model = usable(standing, services).find(
    (it) => it.name === name || it.aliases.includes(name),
  )
  if (!model) throw new Refused('model_not_found', { param: 'model' })
  return shown(name, model)
}
