import { createServer, type ServerResponse } from 'node:http'
import { answersOf } from './answers.ts'

// tsx tempered-upstream.ts PORT NAME TEMPER: an upstream whose answers name it. GET /is/TEMPER
// makes it another, GET /asked says how often it was called.
const [port, name = '', first = 'well'] = process.argv.slice(2)
let temper = first
let asked = 0
const { plain, streamed } = answersOf(name)

function answer(res: ServerResponse, isStream: boolean) {
  if (temper === 'silent') return
  if (temper === 'limited') {
    res.writeHead(429, { 'content-type': 'application/json' })
    return void res.end(
      '{"error":{"message":"Too many","type":"requests","code":"rate_limit_exceeded"}}',
    )
  }
  res.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
  res.end(isStream ? streamed : plain)
}

const server = createServer((req, res) => {
  const [, word, to = ''] = req.url?.split('/') ?? []
  if (req.method === 'GET' && word === 'is') temper = to
  if (req.method === 'GET') return void res.end(String(asked))
  const pieces: Buffer[] = []
  req.on('data', (piece: Buffer) => pieces.push(piece))
  req.on('end', () => {
    asked++
    answer(res, Buffer.concat(pieces).includes('"stream":true'))
  })
})
server.keepAliveTimeout = 600_000
server.listen(Number(port), '127.0.0.1', 8_192)
