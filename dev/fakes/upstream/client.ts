import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { numberOf, type Script } from './script.ts'

/** The way out to one client: it waits for slow readers, and stops waiting when the client goes. */
export class ClientConnection {
  gone = false
  readonly #res: ServerResponse
  readonly #gzip: boolean
  readonly #cutAt: number | 'everywhere' | undefined
  #written = 0
  #wake: (() => void) | undefined

  constructor(res: ServerResponse, script: Script) {
    this.#res = res
    this.#gzip = script.has('gzip')
    if (script.has('split')) this.#cutAt = numberOf(script, 'split', 0) || 'everywhere'
    res.on('close', () => {
      this.gone = true
      this.#wake?.()
    })
  }

  headers(status: number, headers: Record<string, string>) {
    const encoding = this.#gzip ? { 'content-encoding': 'gzip' } : {}
    this.#res.writeHead(status, { ...headers, ...encoding })
  }

  /** Writes, and resolves when there is room for more. */
  async write(text: string): Promise<void> {
    if (this.gone) return
    if (!this.#res.headersSent) throw new Error('The headers come before the body')
    if (text === '') return this.#res.flushHeaders()
    if (!this.#gzip && this.#cutAt === undefined) return this.#writePiece(text)
    await this.#writeApart(this.#pieces(text))
  }

  /** Writes the last text and ends the answer in one go: who has the last byte may leave. */
  async end(text: string): Promise<void> {
    const pieces = [...this.#pieces(text)]
    const last = pieces.pop()
    await this.#writeApart(pieces)
    if (!this.gone) this.#res.end(last)
  }

  /** Writes these bytes, and lets no more follow: the answer ends, or is reset. */
  async cut(bytes: Buffer, how: 'ended' | 'reset'): Promise<void> {
    await this.#writeApart([bytes])
    if (how === 'reset') await this.reset()
    else if (!this.gone) this.#res.end()
  }

  /** Waits, but no longer than the client does. */
  async wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await this.#sleep((wake) => (timer = setTimeout(wake, ms)))
    clearTimeout(timer)
  }

  /** Waits until the client leaves. */
  hang(): Promise<void> {
    return this.#sleep(() => {})
  }

  /** Breaks the connection with a TCP reset, once what was written is on its way. */
  async reset(): Promise<void> {
    const { socket } = this.#res
    if (this.#res.headersSent) await this.#sleep((wake) => socket?.write('', wake))
    await new Promise(setImmediate)
    socket?.resetAndDestroy()
  }

  *#pieces(text: string): Generator<string | Buffer> {
    if (!this.#gzip && this.#cutAt === undefined) return yield text
    if (text === '') return
    const bytes = this.#gzip ? gzipSync(text) : Buffer.from(text)
    const start = this.#written
    this.#written += bytes.length
    if (this.#cutAt === 'everywhere') {
      for (let at = 0; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1)
      return
    }
    const cut = Math.min(Math.max((this.#cutAt ?? 0) - start, 0), bytes.length)
    if (cut > 0) yield bytes.subarray(0, cut)
    if (cut < bytes.length) yield bytes.subarray(cut)
  }

  // Only what is in the socket before the next write leaves as a packet of its own.
  async #writeApart(pieces: Iterable<string | Buffer>): Promise<void> {
    for (const piece of pieces) {
      await this.#writePiece(piece)
      await new Promise(setImmediate)
      if (this.gone) return
    }
  }

  async #writePiece(piece: string | Buffer): Promise<void> {
    if (!this.#res.write(piece)) await this.#sleep((wake) => this.#res.once('drain', wake))
  }

  #sleep(arm: (wake: () => void) => void): Promise<void> {
    if (this.gone) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = resolve
      arm(resolve)
    })
  }
}
