import { connect, createServer, type Socket } from 'node:net'
import { listen } from '../../dev/command/listen.ts'

/** A loopback TCP proxy that a test can make fail in chosen ways. */
export type TcpProxy = {
  readonly port: number
  /** The same URL, leading through the proxy. */
  through(url: string): string
  /** Cuts every open connection with a reset. */
  dropAll(): void
  /** While on, new connections are reset at once. Open ones live on. */
  refuse(isOn: boolean): void
  /** While on, no byte moves in either direction, and no connection ends. */
  freeze(isOn: boolean): void
  /** Holds back each packet for `ms` on its way in each direction; 0 ends it. */
  delay(ms: number): void
  /**
   * Once: forwards the client's packet that contains `pattern`, swallows what the server replies
   * and resets that connection. So a COMMIT takes effect and its reply is lost. Resolves when the
   * connection has been cut.
   */
  cutAfterClientSends(pattern: Buffer | string): Promise<void>
  close(): Promise<void>
}

type Link = { client: Socket; upstream: Socket; isMuted: boolean }
type Trap = { pattern: Buffer; sprung: () => void }
type Faults = { isRefusing: boolean; isFrozen: boolean; delayMs: number; trap: Trap | undefined }

/** Starts a proxy on a free port in front of `targetHost`:`targetPort`. */
export async function startTcpProxy(target: {
  targetPort: number
  targetHost?: string
}): Promise<TcpProxy> {
  const faults: Faults = { isRefusing: false, isFrozen: false, delayMs: 0, trap: undefined }
  const links = new Set<Link>()
  const address = {
    port: target.targetPort,
    host: target.targetHost ?? '127.0.0.1',
    allowHalfOpen: true,
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (faults.isRefusing) return void client.on('error', ignore).resetAndDestroy()
    const link: Link = { client, upstream: connect(address), isMuted: false }
    links.add(link)
    link.upstream.once('close', () => links.delete(link))
    joinUp(link, faults)
  })
  const port = await listen(server)
  return {
    port,
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = String(port)
      return changed.href
    },
    dropAll: () => links.forEach(cut),
    refuse: (isOn) => void (faults.isRefusing = isOn),
    freeze(isOn) {
      faults.isFrozen = isOn
      const sockets = [...links].flatMap(({ client, upstream }) => [client, upstream])
      sockets.forEach((socket) => (isOn ? socket.pause() : socket.resume()))
    },
    delay: (ms) => void (faults.delayMs = ms),
    cutAfterClientSends(pattern) {
      return new Promise((sprung) => (faults.trap = { pattern: Buffer.from(pattern), sprung }))
    },
    close() {
      links.forEach(cut)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function joinUp(link: Link, faults: Faults): void {
  const { client, upstream } = link
  client.on('data', (bytes) => {
    springTrap(link, faults, bytes)
    pass(client, upstream, bytes, faults)
  })
  upstream.on('data', (bytes) => {
    if (!link.isMuted) pass(upstream, client, bytes, faults)
  })
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.setNoDelay(true)
    socket.on('end', () => later(faults, () => other.end()))
    socket.on('error', () => cut(link))
    socket.on('close', (hadError) => hadError && cut(link))
    if (faults.isFrozen) socket.pause()
  }
}

function springTrap(link: Link, faults: Faults, bytes: Buffer): void {
  if (faults.trap === undefined || !bytes.includes(faults.trap.pattern)) return
  const { sprung } = faults.trap
  faults.trap = undefined
  link.isMuted = true
  link.upstream.once('data', () => {
    cut(link)
    sprung()
  })
}

function pass(from: Socket, to: Socket, bytes: Buffer, faults: Faults): void {
  later(faults, () => {
    if (!to.writable || to.write(bytes)) return
    // Back-pressure: a slow reader on one side slows the writer on the other.
    from.pause()
    to.once('drain', () => faults.isFrozen || from.resume())
  })
}

/** Equal delays keep the order: timers of one length fire in the order they were set. */
function later({ delayMs }: Faults, work: () => void): void {
  if (delayMs === 0) work()
  else setTimeout(work, delayMs)
}

/** A socket that is saying good-bye cannot be reset: Node then never ends, and spins on its handle. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

function cut({ client, upstream }: Link): void {
  reset(client)
  reset(upstream)
}

function ignore(): void {}
