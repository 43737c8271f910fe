import { request, type Agent, type IncomingHttpHeaders } from 'node:http'

/** What a client heard of one call. */
export type Heard = {
  /** The id of the call, or undefined when no head of an answer came. */
  id: string | undefined
  /** 0 when no head of an answer came. */
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** `[DONE]` was seen, or the whole body of a 200: the relay has promised that it is billed. */
  isComplete: boolean
  /** The code of the connection's failure. */
  broken: string | undefined
  /** When it was over, in milliseconds since the epoch. */
  at: number
}

export type Call = {
  secret: string
  model: string
  /** What the user says; sentinels of the demo upstream go here. */
  say?: string
  isStreamed?: boolean
  tokensMax?: number
  agent?: Agent
  /** Called with the bytes so far each time some come; answering 'leave' closes the connection. */
  onBytes?: (bytes: number) => 'leave' | void
}

/** Makes one call of the relay at `url`, without a client library and without a second try. */
export function call(url: string, given: Call): Promise<Heard> {
  const { secret, model, say = 'hello', isStreamed = false, tokensMax = 64, agent } = given
  const messages = [{ role: 'user', content: say }]
  const body = JSON.stringify({ model, messages, stream: isStreamed, max_tokens: tokensMax })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    const end = (status: number, got: IncomingHttpHeaders, isWhole: boolean, broken?: string) => {
      const text = Buffer.concat(pieces).toString()
      const id = got['x-request-id']?.toString()
      const isComplete = isStreamed ? text.includes('data: [DONE]\n\n') : isWhole && status === 200
      resolve({ id, status, headers: got, text, isComplete, broken, at: Date.now() })
    }
    const asked = request(`${url}/chat/completions`, { method: 'POST', headers, agent }, (res) => {
      const { statusCode: status = 0, headers: got } = res
      res.on('data', (piece: Buffer) => {
        pieces.push(piece)
        bytes += piece.length
        if (given.onBytes?.(bytes) === 'leave') asked.destroy()
      })
      res.on('error', ({ code }: NodeJS.ErrnoException) => end(status, got, false, code))
      res.on('end', () => end(status, got, res.complete))
    })
    asked.on('error', ({ code }: NodeJS.ErrnoException) => end(0, {}, false, code))
    asked.end(body)
  })
}
