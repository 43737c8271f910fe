import { noUsage, type Usage } from '../ledger/ledger.server.ts'
import type { Call, Delivery, Reported } from './endpoint.ts'
import type { Run } from './run.ts'
import { countTokensOf } from './text/count-tokens.ts'
import { encodingOf } from './text/tokens.ts'

/** What has come of an answer. */
type Heard = {
  reported: Reported | undefined
  /** Tokens of output in all that came, as we count them. */
  countOutput(): Promise<number>
  /** Searches that were made for it, as far as what came tells. */
  searches: number
  /** More may have been said than the upstream's figures know of. */
  isAhead: boolean
  /** The input was used, though nothing may have been said. */
  isInputDue: boolean
}

type Told = Extract<Reported, { usage: Usage }>

/** Whether an upstream has given figures that can be taken. */
export const isTold = (reported: Reported | undefined): reported is Told =>
  reported !== undefined && 'usage' in reported

/** The upstream's figures where nothing is missing in them, as almost always. */
export function usageIn({ reported, isAhead }: Heard): Usage | undefined {
  const told = isTold(reported) ? reported.usage : undefined
  return told && told.inputTokens > 0 && told.outputTokens > 0 && !isAhead ? told : undefined
}

/**
 * What a call is charged for: the upstream's figures; where they end before what was delivered, or
 * say that nothing was, at least that; where there are none that can be taken, what was delivered,
 * counted; and nothing where nothing came.
 */
export async function usageOf(
  { endpoint, call }: Pick<Run, 'endpoint' | 'call'>,
  heard: Heard,
): Promise<Usage> {
  const whole = usageIn(heard)
  if (whole) return whole
  const { reported, countOutput, searches, isAhead, isInputDue } = heard
  const told = isTold(reported) ? reported.usage : undefined
  const outputTokens = await countOutput()
  if (!told) {
    const flag = reported ? 'absurd' : null
    if (outputTokens === 0 && searches === 0 && !isInputDue) return { ...noUsage, flag }
    const inputTokens = await endpoint.countInput(call)
    const more = searches > 0 && { more: { searches } }
    return { ...noUsage, inputTokens, outputTokens, ...more, source: 'counted', flag }
  }
  const searchesTold = told.more?.searches ?? 0
  if (outputTokens === 0 && searches <= searchesTold) return told
  // A total that is more than its parts may hold the input too.
  const isInputMissing = told.inputTokens === 0 && told.flag !== 'summed'
  const isOutputMissing = told.outputTokens === 0
  const isShort = isAhead && told.outputTokens < outputTokens
  const isSearchMissing = searches > searchesTold
  if (!isInputMissing && !isOutputMissing && !isShort && !isSearchMissing) return told
  return {
    ...told,
    ...(isSearchMissing && { more: { ...told.more, searches } }),
    inputTokens: isInputMissing ? await endpoint.countInput(call) : told.inputTokens,
    outputTokens: Math.max(told.outputTokens, isOutputMissing || isShort ? outputTokens : 0),
    source: 'counted',
    flag: isInputMissing || isOutputMissing ? 'zeros' : 'early',
  }
}

/** Searches that an answer tells of. */
export const searchesIn = (delivered: Delivery[]): number =>
  delivered.reduce((sum, { searches = 0 }) => sum + searches, 0)

/** Tokens of a whole answer, as its model makes them. */
export async function countDelivered({ model }: Call, delivered: Delivery[]): Promise<number> {
  const media = delivered.reduce((sum, { mediaTokens }) => sum + mediaTokens, 0)
  const texts = delivered.map(({ text }) => text)
  const tokens = media + (await countTokensOf(texts, 'bill', encodingOf(model.name)))
  return tokens || Number(delivered.some(({ isSomething }) => isSomething))
}
