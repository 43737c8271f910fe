import { tokensIn, type ModelOutput, type Choice } from '../answer.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Script } from '../script.ts'
import { body, type Send } from '../steps.ts'
import { chatUsage, usageOf } from '../usage.ts'

/** The body of a plain answer, from `model` on: what comes before is new for every request. */
export function completionOf(request: ChatRequest, script: Script, answer: ModelOutput): Send {
  const usage = script.has('no-usage') ? null : usageOf(answer.counts, script, chatUsage)
  const rest = {
    model: request.model,
    choices: answer.choices.map((choice, index) => ({
      index,
      message: messageOf(choice),
      logprobs: null,
      finish_reason: choice.finishReason,
    })),
    ...(usage && { usage }),
    ...(request.serviceTier !== undefined && { service_tier: request.serviceTier }),
    system_fingerprint: 'fp_demo',
  }
  const tokens = answer.choices.reduce((sum, choice) => sum + tokensIn(choice), 0)
  const text = JSON.stringify(rest).slice(1)
  return body(text, { headed: true, tokens, usage })
}

function messageOf({ pieces, tool }: Choice): object {
  const text = pieces.map((piece) => piece.text).join('')
  const message = { role: 'assistant', content: tool ? null : text, refusal: null, annotations: [] }
  if (!tool) return message
  const call = { id: tool.id, type: 'function', function: { name: tool.name, arguments: text } }
  return { ...message, tool_calls: [call] }
}
