import type { PricedModel } from '../catalog/catalog.server.ts'
import { Refused } from '../errors/refusal.ts'
import type { Upstreams } from '../upstreams/upstreams.server.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'

type Asked = {
  model: PricedModel
  /** Of the model's, those that the call may have. */
  offers: PricedModel['offers']
  /** Where it was asked for. */
  endpoint: Pick<Endpoint, 'path'>
  accountId: number
  upstreams: Pick<Upstreams, 'takes'>
}

const nothing: ReadonlySet<string> = new Set()
/** No call goes anywhere by it. */
const affinity = () => ''

/**
 * Why a model that is on sale cannot be called at a path: it is served elsewhere, because no
 * dialect is translated into another (docs/decisions/0035), or because it is of another kind.
 * Undefined where it is served nowhere.
 */
export function servedElsewhere(asked: Asked): Refused | undefined {
  const { model, offers, endpoint, accountId: account, upstreams } = asked
  const isServedAt = ({ upstreamPath: path }: Endpoint) =>
    upstreams.takes(offers, { account, model: model.name, path, needs: nothing, affinity })
  const paths = endpoints
    .filter((it) => it.kind === model.kind && !it.isHelper && it.path !== endpoint.path)
    .filter(isServedAt)
    .map(({ path }) => path)
  if (paths.length === 0) return undefined
  const message = `${model.name} is served at ${paths.join(' and ')}, not at ${endpoint.path}.`
  return new Refused('model_not_found', { message, param: 'model' })
}
