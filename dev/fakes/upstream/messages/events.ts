import { tagMark } from '../frames.ts'
import type { Script } from '../script.ts'
import { tokensOf } from '../text/speech.ts'
import { body, named, type Send } from '../steps.ts'
import type { UsageObject } from '../usage.ts'
import type { Block, Output } from './output.ts'
import type { MessageRequest } from './request.ts'
import { firstUsage, lastUsage, mergedUsage, plainUsage } from './usage.ts'

type Members = Record<string, unknown>
type Data = { type: string } & Members

export const ping = named({ type: 'ping' })

/** A message, whole or as it begins. */
function messageOf({ model }: MessageRequest, usage: UsageObject | null, more: Members): Members {
  return {
    model,
    id: `msg_demo${tagMark}`,
    type: 'message',
    role: 'assistant',
    content: [],
    container: null,
    context_management: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    ...more,
    ...(usage && { usage }),
  }
}

/** The body of a plain answer. */
export function bodyOf(request: MessageRequest, script: Script, output: Output): Send {
  const usage = plainUsage(output, script)
  const content = output.blocks.map((block) => block.whole)
  const message = messageOf(request, usage, { content, stop_reason: output.stopReason })
  return body(JSON.stringify(message), { tokens: shownTokens(output), usage })
}

/** The tokens of an output that a client receives, thoughts apart. */
const shownTokens = ({ blocks }: Output) =>
  blocks.reduce((sum, { headTokens, pieces }) => sum + headTokens + tokensOf(pieces), 0)

/** The events of a streamed message, one token each, up to `message_stop`. */
export function eventsOf(request: MessageRequest, script: Script, output: Output): Send[] {
  const first = firstUsage(output, script)
  const last = lastUsage(output, script)
  const blocks = output.blocks.flatMap(blockEvents)
  const end = named({ type: 'message_stop' })
  return [
    named({ type: 'message_start', message: messageOf(request, first, {}) } as Data, {
      usage: first,
    }),
    ping,
    ...blocks,
    deltaOf({ stop_reason: output.stopReason }, last, mergedUsage(first, last)),
    ...(script.has('no-done') ? [] : [end]),
  ]
}

function deltaOf(said: Members, usage: UsageObject | null, merged: UsageObject | null): Send {
  const delta = { ...said, stop_sequence: null, stop_details: null, container: null }
  const data: Data = { type: 'message_delta', delta, ...(usage && { usage }) }
  return named(data, { usage: merged })
}

function blockEvents(block: Block, index: number): Send[] {
  const { begun, deltas } = shapes[block.kind](block)
  const start: Data = {
    type: 'content_block_start',
    index,
    content_block: { ...block.whole, ...begun },
  }
  const changes = deltas.map(({ delta, tokens }) =>
    named({ type: 'content_block_delta', index, delta } as Data, { tokens }),
  )
  const stop: Data = { type: 'content_block_stop', index }
  return [named(start, { tokens: block.headTokens }), ...changes, named(stop)]
}

type Change = { delta: Members; tokens: number }
type BlockShape = { begun: Members; deltas: Change[] }

const changesOf = ({ pieces }: Block, type: string, member: string): Change[] =>
  pieces.map(({ text, tokens }) => ({ delta: { type, [member]: text }, tokens }))

const inputOf = (block: Block): BlockShape => ({
  begun: { input: {} },
  deltas: changesOf(block, 'input_json_delta', 'partial_json'),
})

const shapes: Record<Block['kind'], (block: Block) => BlockShape> = {
  thinking(block) {
    const signature = { type: 'signature_delta', signature: block.whole.signature }
    const thoughts = changesOf(block, 'thinking_delta', 'thinking')
    return {
      begun: { thinking: '', signature: '' },
      deltas: [...thoughts, { delta: signature, tokens: 0 }],
    }
  },
  search: inputOf,
  tool_use: inputOf,
  result: () => ({ begun: {}, deltas: [] }),
  text: (block) => ({ begun: { text: '' }, deltas: changesOf(block, 'text_delta', 'text') }),
}
