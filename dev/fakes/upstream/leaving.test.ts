import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { after, before, beforeEach, test } from 'node:test'
import { inTime } from '../../../test/in-time.ts'
import { eventually } from '../../command/eventually.ts'
import { startDemoUpstream, type DemoUpstream } from './demo-upstream.server.ts'
import {
  ask,
  askStream,
  chunksIn,
  contentOf,
  eventsOf,
  lastServed,
} from '../../../test/raw-client.ts'
import { countText } from './text/tokens.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())
beforeEach(() => upstream.reset())

test('stall hangs after so many events until the client leaves', async () => {
  let received = ''
  await askStream(upstream, {
    say: '[[stall:4]]',
    onPiece: (all) => (eventsOf((received = all.toString())).length === 4 ? 'leave' : undefined),
  })
  const served = await lastServed(upstream)
  assert.equal(served.outcome, 'aborted-by-client')
  assert.equal(served.deliveredEvents, 4)
  assert.equal(served.deliveredTokens, countText(contentOf(chunksIn(received))))
  assert.equal(served.completionTokens, 3)
  assert.notEqual(served.clientGoneAfterMs, null)
})

test('a plain call stalls in the middle of its body', async () => {
  const leave = () => 'leave' as const
  const { text } = await ask(upstream, { say: '[[stall]]', onPiece: leave })
  assert.throws(() => JSON.parse(text))
  assert.equal((await lastServed(upstream)).outcome, 'aborted-by-client')
})

test('endless goes on until the client leaves, and counts what was sent', async () => {
  let received = ''
  await askStream(upstream, {
    say: '[[endless]]',
    body: { max_tokens: 5 },
    onPiece: (all) => ((received = all.toString()).length > 300_000 ? 'leave' : undefined),
  })
  const served = await lastServed(upstream)
  assert.equal(served.outcome, 'aborted-by-client')
  assert.ok(served.deliveredEvents >= eventsOf(received).length)
  assert.equal(served.deliveredTokens, served.deliveredEvents - 1)
})

test('a reader that stops reading stops the upstream', async () => {
  const headers = { authorization: `Bearer ${upstream.apiKey}` }
  const url = `${upstream.url}/chat/completions`
  const req = request(url, { method: 'POST', headers, agent: false })
  const messages = [{ role: 'user', content: '[[endless]]' }]
  req.end(JSON.stringify({ model: 'gpt-4o', stream: true, messages }))
  await inTime('the head of an answer', once(req, 'response'))
  // Unread, an endless stream that did not wait would write some 10 kB in each of these turns.
  for (let turn = 0; turn < 10_000; turn += 1) await new Promise(setImmediate)
  assert.ok((upstream.served()[0]?.deliveredEvents ?? Infinity) < 80_000)
  req.destroy()
  assert.equal((await lastServed(upstream)).outcome, 'aborted-by-client')
})

test('clients that leave at any moment leave nothing open', async () => {
  const leaving = Array.from({ length: 60 }, (_, index) =>
    askStream(upstream, {
      say: '[[repeat:5000]] [[pause:5]]',
      onPiece: (all) => (all.length > index * 20_000 ? 'leave' : undefined),
    }),
  )
  await Promise.all(leaving)
  await eventually('nothing is open', () => {
    return upstream.openRequests() === 0 && upstream.openConnections() === 0
  })
  assert.equal(upstream.served().length, 60)
  assert.ok(upstream.served().every((served) => served.outcome !== 'open'))
})

test('a paced stream is cut in its waits when the client leaves', async () => {
  const paced = await startDemoUpstream({ pace: { firstByteMs: 1, eventMs: 60_000 } })
  await askStream(paced, { onPiece: () => 'leave' })
  const served = await lastServed(paced)
  assert.equal(served.outcome, 'aborted-by-client')
  assert.equal(served.deliveredEvents, 1)
  await paced.close()
})

test('a paced stream writes an event at a time and is complete', async () => {
  const paced = await startDemoUpstream({ pace: { firstByteMs: 1, eventMs: 1 } })
  const { text } = await askStream(paced, {})
  assert.equal(eventsOf(text).at(-1), '[DONE]')
  assert.equal((await lastServed(paced)).deliveredTokens, countText(contentOf(chunksIn(text))))
  await paced.close()
})

test('closing cuts what is open and frees the port', async () => {
  const short = await startDemoUpstream({ pace: 'fast' })
  const hanging = askStream(short, { say: '[[stall:1]]' })
  await eventually('an event is out', () => short.served()[0]?.deliveredEvents === 1)
  await short.close()
  assert.notEqual((await hanging).broken, undefined)
  const again = await startDemoUpstream({ port: short.port })
  assert.equal(again.port, short.port)
  await again.close()
})

const main = new URL('./main.ts', import.meta.url).pathname
/** What a process says first, where it listens. */
async function firstLine(output: Readable): Promise<string> {
  const line = once(createInterface(output), 'line') as Promise<[string]>
  return (await inTime('the first line of a process', line))[0]
}

const inNode = ['--import', 'tsx', main, '--fast', '--api-key', 'sk-given']

test('as a process it says where it listens and stops when told', async () => {
  const child = spawn(process.execPath, inNode, { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await firstLine(child.stdout)
  const { url } = JSON.parse(line) as { url: string }
  const headers = { authorization: 'Bearer sk-given' }
  assert.equal((await fetch(`${url}/models`, { headers })).status, 200)
  child.kill('SIGTERM')
  assert.deepEqual(await inTime('its end', once(child, 'exit')), [0, null])
})

test('as a process it does not outlive its parent', async () => {
  // The parent starts it, says its first line, and dies without a word to it.
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify(inNode)}, {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.once('data', (line) => {
      require('node:fs').writeSync(1, line)
      process.kill(process.pid, 'SIGKILL')
    })`
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await firstLine(parent.stdout)
  const { port } = JSON.parse(line) as { port: number }
  const heir = await eventually('its port is free', () =>
    startDemoUpstream({ port }).catch(() => undefined),
  )
  await heir.close()
})
