import { failureFields, type Log } from '../telemetry/log.ts'

/** A server's refusal begins with a word of the protocol, such as NOAUTH; the rest may be anything. */
const word = /^[A-Z]{2,30}(?= )/

/** True where Redis itself has answered, and only the answer is a no. */
export const isReply = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError'

/** A refusal of Redis with its code, as the log knows codes. */
export function withCode(error: unknown): unknown {
  const code = isReply(error) ? word.exec(error.message)?.[0] : undefined
  return code === undefined ? error : Object.assign(error as Error, { code })
}

/** Says once that Redis is away, whichever of its connections finds out, and once that it is back. */
export class Presence {
  private readonly missed = new Set<string>()
  /** Set once we close it ourselves. */
  isClosed = false

  constructor(private readonly log: Pick<Log, 'info' | 'warn'>) {}

  miss(connection: string, error?: unknown) {
    if (this.isClosed) return
    const fields = error === undefined ? {} : failureFields(withCode(error))
    if (this.missed.size === 0) this.log.warn('redis_away', fields)
    this.missed.add(connection)
  }

  find(connection: string) {
    if (this.missed.delete(connection) && this.missed.size === 0) this.log.info('redis_back')
  }
}
