import { createServer } from 'node:http'
import { closeServer, listen } from '../../dev/command/listen.ts'

/** One answer, to the letter: what is to be waited for stands between what is written. */
export type ScriptedAnswer = {
  status?: number
  headers?: Record<string, string>
  parts: (string | Buffer | (() => Promise<unknown>))[]
  /** Resets the connection in place of an end. */
  isReset?: boolean
}

export type ScriptedUpstream = {
  /** http://127.0.0.1:PORT/v1 */
  url: string
  /** What the following calls are answered with, all of them, until it is said anew. */
  answerWith(answer: ScriptedAnswer): void
  /** How many calls have come since then. */
  calls(): number
  close(): Promise<void>
}

export const json = (status: number, body: unknown, headers = {}): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  parts: [JSON.stringify(body)],
})

export const eventStream = (...parts: ScriptedAnswer['parts']): ScriptedAnswer => ({
  headers: { 'content-type': 'text/event-stream' },
  parts,
})

/** An upstream that says what it is told, byte for byte, whatever it is asked. */
export async function startScriptedUpstream(): Promise<ScriptedUpstream> {
  let answer: ScriptedAnswer = { parts: [] }
  let calls = 0
  const server = createServer((req, res) => {
    calls += 1
    const { status = 200, headers, parts, isReset } = answer
    const play = async () => {
      for await (const _ of req);
      res.writeHead(status, headers)
      res.flushHeaders()
      for (const part of parts) {
        if (typeof part === 'function') await part()
        else if (part.length > 0) await new Promise((resolve) => res.write(part, resolve))
      }
      if (isReset) res.destroy()
      else res.end()
    }
    // A relay that has left before the end is no failure of the test.
    play().catch(() => res.destroy())
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/v1`,
    answerWith(given) {
      answer = given
      calls = 0
    },
    calls: () => calls,
    close: () => closeServer(server),
  }
}
