import { z } from 'zod'

const text = z.string().nullable()

/** One attempt of a call that took several, as its row has it. */
const Tried = z.object({
  upstream: z.string(),
  /** The name of the operator's key there. */
  key: z.string(),
  /** What it answered; null where no answer came. */
  status: z.number().nullable(),
  code: text,
  /** Its own request id. */
  id: text,
  ms: z.number(),
  /** Whether the operator may have to pay for it. */
  charged: z.union([z.boolean(), z.literal('maybe')]),
})
export type Tried = z.infer<typeof Tried>

/** The attempts of a call in their order; none where there was one, which is the row's own. */
export function readTries(tries: string | null): Tried[] {
  if (tries === null) return []
  try {
    return z.array(Tried).parse(JSON.parse(tries))
  } catch {
    // Written by a version that says more of them than this one reads: the row says how many.
    return []
  }
}
