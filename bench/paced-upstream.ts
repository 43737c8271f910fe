import { createServer, type ServerResponse } from 'node:http'

// tsx paced-upstream.ts PORT EVENTS EVERY_MS: an upstream whose events come at a steady pace, each
// with the moment at which it was written.
const [port, events, everyMs] = process.argv.slice(2).map(Number) as [number, number, number]
const base = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_790_000_000 }
const model = 'gpt-4o-mini'
const usage = { prompt_tokens: 24, completion_tokens: events, total_tokens: 24 + events }
const last =
  `data: ${JSON.stringify({ ...base, model, choices: [], usage })}\n\n` + 'data: [DONE]\n\n'

/** The clock that all processes of the machine share, in microseconds. */
const nowUs = () => Math.round(Number(process.hrtime.bigint()) / 1_000)

function write(res: ServerResponse, at: number) {
  const content = ` word${at} @${nowUs()}@`
  const choices = [{ index: 0, delta: { content }, finish_reason: null }]
  res.write(`data: ${JSON.stringify({ ...base, model, choices })}\n\n`)
}

const server = createServer((req, res) => {
  req.resume()
  if (req.method !== 'POST') return void res.writeHead(404).end()
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  let at = 0
  write(res, at++)
  const timer = setInterval(() => {
    if (at < events) return write(res, at++)
    clearInterval(timer)
    res.end(last)
  }, everyMs)
  res.on('close', () => clearInterval(timer))
})
server.keepAliveTimeout = 600_000
server.listen(port, '127.0.0.1', 8_192)
