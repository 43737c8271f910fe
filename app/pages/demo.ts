import type { Stores } from '../services.ts'
import { demoNames } from '../upstreams/upstreams.server.ts'
import { clockNow } from '../values/clock.ts'

/** Whether calls of some model have nobody but the built-in demo to go to. */
export const isDemoServing = ({ env, catalog }: Pick<Stores, 'env' | 'catalog'>): boolean =>
  env.UPSTREAM_IS_DEMO &&
  catalog
    .list(clockNow())
    .some(({ offers }) => offers.every(({ upstream }) => demoNames.includes(upstream)))
