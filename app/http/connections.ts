import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { placeOf, Places } from './places.ts'

type Connection = {
  who: string
  leave(): void
  /** The answers under way on it; more than one where a client does not wait for the first. */
  open: Set<ServerResponse>
  /** Since when nothing is under way on it, and how much had come by then. */
  idleSince: number
  bytesAtIdle: number
}

/**
 * The connections of a server: no client has more than its part, and where there is no room for a
 * new one the connection goes that has been idle for longest. So idle ones may be kept for long, as
 * balancers ask, and nobody is shut out by whoever keeps many.
 */
export class Connections {
  private readonly places: Places
  private readonly all = new Map<Socket, Connection>()
  /** In the order in which they fell idle, each client's own and everybody's. */
  private readonly idle = new Set<Socket>()
  private readonly idleOf = new Map<string, Set<Socket>>()
  private isDraining = false

  constructor(
    server: Server,
    most: { allMax: number; eachMax: number },
    private readonly now = () => performance.now(),
  ) {
    this.places = new Places(most)
    server.on('connection', (socket) => this.add(socket))
    // Before whoever answers, so that what they write is closed where it must be.
    server.prependListener('request', (incoming, res) => this.begin(incoming.socket, res))
  }

  /** From here on each answer says that its connection closes with it. */
  drain() {
    this.isDraining = true
    for (const { open } of this.all.values()) open.forEach(closeAfter)
  }

  /** Ends connections on which nothing has been under way, nor has come, for as long as this. */
  closeIdle(idleMsLeast: number) {
    const latest = this.now() - idleMsLeast
    for (const socket of this.idle) {
      const { idleSince, bytesAtIdle } = this.all.get(socket) as Connection
      if (idleSince > latest) return
      // The head of a request is on its way.
      if (socket.bytesRead === bytesAtIdle) this.end(socket)
    }
  }

  private add(socket: Socket) {
    const who = placeOf(socket.remoteAddress)
    const leave = this.takePlace(who)
    if (!leave) return void socket.destroy()
    const connection = { who, leave, open: new Set<ServerResponse>(), idleSince: 0, bytesAtIdle: 0 }
    this.all.set(socket, connection)
    this.fallIdle(socket, connection)
    socket.once('close', () => this.forget(socket))
  }

  private takePlace(who: string) {
    const leave = this.places.take(who)
    if (leave) return leave
    const idle = this.places.isFull ? this.idle : (this.idleOf.get(who) ?? [])
    const longest = this.longestOf(idle)
    if (!longest) return undefined
    this.end(longest)
    return this.places.take(who)
  }

  /** One whose head is on its way goes only where all are such, or heads would shut everybody out. */
  private longestOf(idle: Iterable<Socket>) {
    for (const socket of idle)
      if (socket.bytesRead === this.all.get(socket)?.bytesAtIdle) return socket
    const [longest] = idle
    return longest
  }

  private begin(socket: Socket, res: ServerResponse) {
    const connection = this.all.get(socket)
    if (!connection) return
    connection.open.add(res)
    this.stayIdleNoMore(socket, connection)
    if (this.isDraining) closeAfter(res)
    res.once('close', () => {
      connection.open.delete(res)
      if (connection.open.size === 0 && this.all.has(socket)) this.fallIdle(socket, connection)
    })
  }

  private fallIdle(socket: Socket, connection: Connection) {
    connection.idleSince = this.now()
    connection.bytesAtIdle = socket.bytesRead
    this.idle.add(socket)
    const own = this.idleOf.get(connection.who) ?? new Set()
    this.idleOf.set(connection.who, own.add(socket))
  }

  private stayIdleNoMore(socket: Socket, { who }: Connection) {
    this.idle.delete(socket)
    const own = this.idleOf.get(who)
    own?.delete(socket)
    if (own?.size === 0) this.idleOf.delete(who)
  }

  private end(socket: Socket) {
    this.forget(socket)
    socket.destroySoon()
  }

  private forget(socket: Socket) {
    const connection = this.all.get(socket)
    if (!connection) return
    this.all.delete(socket)
    this.stayIdleNoMore(socket, connection)
    connection.leave()
  }
}

function closeAfter(res: ServerResponse) {
  if (!res.headersSent) res.shouldKeepAlive = false
}
