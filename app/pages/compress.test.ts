import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { eventually } from '../../dev/command/eventually.ts'
import { inTime } from '../../test/in-time.ts'
import { listen } from '../../dev/command/listen.ts'
import { compressAnswer } from './compress.ts'
import { watchReader } from './reader.ts'

const MiB = 1024 * 1024

let answer: (res: ServerResponse, req: IncomingMessage) => void = () => undefined
const server = createServer((req, res) => {
  compressAnswer(req, res)
  answer(res, req)
})
let port: number
before(async () => void (port = await listen(server)))
after(() => {
  server.closeAllConnections()
  server.close()
})

const decoders: Record<string, () => NodeJS.ReadWriteStream> = {
  br: createBrotliDecompress,
  gzip: createGunzip,
}
async function get(accepted?: string, method = 'GET') {
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted }
  const [got] = (await once(
    request({ host: '127.0.0.1', port, method, headers }).end(),
    'response',
  )) as [IncomingMessage]
  const decoder = decoders[got.headers['content-encoding'] ?? '']
  const body = await buffer(decoder && method !== 'HEAD' ? got.pipe(decoder()) : got)
  return { status: got.statusCode, headers: got.headers, body }
}

const page = `<!doctype html>${'<p>the same again</p>'.repeat(500)}`
const html = (res: ServerResponse) => {
  res.setHeader('content-type', 'text/html; charset=utf-8')
  res.end(page)
}

describe('a text', () => {
  test('comes as the client likes it best', async () => {
    answer = html
    const cases: [string | undefined, string | undefined][] = [
      [undefined, undefined],
      ['', undefined],
      ['identity', undefined],
      ['gzip', 'gzip'],
      ['gzip, deflate, br, zstd', 'br'],
      ['br;q=0.5, gzip', 'gzip'],
      ['br;q=0, gzip;q=0', undefined],
      ['*', 'br'],
      ['*;q=0', undefined],
      ['GZIP ; Q=0.1', 'gzip'],
      ['gzip;q=odd', undefined],
      ['x-br, gzipped', undefined],
    ]
    for (const [accepted, encoding] of cases) {
      const { headers, body } = await get(accepted)
      assert.equal(headers['content-encoding'], encoding, accepted)
      assert.equal(headers.vary, 'accept-encoding')
      assert.equal(body.toString(), page)
    }
  })

  test('stays as it is where it must, or nothing is won', async () => {
    const cases: Record<string, (res: ServerResponse) => void> = {
      'it is short': (res) =>
        void res.writeHead(200, { 'content-length': 5, 'content-type': 'text/html' }).end('short'),
      'it is no text': (res) => void res.writeHead(200, { 'content-type': 'image/png' }).end(page),
      'it is compressed': (res) =>
        void res
          .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'odd' })
          .end(page),
      'it is a part': (res) =>
        void res
          .writeHead(206, { 'content-type': 'text/html', 'content-range': 'bytes 0-1/2' })
          .end(page),
      'it may not be changed': (res) =>
        void res
          .writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-transform' })
          .end(page),
      'it is a stream of events': (res) =>
        void res.writeHead(200, { 'content-type': 'text/event-stream' }).end(page),
    }
    for (const [why, given] of Object.entries(cases)) {
      answer = given
      const { headers } = await get('gzip, br')
      assert.notEqual(headers['content-encoding'], 'br', why)
    }
  })

  test('that has a length and a strong name of its own loses both', async () => {
    answer = (res) => {
      const headers = { 'content-type': 'text/css', 'content-length': page.length, etag: '"x"' }
      res.writeHead(200, headers).end(page)
    }
    const { headers, body } = await get('br')
    assert.deepEqual([headers['content-length'], headers.etag], [undefined, 'W/"x"'])
    assert.equal(body.toString(), page)
  })

  test('is not made for HEAD, nor for what has no body', async () => {
    answer = html
    const head = await get('br', 'HEAD')
    assert.deepEqual([head.headers['content-encoding'], head.body.length], [undefined, 0])
    answer = (res) => void res.writeHead(304).end()
    assert.equal((await get('br')).headers['content-encoding'], undefined)
  })

  test('of a file that is piped arrives whole', async () => {
    const long = Buffer.from(page.repeat(300))
    answer = (res) => {
      res.setHeader('content-type', 'text/javascript')
      Readable.from([long.subarray(0, 99), long.subarray(99)], { objectMode: false }).pipe(res)
    }
    const { headers, body } = await get('gzip')
    assert.equal(headers['content-encoding'], 'gzip')
    assert.ok(body.equals(long))
  })
})

test('what is written goes out before the rest is there', async () => {
  let go: () => void = () => undefined
  answer = (res) => {
    res.setHeader('content-type', 'text/csv')
    res.write('first line\r\n')
    ;(res as ServerResponse & { flush(): void }).flush()
    go = () => void res.end('last line\r\n')
  }
  for (const encoding of ['gzip', 'br']) {
    const headers = { 'accept-encoding': encoding }
    const [got] = (await once(request({ host: '127.0.0.1', port, headers }).end(), 'response')) as [
      IncomingMessage,
    ]
    const text = got.pipe(decoders[encoding]?.() ?? new PassThrough()) as PassThrough
    const [piece] = (await inTime('the first line', once(text, 'data'))) as [Buffer]
    assert.equal(piece.toString(), 'first line\r\n')
    go()
    assert.equal((await buffer(text)).toString(), 'last line\r\n')
  }
})

/** Text that hardly gets shorter, so that the socket fills. */
const noise = () =>
  Buffer.from(Array.from({ length: 40_000 }, () => Math.random().toString(36)).join())

test('a reader that takes nothing is waited for, and served on when it reads', async () => {
  const total = 60
  const count = { written: 0, keptMax: 0 }
  let isFull = () => false
  answer = (res) => {
    res.setHeader('content-type', 'text/csv')
    const reader = watchReader(res)
    isFull = () => res.socket?.writableNeedDrain ?? false
    void (async () => {
      while (count.written < total && (await reader.ready())) {
        res.write(noise())
        count.written++
        count.keptMax = Math.max(count.keptMax, res.writableLength)
      }
      res.end()
    })()
  }
  const socket = connect(port, '127.0.0.1').pause()
  socket.write('GET / HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n')
  await eventually('the kernel takes no more, or all', () => isFull() || count.written === total)
  const whole = await inTime('the rest', buffer(socket))
  assert.equal(count.written, total)
  assert.ok(whole.length > 10 * MiB, `${whole.length} bytes were sent`)
  assert.ok(count.keptMax < MiB, `${count.keptMax} bytes were kept`)
})

test('a reader that leaves ends it', async () => {
  const ended = new Promise<void>((resolve) => {
    answer = (res) => {
      res.setHeader('content-type', 'text/csv')
      const reader = watchReader(res)
      void (async () => {
        while (await reader.ready()) res.write(noise())
        resolve()
      })()
    }
  })
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: a\r\naccept-encoding: br\r\n\r\n')
  await once(socket, 'data')
  socket.destroy()
  await inTime('its end', ended)
})
