import { lastUserText, type ChatRequest, type Tool } from './chat/chat-request.ts'
import type { Script } from './script.ts'
import {
  callOf,
  cut,
  cachedOf,
  reasonedOf,
  saidPieces,
  tokensOf,
  withBig,
  type Said,
} from './text/speech.ts'
import { countPrompt, countText, type Piece } from './text/tokens.ts'
import type { Counts } from './usage.ts'
import { seedOf } from './text/words.ts'

/** One choice of an answer: text, or a tool call whose arguments are the pieces. */
export type Choice = {
  pieces: Piece[]
  tool: { id: string; name: string; nameTokens: number } | undefined
  finishReason: 'stop' | 'length' | 'tool_calls'
}

export type ModelOutput = { choices: Choice[]; counts: Counts }

/** Decides what to answer. The same request always gets the same answer. */
export function answerTo(
  request: ChatRequest,
  script: Script,
  headers: Record<string, unknown>,
): ModelOutput {
  const seed = seedOf(lastUserText(request.messages))
  const reasoning = reasonedOf(script, request.tokensMax)
  const tokensLeft = request.tokensMax - reasoning
  const echo = { ...request.body, messages: undefined }
  const format = request.responseFormat
  const form = { type: format?.type, schema: format?.json_schema?.schema }
  const choices = Array.from({ length: request.n }, (_, index): Choice => {
    const tool = toolToCall(request, script)
    if (tool) return callTool(tool, seed + index, tokensLeft)
    const pieces = saidPieces(script, { headers, echo, form, seed: seed + index })
    return { ...textChoice(cut(pieces, tokensLeft)), tool: undefined }
  })
  if (choices[0]) withBig(choices[0].pieces, script)
  const prompt = countPrompt(request.messages, request.tools)
  const completion = reasoning + choices.reduce((sum, choice) => sum + tokensIn(choice), 0)
  const counts = { prompt, completion, reasoning, searches: 0, ...cachedOf(script, prompt) }
  return { choices, counts }
}

/** The tokens a client receives in this choice. */
export function tokensIn({ pieces, tool }: Choice): number {
  return tokensOf(pieces) + (tool?.nameTokens ?? 0)
}

const textChoice = ({ pieces, isWhole }: Said) => ({
  pieces,
  finishReason: isWhole ? ('stop' as const) : ('length' as const),
})

function toolToCall({ tools, toolChoice }: ChatRequest, script: Script): Tool | undefined {
  const chosen = (toolChoice as { function?: { name?: unknown } } | null | undefined)?.function
    ?.name
  if (chosen !== undefined) return tools?.find((tool) => tool.function.name === chosen)
  if (toolChoice === 'none') return undefined
  return script.has('tool') || toolChoice === 'required' ? tools?.[0] : undefined
}

function callTool({ function: tool }: Tool, seed: number, tokensMax: number): Choice {
  const nameTokens = countText(tool.name)
  const { id, said } = callOf(tool.parameters, seed, tokensMax - nameTokens)
  const finishReason = said.isWhole ? 'tool_calls' : 'length'
  return { pieces: said.pieces, tool: { id, name: tool.name, nameTokens }, finishReason }
}
