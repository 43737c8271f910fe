import { errors, type Dispatcher } from 'undici'
import type { AbortEmitter } from '../http/http.server.ts'
import { IncomingBody } from './answer-body.ts'

type Headers = Record<string, string | string[] | undefined>

/** What an upstream has answered. Its headers are looked at where somebody asks for one. */
export class UpstreamAnswer {
  constructor(
    readonly status: number,
    private readonly raw: readonly Buffer[],
    readonly body: IncomingBody,
  ) {}

  /** One header, by its name in lower case: the first of that name. */
  header(name: string): string | undefined {
    for (let at = 0; at < this.raw.length; at += 2) {
      if (this.isLike(at, name) && this.textAt(at).toLowerCase() === name)
        return this.textAt(at + 1)
    }
    return undefined
  }

  /** The names of all of them in lower case, each once. */
  get names(): string[] {
    const names: string[] = []
    for (let at = 0; at < this.raw.length; at += 2) {
      const name = this.textAt(at).toLowerCase()
      if (!names.includes(name)) names.push(name)
    }
    return names
  }

  /** All of them; a list where one came more than once. */
  get headers(): Headers {
    const headers = new Map<string, string | string[]>()
    for (let at = 0; at < this.raw.length; at += 2) {
      const name = this.textAt(at).toLowerCase()
      const before = headers.get(name)
      const value = this.textAt(at + 1)
      headers.set(name, before === undefined ? value : [before, value].flat())
    }
    return Object.fromEntries(headers)
  }

  /** Most names differ in their length or their first letter, and are made no text of. */
  private isLike(at: number, name: string): boolean {
    const bytes = this.raw[at]
    return bytes?.length === name.length && ((bytes[0] ?? 0) | 0x20) === (name.charCodeAt(0) | 0x20)
  }

  private textAt(at: number): string {
    return this.raw[at]?.toString('latin1') ?? ''
  }
}

type Settle = { resolve(answer: UpstreamAnswer): void; reject(error: Error): void }

/** One request in the form that undici's own `request` gives it, which makes much more of it. */
class Asking implements Dispatcher.DispatchHandler {
  private body: IncomingBody | undefined
  private abort: ((error: Error) => void) | undefined
  private isOver = false
  private readonly onAbort = () => this.cut()

  constructor(
    private readonly signal: AbortEmitter,
    private readonly settle: Settle,
  ) {
    signal.on('abort', this.onAbort)
  }

  onConnect(abort: (error?: Error) => void) {
    this.abort = abort
    if (this.signal.aborted) this.cut()
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    if (status < 200) return true
    this.body = new IncomingBody({ resume, abort: (why) => this.cut(why) })
    this.settle.resolve(new UpstreamAnswer(status, raw, this.body))
    return true
  }

  onData(piece: Buffer): boolean {
    return this.body?.push(piece) ?? true
  }

  onComplete() {
    this.end()
    this.body?.finish()
  }

  onError(error: Error) {
    this.end()
    if (this.body) this.body.finish(error)
    else this.settle.reject(error)
  }

  private cut(why: Error = new errors.RequestAbortedError()) {
    if (!this.isOver) this.abort?.(why)
  }

  private end() {
    this.isOver = true
    this.signal.off('abort', this.onAbort)
  }
}

/** Asks an upstream. Rejects with undici's error where no answer came. */
export function ask(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortEmitter,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new Asking(signal, { resolve, reject }))
  })
}
