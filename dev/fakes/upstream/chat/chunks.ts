import type { ModelOutput, Choice } from '../answer.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Script } from '../script.ts'
import { event, type Send } from '../steps.ts'
import { chatUsage, halved, usageOf, type Counts, type UsageObject } from '../usage.ts'

type Change = { index: number; delta: object; finishReason: string | null; tokens: number }

/** The events of a streamed answer, one token each, as OpenAI would send them: up to `[DONE]`. */
export function chunksOf(request: ChatRequest, script: Script, answer: ModelOutput): Send[] {
  const reports = request.includeUsage && !script.has('no-usage')
  const each = script.has('usage-each') && !script.has('no-usage')
  const counts = { ...answer.counts, completion: answer.counts.reasoning }
  const chunk = (choices: object[], tokens: number, usage: UsageObject | null): Send => {
    const body = {
      model: request.model,
      ...(request.serviceTier !== undefined && { service_tier: request.serviceTier }),
      system_fingerprint: 'fp_demo',
      choices,
      ...((reports || each) && { usage }),
    }
    return event(JSON.stringify(body).slice(1), { tokens, usage })
  }
  const changes = interleave(answer.choices.map(changesOf))
  const chunks = changes.map(({ index, delta, finishReason, tokens }) => {
    counts.completion += tokens
    const choice = { index, delta, logprobs: null, finish_reason: finishReason }
    return chunk([choice], tokens, each ? usageOf(counts, script, chatUsage) : null)
  })
  const usageChunk = (total: Counts) => chunk([], 0, usageOf(total, script, chatUsage))
  if (reports && script.has('usage-twice')) {
    chunks.splice(chunks.length >> 1, 0, usageChunk(halved(answer.counts)))
  }
  if (reports) chunks.push(usageChunk(answer.counts))
  if (!script.has('no-done')) chunks.push(event('[DONE]', { headed: false }))
  return chunks
}

function changesOf({ pieces, tool, finishReason }: Choice, index: number): Change[] {
  const change = (delta: object, tokens = 0) => ({ index, delta, finishReason: null, tokens })
  const first = tool ? firstOfTool(tool) : { role: 'assistant', content: '' }
  return [
    change(first, tool?.nameTokens),
    ...pieces.map(({ text, tokens }) => {
      const args = { tool_calls: [{ index: 0, function: { arguments: text } }] }
      return change(tool ? args : { content: text }, tokens)
    }),
    { index, delta: {}, finishReason, tokens: 0 },
  ]
}

function firstOfTool({ id, name }: { id: string; name: string }): object {
  const call = { index: 0, id, type: 'function', function: { name, arguments: '' } }
  return { role: 'assistant', content: null, tool_calls: [call] }
}

// Several choices are written side by side, the way OpenAI streams them.
function interleave(choices: Change[][]): Change[] {
  if (choices.length === 1) return choices[0] ?? []
  const longest = Math.max(...choices.map((changes) => changes.length))
  const rounds = Array.from({ length: longest }, (_, at) => choices.map((changes) => changes[at]))
  return rounds.flat().filter((change) => change !== undefined)
}
