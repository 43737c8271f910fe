import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { closeServer, listen } from '../../command/listen.ts'
import { endpointsWith } from './endpoints.ts'
import { handlerOf } from './handler.ts'
import { ServedLog, type Served } from './served.ts'
import { otherAnswers } from './other-answers.ts'
import { StoredResponses } from './responses/stored.ts'
import type { Pace } from './plan.ts'
import { tempers, type Temper } from '../tempers.ts'

export { behaviours } from './behaviours.ts'
export { operatorSecret } from './errors.ts'
export { countPrompt, countText } from './text/tokens.ts'
export { tempers }
export type { Pace, Served, Temper }

/** A running demo upstream. */
export type DemoUpstream = {
  /** The base URL to give to an OpenAI client: `http://127.0.0.1:PORT/v1`. */
  url: string
  apiKey: string
  port: number
  /** What it served since the last reset, at most the last 100,000 requests, oldest first. */
  served(): Served[]
  servedBy(requestId: string): Served | undefined
  openConnections(): number
  openRequests(): number
  /** Forgets what was served. */
  reset(): void
  /** Cuts what is still open, and resolves when the port is free. */
  close(): Promise<void>
}

type DemoUpstreamOptions = {
  port?: number
  apiKey?: string
  pace?: Pace | 'fast'
  temper?: Temper
}

const realistic: Pace = { firstByteMs: 150, eventMs: 15 }
const unpaced: Pace = { firstByteMs: 0, eventMs: 0 }

/**
 * Starts an upstream that speaks OpenAI's and Anthropic's dialects on the loopback interface: a real HTTP server with true
 * token counts that can be asked to misbehave (see `behaviours`) and knows what it delivered.
 * Rejects when the port is taken. With pace 'fast' it waits for nothing and writes in large pieces.
 */
export async function startDemoUpstream(options: DemoUpstreamOptions = {}): Promise<DemoUpstream> {
  const { port = 0, apiKey = 'sk-demo-upstream', pace = realistic, temper = 'steady' } = options
  const servedLog = new ServedLog()
  const stored = new StoredResponses()
  const manner = { pace: pace === 'fast' ? unpaced : pace, moods: tempers[temper].moods }
  const surroundings = { servedLog, apiKey, ...manner }
  const handlers = new Map(
    endpointsWith(stored).map((endpoint) => [
      `POST /v1/${endpoint.name}`,
      handlerOf(endpoint, surroundings),
    ]),
  )
  const answerOther = otherAnswers({ servedLog, apiKey, stored })
  const sockets = new Set<Socket>()
  let requests = 0
  const server = createServer((req, res) => {
    requests += 1
    res.on('close', () => (requests -= 1))
    const handler = handlers.get(`${req.method} ${req.url?.split('?')[0]}`)
    if (handler) void handler(req, res)
    else answerOther(req, res)
  })
  // Longer than a client keeps an idle connection, so that none is closed while it is picked up.
  server.keepAliveTimeout = 65_000
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const actualPort = await listen(server, port)
  return {
    url: `http://127.0.0.1:${actualPort}/v1`,
    apiKey,
    port: actualPort,
    served: () => servedLog.list(),
    servedBy: (requestId) => servedLog.find(requestId),
    openConnections: () => sockets.size,
    openRequests: () => requests,
    reset: () => servedLog.reset(),
    close: () => closeServer(server),
  }
}
