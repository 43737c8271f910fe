import { askFor } from '../../catalog/catalog.server.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import { countedMost, mostTokens } from '../openai/prompts.ts'
import type { CompletionCall } from './request.ts'

/** Every candidate is charged, whichever are in the answer. */
function ask(call: CompletionCall, promptTokens: number): Ask {
  const { model, prompts, besideBytes, candidates, isUnlimited, outputTokensPassedOn } = call
  const most = model.outputTokensMax
  const bound = {
    inputTokens: Math.min(promptTokens + besideBytes, prompts.count * model.contextTokens),
    outputTokensWanted: isUnlimited ? most : call.outputTokensWanted,
    outputTokensMax: isUnlimited ? most : Math.min(most, outputTokensPassedOn),
    choices: candidates,
  }
  return askFor(call.reachable, bound, call.serviceTier)
}

/** The most a call can cost, from its bytes alone. */
export const estimateByBytes = (call: CompletionCall): Ask =>
  ask(call, mostTokens(call.prompts, call.model))

/** The same with its prompts counted, where that can be done. */
export const estimateExactly = async (call: CompletionCall): Promise<Ask> =>
  ask(call, await countedMost(call.prompts, call.model))
