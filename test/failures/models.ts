import { run, type Pool } from '../../app/db/db.server.ts'

/** Nano-dollars a token, so that what a call costs can be seen at a glance. */
const prices = {
  /** Only output costs, so that `max_tokens` says exactly what is held. */
  'whole-output': { input: 0, output: 1_000 },
  'whole-both': { input: 150, output: 600 },
}
type Model = keyof typeof prices

/** Puts the models above on sale. */
export async function putOnSale(pool: Pool): Promise<void> {
  for (const [name, { input, output }] of Object.entries(prices)) {
    await run(pool, 'catalog/insert-model', {
      name,
      kind: 'chat' as const,
      contextTokens: 128_000,
      outputTokensMax: 16_384,
      reasoning: 0,
      vision: 0,
      ownedBy: 'tests',
      retiresOn: null,
    })
    const tier = { upToInputTokens: null, cachedInput: null, cacheWrite: null }
    const tiers = [{ ...tier, input: input * 1e6, output: output * 1e6 }]
    const terms = JSON.stringify({ tiers, multipliers: {}, serviceTiers: [] })
    const effectiveFrom = new Date('2001-01-01T00:00:00Z')
    await run(pool, 'catalog/insert-price', { model: name, effectiveFrom, terms, actor: 'tests' })
  }
}

/** What these tokens cost, by the prices above and nothing of the program. */
export const priceOf = (model: string, inputTokens: number, outputTokens: number): number => {
  const { input, output } = prices[model as Model]
  return inputTokens * input + outputTokens * output
}
