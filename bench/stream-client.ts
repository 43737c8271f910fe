import { Agent, request, type IncomingMessage } from 'node:http'
import { present } from '../test/present.ts'

type StreamCall = { url: string; key: string; body: string; agent: Agent }

const nowUs = () => Number(process.hrtime.bigint()) / 1_000

/** Opens a stream; resolves when its head is there. */
export function openStream({ url, key, body, agent }: StreamCall): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/v1/chat/completions`,
      { method: 'POST', agent, headers },
      (answer) =>
        answer.statusCode === 200
          ? resolve(answer)
          : reject(new Error(`${url} answered ${answer.statusCode}`)),
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const stamp = /@(\d+)@/g

/** Reads a stream to its end and notes how late each event came after it was written, in ms. */
export async function readPaced(call: StreamCall, lateMs: number[]): Promise<void> {
  const answer = await openStream(call)
  let isDone = false
  await new Promise<void>((resolve, reject) => {
    answer.on('data', (piece: Buffer) => {
      const arrivedUs = nowUs()
      const text = piece.toString('latin1')
      for (const [, sentUs] of text.matchAll(stamp)) lateMs.push((arrivedUs - Number(sentUs)) / 1e3)
      isDone ||= text.includes('[DONE]')
    })
    answer.on('end', resolve)
    answer.on('error', reject)
  })
  if (!isDone) throw new Error(`${call.url}: a stream ended without [DONE]`)
}

/** Milliseconds from sending a call to the first byte of its body; reads it to the end. */
export async function firstByteMs(call: StreamCall): Promise<number> {
  const startedUs = nowUs()
  const answer = await openStream(call)
  return new Promise((resolve, reject) => {
    let firstMs: number | undefined
    answer.on('data', () => (firstMs ??= (nowUs() - startedUs) / 1e3))
    answer.on('end', () => resolve(present(firstMs)))
    answer.on('error', reject)
  })
}

export const newAgent = (sockets: number) => new Agent({ keepAlive: true, maxSockets: sockets })
