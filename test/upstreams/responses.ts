import type { ServerResponse } from 'node:http'

/** An event as the Responses API writes it: its name stands in both of its lines. */
export const eventOf = (type: string, data: object = {}, end = '\n') =>
  `event: ${type}${end}data: ${JSON.stringify({ type, ...data })}${end}${end}`

export const usage = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 8, cache_write_tokens: 0 },
  output_tokens: 3,
  output_tokens_details: { reasoning_tokens: 1 },
  total_tokens: 23,
}

const message = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
})
export const search = {
  id: 'ws_1',
  type: 'web_search_call',
  status: 'completed',
  action: { type: 'search', query: 'q' },
}

/** A whole response, as a plain answer and in a last event. */
export const responseOf = (more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  error: null,
  model: 'gpt-4.1',
  service_tier: 'default',
  output: [message('one two three')],
  usage,
  ...more,
})

/** The events of an answer before its last: these three words, one by one. */
export const opening = (end = '\n') => {
  const response = responseOf({ status: 'in_progress', usage: null, output: [] })
  return (
    eventOf('response.created', { sequence_number: 0, response }, end) +
    eventOf('response.in_progress', { sequence_number: 1, response }, end)
  )
}
export const words = (end = '\n') =>
  ['one', ' two', ' three']
    .map((delta, i) =>
      eventOf(
        'response.output_text.delta',
        { sequence_number: 2 + i, item_id: 'msg_1', output_index: 0, content_index: 0, delta },
        end,
      ),
    )
    .join('')
export const lastOf = (status: string, more: object = {}, end = '\n') =>
  eventOf(
    `response.${status}`,
    { sequence_number: 5, response: responseOf({ status, ...more }) },
    end,
  )

export const begin = (res: ServerResponse) =>
  res.writeHead(200, { 'content-type': 'text/event-stream' })
