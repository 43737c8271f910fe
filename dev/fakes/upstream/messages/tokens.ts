import { isObject } from '../chat/chat-request.ts'
import { countText } from '../text/tokens.ts'
import type { MessageRequest } from './request.ts'

type Members = Record<string, unknown>

/** A stretch of a prompt, and for how long it and all before it are to be kept. */
type Stretch = { tokens: number; keep: '5m' | '1h' | null }

const imageTokens = 85

/** A prompt's tokens, and how many of them stand before a mark that has them kept. */
export function countPrompt(request: MessageRequest): {
  prompt: number
  /** All that is to be kept, and of it what is to be kept for an hour. */
  marked: number
  marked1h: number
} {
  let [prompt, marked, marked1h] = [3, 0, 0]
  for (const { tokens, keep } of stretches(request)) {
    prompt += tokens
    if (keep !== null) marked = prompt
    if (keep === '1h') marked1h = prompt
  }
  return { prompt, marked, marked1h }
}

/** In the order in which a cache reads them: tools, system, messages. */
function* stretches({ tools, system, messages, body }: MessageRequest): Generator<Stretch> {
  for (const tool of tools) {
    yield { tokens: countText(JSON.stringify(unmarked(tool))), keep: keepOf(tool) }
  }
  yield* content(system)
  for (const { role, content: said } of messages) {
    yield { tokens: 3 + countText(String(role)), keep: null }
    yield* content(said)
  }
  // A mark at the top is for all that there is.
  yield { tokens: 0, keep: keepOf(body) }
}

function* content(said: unknown): Generator<Stretch> {
  if (typeof said === 'string') yield { tokens: countText(said), keep: null }
  if (!Array.isArray(said)) return
  for (const part of said as Members[]) yield { tokens: countPart(part), keep: keepOf(part) }
}

function countPart(part: Members): number {
  if (part.type === 'image') return imageTokens
  if (part.type === 'text' && typeof part.text === 'string') return countText(part.text)
  return countText(JSON.stringify(unmarked(part)))
}

const unmarked = (part: Members) => ({ ...part, cache_control: undefined })

function keepOf({ cache_control: control }: Members): Stretch['keep'] {
  if (!isObject(control)) return null
  return control.ttl === '1h' ? '1h' : '5m'
}
