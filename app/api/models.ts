import type { PricedModel } from '../catalog/catalog.server.ts'
import type { ApiRequest } from '../http/http.server.ts'
import type { Standing } from '../keys/keys.server.ts'
import { servedKinds } from '../relay/relay.server.ts'
import { requireKey } from './require-key.ts'
import { Refused } from '../errors/refusal.ts'
import type { Services } from '../services.ts'

const shown = ({ name, createdAt, ownedBy }: PricedModel) => ({
  id: name,
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

export async function listModels(request: ApiRequest, services: Services) {
  const standing = await requireKey(request, services)
  return { object: 'list', data: usable(standing, services).map(shown) }
}

export async function showModel(request: ApiRequest, name: string, services: Services) {
  const standing = await requireKey(request, services)
  const model = usable(standing, services).find((it) => it.name === name)
  if (!model) throw new Refused('model_not_found', { param: 'model' })
  return shown(model)
}
