import { readBuyer } from '../../accounts/accounts.server.ts'
import type { Person } from '../../auth/auth.server.ts'
import { costOf } from '../../catalog/catalog.server.ts'
import type { PageServices } from '../../services.ts'
import { clockNow } from '../../values/clock.ts'
import { plainFactor } from '../../values/factors.ts'
import { tokensAbout, type Begun } from './said.ts'
import type { Question } from './question.server.ts'

/** About what a call costs, by the first of its model's offers. */
export async function paceOf(
  { catalog, db }: PageServices,
  { accountId }: Person,
  question: Question,
): Promise<Begun['pace']> {
  const model = catalog.find(question.model, clockNow())
  const [offer] = model?.offers ?? []
  if (!model || !offer) return null
  const buyer = await readBuyer(db, accountId)
  const factors = {
    priceFactor: offer.priceFactor,
    accountFactor: buyer?.factor ?? plainFactor,
  }
  const inputTokens = tokensAbout(question.text)
  const costWith = (outputTokens: number) => {
    const others = { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
    return costOf(offer.terms, { inputTokens, outputTokens, ...others }, null, factors)
  }
  const textNanos = costWith(0)
  return { textNanos, millionNanos: costWith(1_000_000) - textNanos }
}
