/** In two lines, so that it fits a column. */
const body = `{"model": "gpt-4o-mini", "stream": true,
       "messages": [{"role": "user", "content": "Hello"}]}`

/** A line for a shell that makes a streamed call; -N shows each piece as it arrives. */
export const curlSnippet = (address: string, key: string) =>
  [
    `curl -N ${address}/v1/chat/completions \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')

/** The same call with the `openai` package. */
export const openaiSnippet = (address: string, key: string) =>
  `import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${address}/v1',
  apiKey: '${key}',
})
const answer = await client.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(answer.choices[0].message.content)`
