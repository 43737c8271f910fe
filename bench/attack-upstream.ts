import { createServer, type ServerResponse } from 'node:http'
import { plainAnswer } from './answers.ts'

// tsx attack-upstream.ts PORT: an upstream that answers a plain call at once, and a stream with an
// event a second for as long as it is read.
const port = Number(process.argv[2])
const chunk = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }],
})
const event = `data: ${chunk}\n\n`
/** Of an unread stream there is always more. */
const flood = event.repeat(5)

function stream(res: ServerResponse, isFlood: boolean) {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  res.write(event)
  const timer = setInterval(
    () => res.writableNeedDrain || res.write(isFlood ? flood : event),
    isFlood ? 100 : 1_000,
  )
  res.on('close', () => clearInterval(timer))
}

const server = createServer((req, res) => {
  let head: Buffer | undefined
  req.on('data', (piece: Buffer) => (head ??= piece))
  req.on('end', () => {
    const start = head?.toString('latin1', 0, 4_096) ?? ''
    if (start.includes('"stream":true')) return stream(res, start.includes('flood'))
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(plainAnswer)
  })
})
server.keepAliveTimeout = 600_000
server.listen(port, '127.0.0.1', 8_192)
