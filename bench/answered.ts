import { request, type Agent } from 'node:http'
import { model } from './stored-upstreams.ts'

export type Answered = { status: number; ms: number; by: string | undefined; text: string }
type Asked = {
  url: string
  key: string
  agent: Agent
  stream: boolean
  session?: string
}

const bodyOf = (stream: boolean) =>
  JSON.stringify({
    model,
    max_tokens: 200,
    ...(stream && { stream, stream_options: { include_usage: true } }),
    messages: [{ role: 'user', content: 'What does a relay do with what a call did not need?' }],
  })
const bodies = { plain: bodyOf(false), streamed: bodyOf(true) }

/** Makes a call, and answers what came of it and which upstream it says it is from. */
export function ask({ url, key, agent, stream, session }: Asked): Promise<Answered> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    ...(session !== undefined && { 'x-session-id': session }),
  }
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const path = `${url}/v1/chat/completions`
    const sent = request(path, { method: 'POST', agent, headers }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        const by = /served by ([a-z]+)/.exec(text)?.[1]
        resolve({ status: answer.statusCode ?? 0, ms: performance.now() - startMs, by, text })
      })
    })
    sent.on('error', reject)
    sent.end(stream ? bodies.streamed : bodies.plain)
  })
}

/** Does all of these, so many at once, in their order. */
export async function each<T, R>(
  all: readonly T[],
  atOnce: number,
  work: (one: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(all.length)
  let next = 0
  const one = async () => {
    while (next < all.length) {
      const at = next++
      results[at] = await work(all[at] as T, at)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return results
}
