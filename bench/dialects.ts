import { streamedAnswer, streamedQuestion } from './answers.ts'

/** A streamed call in one dialect: where it goes, what is asked, and what the upstream says. */
type Dialect = {
  path: string
  body: string
  answer: string
  headers?: Record<string, string>
}

const said = 'You are a careful bookkeeper. Answer in one paragraph.'
const asked = 'What does a relay do with the money that a call did not need?'
const words = Array.from({ length: 62 }, (_, i) => ` word${i}`)

type Event = { type: string } & Record<string, unknown>
const frame = (event: Event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const response = {
  id: 'resp_bench',
  object: 'response',
  created_at: 1_790_000_000,
  model: 'gpt-4o-mini',
  status: 'in_progress',
  output: [] as unknown[],
}
const item = { id: 'msg_bench', type: 'message', role: 'assistant' }
const text = words.join('')
const whole = { ...item, status: 'completed', content: [{ type: 'output_text', text }] }
const responseUsage = {
  input_tokens: 24,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 64,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 88,
}
const at = { output_index: 0, item_id: item.id, content_index: 0 }

const responseEvents: Event[] = [
  { type: 'response.created', response },
  { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
  ...words.map((delta) => ({ type: 'response.output_text.delta', ...at, delta })),
  { type: 'response.output_item.done', output_index: 0, item: whole },
  {
    type: 'response.completed',
    response: { ...response, status: 'completed', output: [whole], usage: responseUsage },
  },
].map(({ type, ...rest }, sequence_number) => ({ type, sequence_number, ...rest }))

const model = 'claude-haiku-4-5'
const message = { id: 'msg_bench', type: 'message', role: 'assistant', model, content: [] }
const input = { input_tokens: 24, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }

const messageEvents: Event[] = [
  { type: 'message_start', message: { ...message, usage: { ...input, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...words.map((word) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: word },
  })),
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { ...input, output_tokens: 64 },
  },
  { type: 'message_stop' },
]

/** The same question and about the same answer, of 62 words, each in an event, in every dialect. */
export const dialects: Record<'chat' | 'responses' | 'messages', Dialect> = {
  chat: { path: 'chat/completions', body: streamedQuestion, answer: streamedAnswer },
  responses: {
    path: 'responses',
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      max_output_tokens: 200,
      instructions: said,
      input: asked,
      store: false,
      stream: true,
    }),
    answer: responseEvents.map(frame).join(''),
  },
  messages: {
    path: 'messages',
    body: JSON.stringify({
      model,
      max_tokens: 200,
      system: said,
      messages: [{ role: 'user', content: asked }],
      stream: true,
    }),
    answer: messageEvents.map(frame).join(''),
    headers: { 'anthropic-version': '2023-06-01' },
  },
}
