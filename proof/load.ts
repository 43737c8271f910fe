import { connect, type ClientHttp2Session } from 'node:http2'
import { Agent, request } from 'node:https'

/** What a client heard of one call, and when. */
export type Heard = {
  id: string | undefined
  /** 0 when no head of an answer came. */
  status: number
  text: string
  /** The whole body of a 200, or `[DONE]`: it is billed. */
  isComplete: boolean
  isStreamed: boolean
  way: Way
  /** The code of the connection's failure. */
  broken: string | undefined
  startedAt: number
  endedAt: number
}

const ways = ['HTTP/1.1', 'HTTP/2'] as const
type Way = (typeof ways)[number]

export type Target = { port: number; ca: string; secret: string }
type Asked = { isStreamed: boolean; say: string }
type Answer = Pick<Heard, 'id' | 'status' | 'text' | 'broken'> & { isWhole: boolean }
type Client = { way: Way; ask(body: string): Promise<Answer>; close(): void }

const path = '/v1/chat/completions'
const headersFor = ({ secret }: Target) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${secret}`,
})
const idIn = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** One connection, kept between calls, as the SDKs keep theirs. */
function olderClient(target: Target): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: target.ca })
  const ask = (body: string) =>
    new Promise<Answer>((resolve) => {
      const pieces: Buffer[] = []
      const text = () => Buffer.concat(pieces).toString()
      const options = { method: 'POST', headers: headersFor(target), agent }
      const sent = request(`https://localhost:${target.port}${path}`, options, (res) => {
        const { statusCode: status = 0 } = res
        const id = idIn(res.headers['x-request-id'])
        const end = (isWhole: boolean, broken?: string) =>
          resolve({ id, status, text: text(), isWhole, broken })
        res.on('data', (piece: Buffer) => pieces.push(piece))
        res.on('error', ({ code }: NodeJS.ErrnoException) => end(false, code))
        res.on('end', () => end(res.complete))
      })
      sent.on('error', ({ code }: NodeJS.ErrnoException) =>
        resolve({ id: undefined, status: 0, text: '', isWhole: false, broken: code ?? 'error' }),
      )
      sent.end(body)
    })
  return { way: 'HTTP/1.1', ask, close: () => agent.destroy() }
}

/** One HTTP/2 connection, made anew when the proxy says that it is to go. */
function newerClient(target: Target): Client {
  let session: ClientHttp2Session | undefined
  const open = () => {
    if (session && !session.closed && !session.destroyed) return session
    const opened = connect(`https://localhost:${target.port}`, { ca: target.ca })
    // The call that is under way then hears of it.
    opened.on('error', () => undefined).on('goaway', () => opened.close())
    return (session = opened)
  }
  const ask = (body: string) =>
    new Promise<Answer>((resolve) => {
      const stream = open().request({
        ':method': 'POST',
        ':path': path,
        ...headersFor(target),
      })
      const pieces: Buffer[] = []
      const answer = { id: undefined as string | undefined, status: 0 }
      let isWhole = false
      let broken: string | undefined
      stream.on('response', (headers) => {
        answer.status = Number(headers[':status'])
        answer.id = idIn(headers['x-request-id'])
      })
      stream.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => (isWhole = true))
      stream.on('error', ({ code }: NodeJS.ErrnoException) => (broken = code ?? 'error'))
      stream.on('close', () => {
        const isCut = broken !== undefined || stream.rstCode !== 0
        const text = Buffer.concat(pieces).toString()
        resolve({ ...answer, text, isWhole: isWhole && !isCut, broken })
      })
      stream.end(body)
    })
  return { way: 'HTTP/2', ask, close: () => session?.close() }
}

async function callOnce(client: Client, { isStreamed, say }: Asked): Promise<Heard> {
  const messages = [{ role: 'user', content: say }]
  const body = { model: 'gpt-4o-mini', messages, stream: isStreamed, max_tokens: 60 }
  const startedAt = Date.now()
  const { isWhole, ...answer } = await client.ask(JSON.stringify(body))
  const isComplete =
    answer.status === 200 && isWhole && (!isStreamed || answer.text.includes('data: [DONE]\n\n'))
  return { ...answer, isComplete, isStreamed, way: client.way, startedAt, endedAt: Date.now() }
}

/** So many of each way, half of them streaming. */
const clientsOfAWay = 12

/** Calls without a pause or a second try until `until` resolves; answers what was heard. */
export async function keepCalling(target: Target, until: Promise<unknown>): Promise<Heard[]> {
  let isOver = false
  const end = () => (isOver = true)
  void until.then(end, end)
  const heard: Heard[] = []
  const work = async (client: Client, isStreamed: boolean) => {
    for (let at = 0; !isOver; at++) {
      heard.push(await callOnce(client, { isStreamed, say: `Call ${at} of this client.` }))
    }
    client.close()
  }
  const all = Array.from({ length: clientsOfAWay }, (_, at) => [
    work(olderClient(target), at % 2 === 0),
    work(newerClient(target), at % 2 === 0),
  ])
  await Promise.all(all.flat())
  return heard
}

/** One plain call whose answer takes so long to begin. */
export async function callSlowly(target: Target, seconds: number): Promise<Heard> {
  const client = olderClient(target)
  const say = `Think first. [[slow:${seconds * 1_000}]]`
  return callOnce(client, { isStreamed: false, say }).finally(() => client.close())
}
