import { tagMark } from '../frames.ts'
import { sampleOf } from '../text/sample.ts'
import { numberOf, type Script } from '../script.ts'
import { cut, reasonedOf, saidPieces, textOf, tokensOf, withBig } from '../text/speech.ts'
import { countText, piecesOf, type Piece } from '../text/tokens.ts'
import type { Counts } from '../usage.ts'
import { seedOf, speak } from '../text/words.ts'
import { lastSaid, type MessageRequest } from './request.ts'
import { countPrompt } from './tokens.ts'

type Members = Record<string, unknown>

/** One block of the content, and the pieces in which it is streamed. */
export type Block = {
  kind: 'thinking' | 'search' | 'result' | 'text' | 'tool_use'
  whole: Members
  pieces: readonly Piece[]
  headTokens: number
}

export type Output = {
  blocks: Block[]
  /** All that was used. */
  counts: Counts
  /** Of it, what stands in the usage itself: what was compacted stands beside. */
  own: Counts
  /** What was compacted, in tokens read and written. */
  compacted: { input: number; output: number } | null
  stopReason: string
}

/** What a search has the model read. */
const searchTokens = 400
/** What a model thinks that may, where nothing says how much. */
const thoughtTokens = 48

/** Decides what to answer. */
export function outputTo(
  request: MessageRequest,
  { script, headers }: { script: Script; headers: Members },
): Output {
  const seed = seedOf(lastSaid(request.messages))
  const thinks = request.budget === undefined ? 0 : Math.min(request.budget, thoughtTokens)
  const reasoning = reasonedOf(script, request.tokensMax, thinks)
  const searches = searchesOf(request, script)
  const blocks: Block[] = reasoning > 0 ? [thoughts(seed, reasoning)] : []
  for (let at = 0; at < searches; at += 1) blocks.push(...search(at))
  const wish = { script, headers, seed, tokensMax: request.tokensMax - reasoning }
  const { block, stopReason } = lastBlock(request, wish)
  blocks.push(block)
  const completion = reasoning + block.headTokens + tokensOf(block.pieces)
  const input = inputOf(request, script, searches * searchTokens)
  const own = { completion, reasoning, searches, ...input }
  const compacted = script.has('compaction') ? compactedOf(script) : null
  const counts = {
    ...own,
    prompt: own.prompt + (compacted?.input ?? 0),
    completion: completion + (compacted?.output ?? 0),
  }
  return { blocks, counts, own, compacted, stopReason }
}

function compactedOf(script: Script): { input: number; output: number } {
  const input = numberOf(script, 'compaction', 100)
  return { input, output: Math.ceil(input / 10) }
}

/** The prompt, and what of it was read from the cache or written to it: by the marks in it. */
function inputOf(request: MessageRequest, script: Script, searched: number) {
  const { prompt: said, marked, marked1h } = countPrompt(request)
  const prompt = said + searched
  const wanted = script.has('cached') ? numberOf(script, 'cached', marked || 64) : 0
  const cached = Math.min(wanted, prompt)
  const free = prompt - cached
  if (script.has('cache-write') || script.has('cache-write-1h')) {
    const hourly = script.has('cache-write-1h') ? numberOf(script, 'cache-write-1h', 64) : 0
    const shortly = script.has('cache-write') ? numberOf(script, 'cache-write', 64) : 0
    const cacheWrite1h = Math.min(hourly, free)
    return { prompt, cached, cacheWrite: Math.min(hourly + shortly, free), cacheWrite1h }
  }
  const cacheWrite = Math.max(0, marked - cached)
  return { prompt, cached, cacheWrite, cacheWrite1h: Math.max(0, marked1h - cached) }
}

function searchesOf({ tools }: MessageRequest, script: Script): number {
  const tool = tools.find(({ type }) => String(type).startsWith('web_search'))
  if (!script.has('search') || !tool) return 0
  return Math.min(numberOf(script, 'search', 1), Number(tool.max_uses ?? Infinity), 1_000)
}

// Its tokens are counted when it begins, as those of thoughts that nobody sees are.
function thoughts(seed: number, tokens: number): Block {
  const pieces = speak(seed + 1, tokens).map(({ text }) => ({ text, tokens: 0 }))
  const signature = `demo-signature-${seed.toString(36)}`
  const whole = { type: 'thinking', thinking: textOf(pieces), signature }
  return { kind: 'thinking', whole, pieces, headTokens: 0 }
}

function search(at: number): Block[] {
  const id = `srvtoolu_demo${tagMark}_${at}`
  const caller = { type: 'direct' }
  const input = { query: `demo ${at}` }
  const use = { type: 'server_tool_use', id, name: 'web_search', input, caller }
  const found = {
    type: 'web_search_result',
    url: 'http://127.0.0.1/',
    title: 'Demo',
    encrypted_content: 'demo-page',
    page_age: null,
  }
  const result = { type: 'web_search_tool_result', tool_use_id: id, content: [found], caller }
  const pieces = [{ text: JSON.stringify(input), tokens: 0 }]
  return [
    { kind: 'search', whole: use, pieces, headTokens: 0 },
    { kind: 'result', whole: result, pieces: [], headTokens: 0 },
  ]
}

type Wish = { script: Script; headers: Members; seed: number; tokensMax: number }

function lastBlock(request: MessageRequest, wish: Wish): { block: Block; stopReason: string } {
  const { script, headers, seed, tokensMax } = wish
  const tool = toolToCall(request, script)
  if (tool) return toolBlock(tool, wish)
  const echo = { ...request.body, messages: undefined }
  const wanted = saidPieces(script, { headers, echo, form: formOf(request), seed })
  const { pieces, isWhole } = cut(wanted, tokensMax)
  withBig(pieces, script)
  const whole = { type: 'text', text: textOf(pieces), citations: null }
  const wellEnded = script.has('incomplete') ? 'refusal' : 'end_turn'
  const stopReason = isWhole ? wellEnded : 'max_tokens'
  return { block: { kind: 'text', whole, pieces, headTokens: 0 }, stopReason }
}

function formOf({ body }: MessageRequest) {
  const output = (body.output_config ?? {}) as { format?: { type?: unknown; schema?: unknown } }
  return output.format ?? (body.output_format as { type?: unknown } | undefined)
}

function toolToCall({ tools, toolChoice }: MessageRequest, script: Script): Members | undefined {
  const own = tools.filter(({ type }) => type === undefined || type === 'custom')
  const choice = toolChoice as { type?: unknown; name?: unknown } | null | undefined
  if (choice?.type === 'tool') return own.find(({ name }) => name === choice.name)
  if (choice?.type === 'none') return undefined
  return script.has('tool') || choice?.type === 'any' ? own[0] : undefined
}

function toolBlock(tool: Members, wish: Wish): { block: Block; stopReason: string } {
  const name = String(tool.name)
  const headTokens = countText(name)
  const sample = sampleOf(tool.input_schema ?? { type: 'object' })
  const wanted = piecesOf(JSON.stringify(sample))
  const { pieces, isWhole } = cut(wanted, wish.tokensMax - headTokens)
  const id = `toolu_demo${wish.seed.toString(36).padStart(10, '0')}`
  // What was cut has no input that could be read.
  const input = isWhole ? sample : {}
  const whole = { type: 'tool_use', id, name, input, caller: { type: 'direct' } }
  const block: Block = { kind: 'tool_use', whole, pieces, headTokens }
  return { block, stopReason: isWhole ? 'tool_use' : 'max_tokens' }
}
