import { lastUserText, type ChatRequest, type Tool } from './chat-request.ts'
import { sampleOf } from './sample.ts'
import { numberOf, type Script } from './script.ts'
import { countPrompt, countText, piecesOf, type Piece } from './tokens.ts'
import type { Counts } from './usage.ts'
import { seedOf, speak, speakBytes } from './words.ts'

/** One choice of an answer: text, or a tool call whose arguments are the pieces. */
export type Choice = {
  pieces: Piece[]
  tool: { id: string; name: string; nameTokens: number } | undefined
  finishReason: 'stop' | 'length' | 'tool_calls'
}

export type ModelOutput = { choices: Choice[]; counts: Counts }

// Far above what any test asks for, and still bounded: answers are made in memory.
const bigBytesMax = 80 * 1024 * 1024
const repeatTokensMax = 1_000_000

/** Decides what to answer. The same request always gets the same answer. */
export function answerTo(
  request: ChatRequest,
  script: Script,
  headers: Record<string, unknown>,
): ModelOutput {
  const seed = seedOf(lastUserText(request.messages))
  const reasoning = script.has('reasoning') ? numberOf(script, 'reasoning', 64) : 0
  const reasoned = Math.min(reasoning, request.tokensMax)
  const tokensLeft = request.tokensMax - reasoned
  const choices = Array.from({ length: request.n }, (_, index) => {
    const tool = toolToCall(request, script)
    if (tool) return callTool(tool, seed + index, tokensLeft)
    return cut(textPieces(request, script, headers, seed + index), tokensLeft)
  })
  if (script.has('big')) {
    const bytes = Math.max(3, Math.min(numberOf(script, 'big', 1_047_552), bigBytesMax))
    choices[0]?.pieces.splice(1, 0, speakBytes(bytes))
  }
  const prompt = countPrompt(request.messages, request.tools)
  const cached = script.has('cached') ? Math.min(numberOf(script, 'cached', 64), prompt) : 0
  const written = script.has('cache-write') ? numberOf(script, 'cache-write', 64) : 0
  const cacheWrite = Math.min(written, prompt - cached)
  const completion = reasoned + choices.reduce((sum, choice) => sum + tokensIn(choice), 0)
  return { choices, counts: { prompt, completion, cached, cacheWrite, reasoning: reasoned } }
}

/** The tokens a client receives in this choice. */
export function tokensIn({ pieces, tool }: Choice): number {
  return pieces.reduce((sum, piece) => sum + piece.tokens, tool?.nameTokens ?? 0)
}

function textPieces(
  { body, responseFormat }: ChatRequest,
  script: Script,
  headers: Record<string, unknown>,
  seed: number,
): Piece[] {
  if (script.has('echo-headers')) return piecesOf(JSON.stringify(headers))
  if (script.has('echo-body')) {
    return piecesOf(JSON.stringify({ ...body, messages: undefined }))
  }
  if (script.has('unicode')) return piecesOf('你好，世界 🚀 naïve 👩‍👩‍👧‍👦 '.repeat(3))
  const length = Math.min(numberOf(script, 'repeat', 50), repeatTokensMax)
  const spoken = speak(seed, script.has('repeat') ? length : undefined)
  if (responseFormat?.type === 'json_schema') {
    return piecesOf(JSON.stringify(sampleOf(responseFormat.json_schema?.schema)))
  }
  if (responseFormat?.type === 'json_object') {
    return piecesOf(JSON.stringify({ answer: spoken.map((piece) => piece.text).join('') }))
  }
  return spoken
}

// A character of several tokens that no longer fits whole is left out whole, so that what was sent
// and what was counted stay the same.
function cut(pieces: Piece[], tokensMax: number): Choice {
  let tokens = 0
  for (const [index, piece] of pieces.entries()) {
    tokens += piece.tokens
    if (tokens > tokensMax) {
      return { pieces: pieces.slice(0, index), tool: undefined, finishReason: 'length' }
    }
  }
  return { pieces, tool: undefined, finishReason: 'stop' }
}

function toolToCall({ tools, toolChoice }: ChatRequest, script: Script): Tool | undefined {
  const chosen = (toolChoice as { function?: { name?: unknown } } | null | undefined)?.function
    ?.name
  if (chosen !== undefined) return tools?.find((tool) => tool.function.name === chosen)
  if (toolChoice === 'none') return undefined
  return script.has('tool') || toolChoice === 'required' ? tools?.[0] : undefined
}

function callTool(tool: Tool, seed: number, tokensMax: number): Choice {
  const { name, parameters } = tool.function
  const nameTokens = countText(name)
  const args = piecesOf(JSON.stringify(sampleOf(parameters ?? { type: 'object' })))
  const choice = cut(args, tokensMax - nameTokens)
  const id = `call_demo${seed.toString(36).padStart(10, '0')}`
  const finishReason = choice.finishReason === 'stop' ? 'tool_calls' : 'length'
  return { pieces: choice.pieces, tool: { id, name, nameTokens }, finishReason }
}
