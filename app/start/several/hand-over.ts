import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../config/limits.ts'
import { lull } from '../../http/http.server.ts'
import type { Log } from '../../telemetry/log.ts'

const { slowMs, waitMsMax, waitingMax, refusedMsMax } = limits.processes

/** A relay in a process of its own. */
export type Taker = { hand(id: number, socket: Socket): void }

type Untaken = { socket: Socket; sinceMs: number }
type Taking = {
  /** How many connections it said it had, and how many it has taken since. */
  told: number
  tookSince: number
  /** What was handed to it, and is not yet its own; the longest first. */
  untaken: Map<number, Untaken>
  isLeaving: boolean
  onEmpty: () => void
}

const refusal = [
  'HTTP/1.1 503 Service Unavailable',
  'content-type: text/plain; charset=utf-8',
  'cache-control: no-store',
  'retry-after: 1',
  'connection: close',
  '',
  'No relay process is up right now. Try again in a moment.\n',
].join('\r\n')

/** A head that is on its way is read, or the close would take the answer back. */
async function refuse(socket: Socket) {
  socket.resume().end(refusal)
  await sleep(refusedMsMax, undefined, { ref: false })
  socket.destroy()
}

/**
 * The port of several relay processes: whoever connects is handed to the one with the fewest
 * connections, as it came, unread. A copy is kept until that process says that it has it: where it
 * dies before, another is asked, and the client notices nothing.
 */
export class HandOver {
  private readonly takers = new Map<Taker, Taking>()
  private readonly waiting = new Map<Socket, NodeJS.Timeout>()
  private readonly server = createServer(
    { pauseOnConnect: true, allowHalfOpen: true },
    (socket) => {
      // It is read by nobody here; whoever gets it finds out.
      socket.on('error', () => undefined)
      this.give(socket)
    },
  )
  private isEnding = false
  private closing: Promise<void> | undefined
  private handed = 0

  constructor(
    private readonly log: Pick<Log, 'failed'>,
    private readonly now = () => performance.now(),
  ) {}

  /** Rejects where it cannot; what goes wrong with connections later is noted. */
  listen(port: number, host: string): Promise<number> {
    const { server, log } = this
    return new Promise((resolve, reject) => {
      server.once('error', reject).listen(port, host, () => {
        server.off('error', reject).on('error', (error) => log.failed('accept_failed', error))
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  join(taker: Taker) {
    this.takers.set(taker, {
      told: 0,
      tookSince: 0,
      untaken: new Map(),
      isLeaving: false,
      onEmpty: () => undefined,
    })
    for (const [socket, timer] of this.waiting) {
      clearTimeout(timer)
      this.waiting.delete(socket)
      this.give(socket)
    }
  }

  took(taker: Taker, id: number) {
    const taking = this.takers.get(taker)
    const handed = taking?.untaken.get(id)
    if (!taking || !handed) return
    taking.untaken.delete(id)
    taking.tookSince++
    // A copy closes without a word to the client.
    handed.socket.destroy()
    if (taking.untaken.size === 0) taking.onEmpty()
  }

  /** So many connections it has, all that it took by now included. */
  count(taker: Taker, connections: number) {
    const taking = this.takers.get(taker)
    if (taking) Object.assign(taking, { told: connections, tookSince: 0 })
  }

  /** Nothing more is handed to it where another is there; it goes on with what it was handed. */
  spare(taker: Taker) {
    const taking = this.takers.get(taker)
    if (taking) taking.isLeaving = true
  }

  /** Resolves when this one has taken all that it ever will; the last one has the port close. */
  async leave(taker: Taker): Promise<void> {
    const taking = this.takers.get(taker)
    if (!taking) return
    const isLast = ![...this.takers].some(([other, it]) => other !== taker && !it.isLeaving)
    if (isLast && this.isEnding) await this.close()
    taking.isLeaving = true
    if (taking.untaken.size > 0) await new Promise<void>((resolve) => (taking.onEmpty = resolve))
    this.takers.delete(taker)
  }

  /** Its process has ended: what it had not taken goes to the others. */
  drop(taker: Taker) {
    const taking = this.takers.get(taker)
    this.takers.delete(taker)
    for (const { socket } of taking?.untaken.values() ?? []) this.give(socket)
    taking?.onEmpty()
    if (this.isEnding && this.takers.size === 0) void this.close()
  }

  /** From here on the port closes with the last one that leaves. */
  end() {
    this.isEnding = true
    if (this.takers.size === 0) void this.close()
  }

  /** Closes the port, in a lull. */
  close(): Promise<void> {
    this.isEnding = true
    return (this.closing ??= lull(this.server).then(() => {
      this.server.close()
      for (const socket of this.waiting.keys()) this.giveUp(socket)
    }))
  }

  private give(socket: Socket) {
    const [taker, taking] = this.fewest() ?? []
    if (!taker || !taking) return this.wait(socket)
    const id = ++this.handed
    taking.untaken.set(id, { socket, sinceMs: this.now() })
    taker.hand(id, socket)
  }

  /** One that does not take what it is handed comes last, and one that leaves not at all. */
  private fewest() {
    let best: { entry: [Taker, Taking]; isSlow: boolean; load: number } | undefined
    for (const entry of this.takers) {
      const { told, tookSince, untaken, isLeaving } = entry[1]
      if (isLeaving) continue
      const [oldest] = untaken.values()
      const isSlow = oldest !== undefined && this.now() - oldest.sinceMs > slowMs
      const load = told + tookSince + untaken.size
      const isBetter = !best || (isSlow === best.isSlow ? load < best.load : best.isSlow)
      if (isBetter) best = { entry, isSlow, load }
    }
    return best?.entry
  }

  private wait(socket: Socket) {
    if (this.waiting.size >= waitingMax) return void socket.destroy()
    this.waiting.set(
      socket,
      setTimeout(() => this.giveUp(socket), waitMsMax),
    )
  }

  private giveUp(socket: Socket) {
    clearTimeout(this.waiting.get(socket))
    this.waiting.delete(socket)
    void refuse(socket)
  }
}
