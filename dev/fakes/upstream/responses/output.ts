import { tagMark } from '../frames.ts'
import { numberOf, type Script } from '../script.ts'
import {
  callOf,
  cachedOf,
  cut,
  reasonedOf,
  saidPieces,
  textOf,
  tokensOf,
  withBig,
} from '../text/speech.ts'
import { countText, piecesOf, type Piece } from '../text/tokens.ts'
import type { Counts } from '../usage.ts'
import { seedOf, speak } from '../text/words.ts'
import type { ResponseRequest } from './request.ts'
import { countInput, lastSaid } from './tokens.ts'

type Members = Record<string, unknown>

/** One item of the output, and the pieces in which its text is streamed. */
export type Item = {
  kind: 'reasoning' | 'search' | 'message' | 'function_call' | 'custom_tool_call'
  /** As it is when it is whole. */
  whole: Members
  pieces: readonly Piece[]
  /** Tokens that come with its beginning. */
  headTokens: number
}

export type Output = { items: Item[]; counts: Counts; isWhole: boolean }

/** What a search has the model read. */
const searchTokens = 400
const summaryTokens = 12

/** Decides what to answer, with what was said before this request. */
export function outputTo(
  request: ResponseRequest,
  { script, headers, before }: { script: Script; headers: Members; before: number },
): Output {
  const say = lastSaid(request.items)
  const seed = seedOf(say)
  const reasoning = reasonedOf(script, request.tokensMax)
  const searches = searchesOf(request, script)
  const prompt = before + countInput(request) + searches * searchTokens
  const items: Item[] = []
  if (reasoning > 0) items.push(reasoningItem(request, seed))
  for (let at = 0; at < searches; at += 1) items.push(searchItem(at))
  const last = lastItem(request, {
    script,
    headers,
    seed,
    tokensMax: request.tokensMax - reasoning,
  })
  items.push(last.item)
  const completion = reasoning + last.item.headTokens + tokensOf(last.item.pieces)
  const counts = { prompt, completion, reasoning, searches, ...cachedOf(script, prompt) }
  return { items, counts, isWhole: last.isWhole }
}

const isSearch = (type: unknown) => typeof type === 'string' && type.startsWith('web_search')

function searchesOf({ tools, searchesMax }: ResponseRequest, script: Script): number {
  if (!script.has('search') || !tools.some(({ type }) => isSearch(type))) return 0
  return Math.min(numberOf(script, 'search', 1), searchesMax, 1_000)
}

// What is thought is not shown; its summary costs nothing beside.
function reasoningItem({ body }: ResponseRequest, seed: number): Item {
  const pieces = speak(seed + 1, summaryTokens).map(({ text }) => ({ text, tokens: 0 }))
  const include = Array.isArray(body.include) ? (body.include as unknown[]) : []
  const sealed = include.includes('reasoning.encrypted_content')
  const whole = {
    id: `rs_demo${tagMark}`,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: textOf(pieces) }],
    ...(sealed && { encrypted_content: `demo-thoughts-${seed.toString(36)}` }),
  }
  return { kind: 'reasoning', whole, pieces, headTokens: 0 }
}

function searchItem(at: number): Item {
  const query = `demo ${at}`
  const whole = {
    id: `ws_demo${tagMark}_${at}`,
    type: 'web_search_call',
    status: 'completed',
    action: { type: 'search', query, queries: [query] },
  }
  return { kind: 'search', whole, pieces: [], headTokens: 0 }
}

type Wish = { script: Script; headers: Members; seed: number; tokensMax: number }

function lastItem(request: ResponseRequest, wish: Wish): { item: Item; isWhole: boolean } {
  const tool = toolToCall(request, wish.script)
  if (tool) return callItem(tool, wish)
  const { script, headers, seed, tokensMax } = wish
  const echo = { ...request.body, input: undefined }
  const wanted = saidPieces(script, { headers, echo, form: request.form, seed })
  const { pieces, isWhole } = cut(wanted, tokensMax)
  withBig(pieces, script)
  const content = [{ type: 'output_text', text: textOf(pieces), annotations: [], logprobs: [] }]
  const status = isWhole ? 'completed' : 'incomplete'
  const whole = { id: `msg_demo${tagMark}`, type: 'message', status, role: 'assistant', content }
  return { item: { kind: 'message', whole, pieces, headTokens: 0 }, isWhole }
}

function toolToCall({ tools, toolChoice }: ResponseRequest, script: Script): Members | undefined {
  const own = tools.filter(({ type }) => type === 'function' || type === 'custom')
  const chosen = (toolChoice as { name?: unknown } | null | undefined)?.name
  if (chosen !== undefined) return own.find((tool) => tool.name === chosen)
  if (toolChoice === 'none') return undefined
  return script.has('tool') || toolChoice === 'required' ? own[0] : undefined
}

function callItem(tool: Members, { seed, tokensMax }: Wish): { item: Item; isWhole: boolean } {
  const name = String(tool.name)
  const headTokens = countText(name)
  const isCustom = tool.type === 'custom'
  const { id, said } = callOf(tool.parameters, seed, tokensMax - headTokens)
  const { pieces, isWhole } = isCustom ? cut(piecesOf('demo'), tokensMax - headTokens) : said
  const status = isWhole ? 'completed' : 'incomplete'
  const kind = isCustom ? 'custom_tool_call' : 'function_call'
  const own = isCustom ? { input: textOf(pieces) } : { arguments: textOf(pieces) }
  const ids = { id: `${isCustom ? 'ctc' : 'fc'}_demo${tagMark}`, call_id: id }
  const whole = { ...ids, type: kind, status, name, ...own }
  return { item: { kind, whole, pieces, headTokens }, isWhole }
}
