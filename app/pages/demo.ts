import type { Stores } from '../services.ts'
import { demoNames } from '../upstreams/upstreams.server.ts'

/** Whether calls of some model have nobody but the built-in demo to go to. */
export const isDemoServing = ({ env, catalog }: Pick<Stores, 'env' | 'catalog'>): boolean =>
  env.UPSTREAM_IS_DEMO &&
  catalog
    .list(new Date())
    .some(({ offers }) => offers.every(({ upstream }) => demoNames.includes(upstream)))
