import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { after, before, describe, test, type TestContext } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { limits } from '../../config/limits.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import { listen } from '../../../dev/command/listen.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream } from '../../../test/wire.ts'
import { Answer, writeAnswer } from '../../http/http.server.ts'
import { ClientStream } from '../client-stream.ts'

const MiB = 1024 * 1024
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
/** Bytes that somebody holds on to. What V8 has yet to collect says more of V8 than of us. */
function bytesKept(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
const { pingEveryMs, stalledReaderMsMax, bufferBytesMax, slowReaderMsMax, slowReaderKeptMs } =
  limits.stream

describe('readers that stop reading', () => {
  let stage: Stage
  before(async () => (stage = await startStage()))
  after(() => {
    for (const reader of unreading) reader.destroy()
    return stage.stop()
  })
  const unreading: Socket[] = []

  /** Starts a stream that nobody reads. */
  function unread(content: string, model = 'gpt-6-luna'): Socket {
    const body = JSON.stringify({
      model,
      stream: true,
      messages: [{ role: 'user', content }],
    })
    const socket = connect(Number(new URL(stage.relay.url).port), '127.0.0.1')
    unreading.push(socket)
    socket.pause()
    socket.on('error', () => undefined)
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: relay\r\ncontent-length: ${body.length}\r\n` +
        `authorization: Bearer ${stage.customer.secret}\r\n\r\n${body}`,
    )
    return socket
  }
  const delivered = () =>
    stage.upstream.served().reduce((sum, { deliveredEvents }) => sum + deliveredEvents, 0)

  /** Resolves with what was delivered as soon as that has not grown for a hundred looks. */
  async function standstill(): Promise<number> {
    let same = 0
    let last = -1
    await eventually('the upstreams wait', () => {
      const now = delivered()
      same = now === last && now > 0 ? same + 1 : 0
      last = now
      return same >= 100
    })
    return last
  }

  test('stop their upstreams, take little memory, and leave nothing when they go', async () => {
    // What code and tables take is there before.
    await stage.ask({ say: '[[repeat:5000]] [[no-usage]]', body: { stream: true } })
    stage.upstream.reset()
    const before = bytesKept()
    const readers = Array.from({ length: 20 }, (_, i) => unread(`[[endless]] ${i}`, 'gpt-4.1'))
    await eventually('all are served', () => stage.upstream.openRequests() === 20)
    const events = await standstill()
    const grown = bytesKept() - before
    // Client, relay and upstream are one process here; none keeps more than some buffers a stream.
    assert.ok(grown < 20 * MiB, `${Math.round(grown / MiB)} MiB for 20 readers`)
    assert.equal(stage.relay.services.inFlight.keyIds().length, 1)
    assert.ok(events > 20)
    for (const reader of readers) reader.destroy()
    await eventually('the upstreams are let go', () => stage.upstream.openRequests() === 0)
    await stage.expectNothingHeld()
    const rows = (await stage.callsOf(stage.customer)).slice(1)
    assert.equal(rows.length, 20)
    for (const row of rows) {
      assert.equal(row.outcome, 'disconnected')
      const served = stage.servedFor(row)
      assert.equal(served.outcome, 'aborted-by-client')
      assert.ok(row.output > 0 && row.output <= served.deliveredTokens)
    }
    await stage.expectCleanBooks()
  })

  test('get all of it in order once they read again', async () => {
    const reader = unread('[[repeat:100000]]')
    await eventually('the relay has begun', () => stage.upstream.openRequests() === 1)
    await standstill()
    const pieces: Buffer[] = []
    reader.on('data', (piece) => pieces.push(piece))
    reader.resume()
    await eventually('the end', () => pieces.at(-1)?.includes('[DONE]'))
    reader.destroy()
    const row = await stage.lastCall()
    assert.deepEqual([row.outcome, row.output, row.source], ['completed', 100_000, 'upstream'])
    const text = Buffer.concat(pieces).toString('latin1')
    assert.equal(text.match(/"content":"/g)?.length, 100_001)
  })

  test('are cut off when they take nothing for too long, stream or not', async () => {
    const answers = createServer((req, res) => {
      const source = req.url === '/stream' ? new ClientStream() : Buffer.alloc(64 * MiB)
      if (source instanceof ClientStream) source.write(Buffer.alloc(64 * MiB))
      writeAnswer(req, res, new Answer(source, { status: 200, headers: {} }), 100)
    })
    const port = await listen(answers)
    const count = () =>
      new Promise<number>((resolve) => answers.getConnections((_, open) => resolve(open)))
    const readers = ['/stream', '/plain'].map((path) => {
      const socket = connect(port, '127.0.0.1')
      socket.pause()
      socket.on('error', () => undefined)
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
      return socket
    })
    await eventually('both are there', async () => (await count()) === 2)
    await eventually('both are gone', async () => (await count()) === 0)
    for (const reader of readers) reader.destroy()
    answers.close()
  })
})

describe('silence', () => {
  let stage: Stage
  const pingEveryMs = 40
  before(async () => (stage = await startStage({ pingEveryMs })))
  after(() => stage.stop())

  test('is broken by a ping before the first event too, and the status has gone out then', async () => {
    const ask = (say: string) => stage.ask({ say, body: { stream: true } })
    const late = `[[slow:${pingEveryMs * 20}]]`
    const [good, bad] = await Promise.all([ask(late), ask(`${late} [[status:500]]`)])
    for (const { status, text } of [good, bad]) {
      assert.equal(status, 200)
      assert.match(text, /^(: ping\n)+data: /)
    }
    assert.equal(endOfStream(good), 'done')
    const error = endOfStream(bad)
    assert.ok(error !== 'done' && error.code === 'upstream_error')
    const row = await stage.waitForCall(bad.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.status, row.cost], ['failed', 200, 0])
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
  })
})

describe('the stream to the client', () => {
  /** Time that only moves when told. */
  function still({ mock }: TestContext) {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
    return (ms: number) => mock.timers.tick(ms)
  }
  const piece = Buffer.from('data: x\n\n')
  const ping = ': ping\n'
  const readAll = (out: ClientStream) => {
    const whole: string[] = []
    for (let got = out.read() as Buffer | null; got; got = out.read() as Buffer | null)
      whole.push(got.toString())
    return whole.join('')
  }

  test('says a ping for each stretch of silence', (t) => {
    const pass = still(t)
    const out = new ClientStream()
    pass(pingEveryMs * 2)
    assert.equal(readAll(out), ping + ping)
    out.write(piece)
    pass(pingEveryMs)
    assert.equal(readAll(out), String(piece) + ping)
    out.destroy()
    pass(pingEveryMs * 2)
  })

  test('says no ping to a reader that does not read, nor after the end', (t) => {
    const pass = still(t)
    const [full, ended] = [new ClientStream(), new ClientStream()]
    assert.equal(full.write(Buffer.alloc(bufferBytesMax)), false)
    ended.finish(piece)
    pass(pingEveryMs * 3)
    assert.equal(full.readableLength, bufferBytesMax)
    assert.equal(ended.readableLength, piece.length)
    full.destroy()
  })

  test('tells when there is room again, and when there is none for too long', (t) => {
    const pass = still(t)
    const out = new ClientStream()
    const told: string[] = []
    out.onRoom = () => told.push('room')
    out.onStalled = () => told.push('stalled')
    out.write(Buffer.alloc(bufferBytesMax))
    pass(stalledReaderMsMax - 1)
    out.read()
    assert.deepEqual(told, ['room'])
    pass(stalledReaderMsMax * 2)
    assert.deepEqual(told, ['room'])
    out.write(Buffer.alloc(bufferBytesMax))
    out.write(piece)
    pass(stalledReaderMsMax)
    assert.deepEqual(told, ['room', 'stalled'])
    out.destroy()
  })

  test('is slow while its reader lets it wait for long, and for a while afterwards', () => {
    let nowMs = 0
    const out = new ClientStream(pingEveryMs, () => nowMs)
    const isSlowAfter = (ms: number) => {
      nowMs += ms
      return out.isSlow
    }
    out.write(Buffer.alloc(bufferBytesMax))
    assert.equal(isSlowAfter(slowReaderMsMax), false)
    out.read()
    out.write(Buffer.alloc(bufferBytesMax))
    assert.equal(isSlowAfter(slowReaderMsMax), false)
    assert.equal(isSlowAfter(1), true)
    out.read()
    assert.equal(isSlowAfter(slowReaderKeptMs - 1), true)
    assert.equal(isSlowAfter(1), false)
    out.destroy()
  })

  test('says a ping that no half of a line end makes an empty line of', (t) => {
    const pass = still(t)
    const out = new ClientStream()
    out.write(Buffer.from('data: x\r\r'))
    pass(pingEveryMs)
    out.write(Buffer.from('\ndata: y\r\n\r\n'))
    pass(pingEveryMs)
    assert.equal(readAll(out), `data: x\r\r: ping\r\ndata: y\r\n\r\n${ping}`)
    out.destroy()
  })

  test('passes a byte order mark at its start, and drops one that a ping came before', (t) => {
    const pass = still(t)
    const marked = Buffer.from('\uFEFFdata: x\n\n')
    const [soon, late] = [new ClientStream(), new ClientStream()]
    soon.write(marked)
    pass(pingEveryMs)
    late.finish(marked)
    assert.equal(readAll(soon), `\uFEFF${String(piece)}${ping}`)
    assert.equal(readAll(late), `${ping}${String(piece)}`)
    soon.destroy()
  })

  test('takes any part of what is large for a sign that somebody reads', (t) => {
    const pass = still(t)
    const out = new ClientStream()
    const told: string[] = []
    out.onRoom = () => told.push('room')
    out.onStalled = () => told.push('stalled')
    const large = Buffer.from('0123456789abcdef'.repeat(bufferBytesMax / 4))
    assert.equal(out.write(large), false)
    out.finish(piece)
    const got: Buffer[] = []
    for (let part = out.read() as Buffer | null; part; part = out.read() as Buffer | null) {
      assert.ok(part.length <= 2 * bufferBytesMax)
      got.push(part)
      pass(stalledReaderMsMax - 1)
    }
    assert.ok(Buffer.concat(got).equals(Buffer.concat([large, piece])))
    assert.ok(!told.includes('stalled'))
    out.destroy()
  })

  test('takes what is written after its reader has gone, and says there is no room', () => {
    const out = new ClientStream()
    out.destroy()
    assert.equal(out.write(piece), false)
    out.finish(piece)
    assert.equal(out.readableLength, 0)
  })
})
