import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { eventually } from '../../dev/command/eventually.ts'
import { listen } from '../../dev/command/listen.ts'
import { createLog } from '../telemetry/log.ts'
import type { Elsewhere } from './elsewhere.ts'
import { inThread, keepPages } from './keep-pages.ts'

/** A stand-in for the pages, in a thread as theirs. */
const program = `
import { createServer } from 'node:http'
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
const server = createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://pages')
  const file = searchParams.get('file')
  if (pathname === '/die') process.exit(3)
  if (pathname === '/host') return void res.end(String(workerData.sharedHost[0]))
  if (pathname === '/refuse') return void res.writeHead(413).end('too long')
  if (pathname === '/block') while (!existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  if (pathname === '/endless') {
    const timer = setInterval(() => res.write('more '), 5)
    return void res.on('close', () => { clearInterval(timer); writeFileSync(file, 'closed') })
  }
  let body = ''
  for await (const piece of req) body += piece
  res.setHeader('set-cookie', ['a=1', 'b=2'])
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body }))
})
server.listen(workerData.socketPath, () => parentPort.postMessage('listening'))
parentPort.once('message', () => process.exit(0))
`
const folder = mkdtempSync(join(tmpdir(), 'run-pages-'))
const logged: string[] = []
const log = createLog('debug', (line) => void logged.push(line))
const fileOf = (name: string, content: string) => {
  const file = join(folder, name)
  writeFileSync(file, content)
  return pathToFileURL(file)
}
const server = createServer((req, res) => void pages.handle(req, res))
/** The place of the host that is worked with. */
const shared = new Int32Array(new SharedArrayBuffer(4))
let pages: Elsewhere
let port: number

before(async () => {
  pages = await keepPages(inThread(fileOf('pages.mjs', program), log, { shared }), log)
  port = await listen(server)
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await pages.stop()
  rmSync(folder, { recursive: true })
})

/** Sends `body`, if any, whatever is answered meanwhile. */
const ask = (path: string, options: RequestOptions = {}, body?: Buffer) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ port, path, ...options }, resolve).on('error', reject)
    sent.end(body)
  })
const seen = async (answer: IncomingMessage) =>
  JSON.parse(await text(answer)) as {
    method: string
    url: string
    headers: Record<string, string>
    body: string
  }

test('a request arrives as it was sent, and its answer too', async () => {
  const headers = { 'content-type': 'text/plain', 'x-more': 'yes', te: 'trailers', cookie: 'c=3' }
  const answer = await ask('/keys?a=%2F', { method: 'POST', headers }, Buffer.from('name=x'))
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2'])
  const it = await seen(answer)
  assert.deepEqual([it.method, it.url, it.body], ['POST', '/keys?a=%2F', 'name=x'])
  assert.equal(it.headers['x-more'], 'yes')
  assert.equal(it.headers.cookie, 'c=3')
  assert.equal(it.headers.host, `localhost:${port}`)
  assert.equal(it.headers.te, undefined)
})

test('the thread sees which host of the database is worked with, whenever that changes', async () => {
  for (const place of [0, 2]) {
    Atomics.store(shared, 0, place)
    assert.equal(await text(await ask('/host')), String(place))
  }
})

test('what is no address is refused', async () => {
  const answer = await ask('*', { method: 'OPTIONS' })
  assert.equal(answer.statusCode, 400)
  answer.resume()
})

test('an answer that does not need the body leaves the connection good', async () => {
  const one = new Agent({ keepAlive: true, maxSockets: 1 })
  const refused = await ask('/refuse', { method: 'POST', agent: one }, Buffer.alloc(40_000))
  assert.equal(refused.statusCode, 413)
  assert.equal(await text(refused), 'too long')
  const next = await ask('/next', { agent: one })
  assert.equal((await seen(next)).url, '/next')
  one.destroy()
})

test('a reader who leaves ends the work for the page', async () => {
  const file = join(folder, 'left')
  const answer = await ask(`/endless?file=${encodeURIComponent(file)}`)
  answer.once('data', () => answer.destroy()).on('error', () => undefined)
  await eventually('the page is told', () => existsSync(file))
})

test('what goes on in a page keeps nobody else waiting', async () => {
  const file = join(folder, 'go on')
  const blocked = ask(`/block?file=${encodeURIComponent(file)}`)
  // In one thread with the page none of this would ever run.
  const other = createServer((_, res) => res.end('a call'))
  const answer = await ask('/', { port: await listen(other) })
  assert.equal(await text(answer), 'a call')
  other.close()
  writeFileSync(file, '')
  assert.equal((await blocked).statusCode, 200)
  ;(await blocked).resume()
})

test('pages that have died are started again', async () => {
  const died = await ask('/die')
  assert.equal(died.statusCode, 503)
  assert.match(await text(died), /Try again in a moment/)
  await eventually('the pages are back', async () => {
    const answer = await ask('/')
    answer.resume()
    return answer.statusCode === 200
  })
  assert.equal(logged.filter((line) => /"event":"pages_ended","code":3/.test(line)).length, 1)
  assert.ok(logged.some((line) => /"level":"warn","event":"pages_not_reached"/.test(line)))
})

test('a start that fails is told, and leaves nothing behind', async () => {
  const thrown = inThread(fileOf('throws.mjs', `throw new TypeError('secret words')`), log)
  await assert.rejects(keepPages(thrown, log, folder))
  const ended = inThread(fileOf('ends.mjs', `process.exit(0)`), log)
  await assert.rejects(keepPages(ended, log, folder), /ended at their start/)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('relay-')),
    [],
  )
  assert.ok(logged.some((line) => /"event":"pages_failed","error":"TypeError"/.test(line)))
  assert.ok(!logged.some((line) => line.includes('secret words')))
})
