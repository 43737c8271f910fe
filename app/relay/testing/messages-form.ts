import { tellableCode } from '../../values/logs/tellable-code.ts'
import { laterUsage, readMessagesUsage } from '../anthropic/reported-usage.ts'
import { isObject } from '../openai/json-request.ts'
import { dataOf } from '../text/events.ts'
import type { Asked, Seen, TestForm } from './tested-call.ts'

function objectIn(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const within = (holder: unknown, name: string) => (isObject(holder) ? holder[name] : undefined)

/** Of `{"type":"error","error":{"type":"overloaded_error",…}}`: its type. */
function errorCode(body: Record<string, unknown> | undefined): string | undefined {
  const type = within(body?.error, 'type')
  return typeof type === 'string' ? tellableCode([type]) : undefined
}

const modelIn = (message: unknown) => {
  const model = within(message, 'model')
  return typeof model === 'string' ? model : null
}

/** A message in Anthropic's own dialect. */
export function messagesForm({ target, streamed }: Asked): TestForm {
  const messages = [{ role: 'user', content: 'Say OK.' }]
  const head = { model: target.offer.theirName, max_tokens: 1, messages }
  /** Of a stream's events, each of which says all that it knows so far. */
  let usage: unknown
  const note = (seen: Seen, next: unknown) => {
    usage = laterUsage(usage, next)
    seen.reported = readMessagesUsage(usage)
  }
  return {
    path: 'messages',
    body: [Buffer.from(JSON.stringify(streamed ? { ...head, stream: true } : head))],
    plain(answer) {
      const said = objectIn(answer.toString())
      if (said?.type !== 'message' || !Array.isArray(said.content))
        return { code: errorCode(said) ?? 'no_message' }
      return { model: modelIn(said), reported: readMessagesUsage(said.usage), isWhole: true }
    },
    look(event, seen, elapsed) {
      const said = objectIn(dataOf(event))
      if (said?.type === 'message_start') {
        seen.model ??= modelIn(said.message)
        note(seen, within(said.message, 'usage'))
      }
      if (said?.type === 'content_block_delta' || said?.type === 'message_delta')
        seen.firstEventMs ??= elapsed()
      if (said?.type === 'message_delta') note(seen, said.usage)
      if (said?.type === 'message_stop') seen.isWhole = true
      if (said?.type === 'error') seen.code = errorCode(said) ?? 'error_event'
    },
  }
}
