import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { closeServer, listen } from '../command/listen.ts'

/** What a proxy was asked to connect to, and as whom. */
type Asked = { target: string; authorization: string | undefined }

/** An HTTP proxy on loopback that knows some hosts, and no others. */
export type ConnectProxy = {
  url: string
  asked: Asked[]
  close(): Promise<void>
}

/**
 * Starts a proxy that takes CONNECT (RFC 9110, section 9.3.6). `ports` says on which port of this
 * machine each `host:port` is; names need not be known to anybody else.
 */
export async function startConnectProxy(ports: Record<string, number>): Promise<ConnectProxy> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const server = createServer((_, res) => void res.writeHead(501).end())
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    const target = incoming.url ?? ''
    asked.push({ target, authorization: incoming.headers['proxy-authorization'] })
    const port = ports[target]
    client.on('error', () => client.destroy())
    if (port === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const there = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(there).pipe(client)
    })
    there.on('error', () => client.destroy())
    there.on('close', () => client.destroy())
    client.on('close', () => there.destroy())
    sockets.add(client)
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
