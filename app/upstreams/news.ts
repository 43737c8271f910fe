import { z } from 'zod'

/**
 * What is told on the channel of upstreams: that they have changed, or that an operator opens or
 * closes breakers by hand: those of a key, of a model, or of both; of all where null.
 */
export const UpstreamNews = z.discriminatedUnion('what', [
  z.object({ what: z.literal('changed') }),
  z.object({
    what: z.enum(['open', 'close']),
    upstream: z.string(),
    key: z.string().nullable(),
    model: z.string().nullable(),
  }),
])
export type UpstreamNews = z.output<typeof UpstreamNews>
