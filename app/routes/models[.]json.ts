import type { LoaderFunctionArgs } from '@remix-run/node'
import { limits } from '../config/limits.ts'
import { page } from '../pages/pages.server.ts'
import { findBuyer } from './models/buyer.server.ts'
import { isFound, modelDocument, offeredModels } from './models/offered.server.ts'

const { findCharsMax, jsonSecondsKept } = limits.models

/**
 * `GET /models.json`: what is on sale, for programs: all of it, what `q` finds, or by `model` one of
 * any name. At their own prices for who is signed in; any site's page may read those of anybody.
 */
export const loader = (args: LoaderFunctionArgs) =>
  page(async ({ request, services }) => {
    const params = new URL(request.url).searchParams
    const find = (params.get('q') ?? '').trim().slice(0, findCharsMax)
    const name = params.get('model')
    const buyer = await findBuyer(request, services)
    const found = offeredModels(services).filter((model) =>
      name === null ? isFound(model, find) : [model.name, ...model.aliases].includes(name),
    )
    const body = {
      object: 'list',
      currency: 'USD',
      prices_of: buyer.isSignedIn ? 'your account' : 'anybody',
      data: found.map((model) => modelDocument(model, buyer)),
    }
    return Response.json(body, {
      status: name !== null && found.length === 0 ? 404 : 200,
      headers: buyer.isSignedIn
        ? { 'cache-control': 'no-store' }
        : {
            'cache-control': `public, max-age=${jsonSecondsKept}`,
            'access-control-allow-origin': '*',
            vary: 'cookie',
          },
    })
  })(args)
