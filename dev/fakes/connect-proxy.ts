import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { closeServer, listen } from '../command/listen.ts'

/** What a proxy was asked for, in which way, and as whom. */
type Asked = { method: string; target: string; authorization: string | undefined }

/** An HTTP proxy on loopback that knows some hosts, and no others. */
export type ConnectProxy = {
  url: string
  asked: Asked[]
  close(): Promise<void>
}

/** The `host:port` of a request in absolute form; undefined where it is none of plain HTTP. */
function targetOf(url: string): string | undefined {
  if (!/^http:\/\//i.test(url) || !URL.canParse(url)) return undefined
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || 80}`
}

/** Without what is meant for the proxy alone. */
const passedOn = ({ headers }: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(proxy-.*|connection|keep-alive)$/.test(name)),
  )

/** Asks the server on this port what the proxy was asked; who leaves early ends that as well. */
function forward(incoming: IncomingMessage, answer: ServerResponse, port: number) {
  const { pathname, search } = new URL(incoming.url ?? '')
  const there = request({
    host: '127.0.0.1',
    port,
    method: incoming.method,
    path: `${pathname}${search}`,
    headers: passedOn(incoming),
  })
  there.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers)
    answer.flushHeaders()
    response.on('error', () => answer.destroy())
    response.pipe(answer)
  })
  there.on('error', () => answer.destroy())
  answer.on('close', () => there.destroy())
  incoming.pipe(there)
}

/** Lets the client talk to what is on this port. */
function tunnel(client: Socket, port: number) {
  const there = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    client.pipe(there).pipe(client)
  })
  there.on('error', () => client.destroy())
  there.on('close', () => client.destroy())
  client.on('close', () => there.destroy())
}

/**
 * Starts a proxy that forwards what it is asked in absolute form, and takes CONNECT (RFC 9110,
 * section 9.3.6) for port 443 alone, as Squid does with its stock rules. `ports` says on which port
 * of this machine each `host:port` is; names need not be known to anybody else. Where there are
 * `credentials`, as in a URL, nobody else is let through.
 */
export async function startConnectProxy(
  ports: Record<string, number>,
  credentials?: string,
): Promise<ConnectProxy> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const isKnown = ({ headers }: IncomingMessage) =>
    !wanted || headers['proxy-authorization'] === wanted
  const note = ({ method = '', headers }: IncomingMessage, target: string) =>
    asked.push({ method, target, authorization: headers['proxy-authorization'] })

  const server = createServer((incoming, answer) => {
    const target = targetOf(incoming.url ?? '')
    if (target === undefined) return void answer.writeHead(400).end('not in absolute form')
    note(incoming, target)
    if (!isKnown(incoming)) return void answer.writeHead(407).end('who are you?')
    const port = ports[target]
    if (port === undefined) return void answer.writeHead(502).end('no such host')
    forward(incoming, answer, port)
  })
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    const target = incoming.url ?? ''
    note(incoming, target)
    const port = ports[target]
    sockets.add(client)
    client.on('error', () => client.destroy())
    const refuse = (status: string) => void client.end(`HTTP/1.1 ${status}\r\n\r\n`)
    if (!isKnown(incoming)) return refuse('407 Proxy Authentication Required')
    if (!target.endsWith(':443')) return refuse('403 Forbidden')
    if (port === undefined) return refuse('502 Bad Gateway')
    tunnel(client, port)
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return {
    url,
    asked,
    async close() {
      sockets.forEach((socket) => socket.destroy())
      await closeServer(server)
    },
  }
}
