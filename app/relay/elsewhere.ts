import { Refused } from '../errors/refusal.ts'
import type { Upstreams } from '../upstreams/upstreams.server.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'

type Asked = {
  call: Call
  endpoint: Endpoint
  /** What the call asks of an upstream here. */
  wanted: Parameters<Upstreams['takes']>[1]
  upstreams: Pick<Upstreams, 'takes'>
}

const nothing: ReadonlySet<string> = new Set()

/**
 * Why a model that is on sale cannot be called at a path: it is served elsewhere, because no
 * dialect is translated into another (docs/decisions/0035). Undefined where it is served nowhere.
 */
export function servedElsewhere({ call, endpoint, wanted, upstreams }: Asked): Refused | undefined {
  const { model, offers } = call
  const isServedAt = ({ upstreamPath: path }: Endpoint) =>
    upstreams.takes(offers, { ...wanted, path, needs: nothing })
  const paths = endpoints
    .filter((it) => it.kind === model.kind && !it.isFree && it.path !== endpoint.path)
    .filter(isServedAt)
    .map(({ path }) => path)
  if (paths.length === 0) return undefined
  const message = `${model.name} is served at ${paths.join(' and ')}, not at ${endpoint.path}.`
  return new Refused('model_not_found', { message, param: 'model' })
}
