import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { listen } from '../../dev/command/listen.ts'

/** What came with one request. */
type Heard = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** As it came, and what it says. */
  raw: Buffer
  body: Record<string, unknown>
}
/** What an upstream does with one request. */
export type Play = (res: ServerResponse, heard: Heard) => unknown

/** An upstream that does what its test says: for what the demo upstream has no word for. */
export async function startHandFedUpstream() {
  let play: Play = (res) => res.end()
  const heard: Heard[] = []
  const server = createServer((req, res) => {
    const pieces: Buffer[] = []
    req.on('data', (piece: Buffer) => pieces.push(piece))
    req.on('end', () => {
      const raw = Buffer.concat(pieces)
      const text = raw.toString()
      const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>
      heard.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, raw, body })
      void play(res, heard.at(-1)!)
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/v1`,
    /** Every request that has come, the last one last. */
    heard,
    play(next: Play) {
      play = next
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export const eventOf = (chunk: unknown) =>
  `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`

/** Begins a stream with these chunks, and leaves it open. */
export function speak(res: ServerResponse, ...chunks: unknown[]) {
  if (!res.headersSent) res.writeHead(200, { 'content-type': 'text/event-stream' })
  res.write(chunks.map(eventOf).join(''))
}

/** Answers a plain call. */
export function answerPlain(res: ServerResponse, body: unknown) {
  res.writeHead(200, { 'content-type': 'application/json' })
  res.end(JSON.stringify(body))
}

export const deltaOf = (delta: unknown, more: object = {}) => ({
  model: 'gpt-4.1',
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
})
