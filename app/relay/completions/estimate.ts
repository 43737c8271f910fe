import { askFor } from '../../catalog/catalog.server.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import { limitBytes } from '../openai/limit-bytes.ts'
import { countedMost, mostTokens } from '../openai/prompts.ts'
import type { CompletionCall } from './request.ts'

/** Every candidate is charged, whichever are in the answer. */
function ask(call: CompletionCall, promptTokens: number): Ask {
  const { model, prompts, besideBytes, candidates, isUnlimited, outputTokensPassedOn } = call
  call.inputBound = promptTokens
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

export function boundSayingLimit(call: CompletionCall): Ask {
  const { raw, scan, isLimitSaid, outputTokensWanted: most, inputBound = 0 } = call
  const limitMembers = isLimitSaid ? ['max_tokens'] : []
  return ask(call, inputBound + limitBytes({ raw, scan, limitMembers, most }))
}
