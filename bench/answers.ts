const usage = { prompt_tokens: 24, completion_tokens: 64, total_tokens: 88 }
const base = { id: 'chatcmpl-bench', created: 1_790_000_000, model: 'gpt-4o-mini' }
const words = 'The relay counts every token and books every call before its last byte goes out. '

/** What the static upstream says to a plain call. */
export const plainAnswer = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: words.repeat(4) }, finish_reason: 'stop' },
  ],
  usage,
})

const chunk = (choices: unknown[], more = {}) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`
const delta = (given: object, finish: string | null = null) =>
  chunk([{ index: 0, delta: given, finish_reason: finish }])

/** And to a streamed one: 64 pieces, the usage, and the end; all at once. */
export const streamedAnswer = [
  delta({ role: 'assistant', content: '' }),
  ...Array.from({ length: 62 }, (_, i) => delta({ content: ` word${i}` })),
  delta({}, 'stop'),
  chunk([], { usage }),
  'data: [DONE]\n\n',
].join('')

/** The same, short, of an upstream that is to be told from others. */
export function answersOf(name: string) {
  const content = `served by ${name}`
  const message = { role: 'assistant', content }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return {
    plain: JSON.stringify({ ...base, object: 'chat.completion', choices, usage }),
    streamed: [
      delta({ role: 'assistant', content }),
      delta({}, 'stop'),
      chunk([], { usage }),
      'data: [DONE]\n\n',
    ].join(''),
  }
}

const question = {
  model: 'gpt-4o-mini',
  max_tokens: 200,
  messages: [
    { role: 'system', content: 'You are a careful bookkeeper. Answer in one paragraph.' },
    { role: 'user', content: 'What does a relay do with the money that a call did not need?' },
  ],
}

export const plainQuestion = JSON.stringify(question)
export const streamedQuestion = JSON.stringify({
  ...question,
  stream: true,
  stream_options: { include_usage: true },
})
