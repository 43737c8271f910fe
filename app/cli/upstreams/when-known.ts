import { limits } from '../../config/limits.ts'
import type { Context } from '../context.ts'

/** Announces a change of upstreams, and says when relays know of it. */
export async function whenUpstreamsAreKnown(
  context: Context,
): Promise<{ announced: boolean; words: string }> {
  // What is offered changes with who offers it.
  const announced = (await context.announceUpstreams()) && (await context.announceCatalog())
  const seconds = limits.watch.catalogEveryMs / 1_000
  const words = announced
    ? 'Relays are reading it now.'
    : `Redis was not reached: relays read it within ${seconds} seconds.`
  return { announced, words }
}
