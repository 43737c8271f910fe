import { noUsage, type Usage } from '../ledger/ledger.server.ts'
import type { Reported } from './endpoint.ts'
import type { Run } from './run.ts'

/**
 * What a call is charged for: the upstream's figures; where it gave none that can be taken, what was
 * delivered, counted; and nothing where nothing was.
 */
export async function usageOf(
  { endpoint, call }: Pick<Run, 'endpoint' | 'call'>,
  reported: Reported | undefined,
  countOutput: () => Promise<number>,
): Promise<Usage> {
  if (reported && 'usage' in reported) return reported.usage
  const outputTokens = await countOutput()
  const flag = reported ? 'absurd' : null
  if (outputTokens === 0) return { ...noUsage, flag }
  const inputTokens = await endpoint.countInput(call)
  return { ...noUsage, inputTokens, outputTokens, source: 'counted', flag }
}
