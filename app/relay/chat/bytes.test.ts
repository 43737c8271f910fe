import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { startDemoUpstream } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import { listen } from '../../../dev/command/listen.ts'
import { askStream } from '../../../test/raw-client.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream } from '../../../test/wire.ts'
import { meterOf } from '../../../test/answers/meter-of-chunks.ts'
import { pump } from '../pump.ts'
import { ClientStream } from '../client-stream.ts'

const forms = {
  plain: '',
  crlf: '[[crlf]]',
  bom: '[[bom]]',
  comments: '[[comment]]',
  'several data lines': '[[multi-line]]',
  unicode: '[[unicode]]',
  'usage in the middle too': '[[usage-twice]]',
  everything: '[[crlf]] [[bom]] [[comment]] [[multi-line]] [[unicode]]',
}
type Form = keyof typeof forms

/** The bytes of one stream with usage, as the demo upstream sends them. */
const recorded = new Map<Form, Buffer>()
before(async () => {
  const upstream = await startDemoUpstream({ pace: 'fast' })
  for (const [form, say] of Object.entries(forms)) {
    const { bytes } = await askStream(upstream, { say, body: { max_tokens: 3 } })
    // Nothing is due after [DONE], so a comment that follows it is not part of the promise.
    const [all] = /^[^]*data: \[DONE\](\r?\n){2}/.exec(bytes.toString('latin1'))!
    recorded.set(form as Form, Buffer.from(all, 'latin1'))
  }
  await upstream.close()
})

const usageOnly = /data: (?:(?!\r?\n\r?\n)[^])*"choices":\[\](?:(?!\r?\n\r?\n)[^])*\r?\n\r?\n/g
/** The stream without its events that hold nothing but usage. */
const withoutUsage = (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace(usageOnly, ''), 'latin1')

function cutAt(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const cuts = [0, ...[...offsets].sort((a, b) => a - b), bytes.length]
  return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to))
}

const { eventBytesMax } = limits.endpoints.chat
const deaf = { first: () => undefined, more: () => undefined }

/** What comes out of the pump for these pieces. */
async function pumped(pieces: Buffer[], usageWanted: boolean): Promise<Buffer> {
  const out = new ClientStream()
  const got: Buffer[] = []
  out.on('data', (piece: Buffer) => got.push(piece))
  const ended = new Promise((resolve) => out.on('end', resolve))
  const body = Readable.from(pieces.filter((piece) => piece.length > 0))
  const how = await pump(body, meterOf(usageWanted), out, deaf, eventBytesMax)
  assert.ok(how.kind === 'complete')
  out.finish(how.last)
  await ended
  return Buffer.concat(got)
}

test('the recordings hold what they should', () => {
  for (const [form, bytes] of recorded) {
    assert.ok(bytes.length > 1_200 && bytes.length < 10_000, form)
    assert.notEqual(withoutUsage(bytes).length, bytes.length, form)
    assert.ok(!withoutUsage(bytes).includes('"choices":[]'), form)
  }
})

describe('cut at every single byte, a stream comes through the same', () => {
  for (const form of Object.keys(forms) as Form[]) {
    test(form, async () => {
      const whole = recorded.get(form)!
      const stripped = withoutUsage(whole)
      for (let at = 0; at <= whole.length; at++) {
        const pieces = cutAt(whole, [at])
        // A new tail moves the blame to the cut, and keeps the message short.
        assert.ok((await pumped(pieces, true)).equals(whole), `asked for usage, cut at ${at}`)
        assert.ok((await pumped(pieces, false)).equals(stripped), `not asked, cut at ${at}`)
      }
    })
  }
})

test('cut into single bytes, or anywhere any number of times, it comes through the same', async () => {
  for (const whole of recorded.values()) {
    const bytewise = cutAt(whole, [...whole.keys()])
    assert.ok((await pumped(bytewise, true)).equals(whole))
    assert.ok((await pumped(bytewise, false)).equals(withoutUsage(whole)))
  }
  const cuts = fc.array(fc.nat(10_000), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...recorded.values()), cuts, async (whole, offsets) => {
      const pieces = cutAt(
        whole,
        offsets.map((it) => it % whole.length),
      )
      assert.ok((await pumped(pieces, false)).equals(withoutUsage(whole)))
    }),
    { numRuns: 300 },
  )
})

describe('through real sockets', () => {
  let stage: Stage
  const player = createServer((req, res) => void play(req, res))
  before(async () => {
    const port = await listen(player)
    stage = await startStage({ upstreamUrl: `http://127.0.0.1:${port}/v1` })
  })
  after(async () => {
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
    await stage.stop()
    player.close()
  })

  /** The user's words say which recording to play, cut where. */
  async function play(body: AsyncIterable<Buffer>, res: ServerResponse) {
    const parts: Buffer[] = []
    for await (const part of body) parts.push(part)
    const { messages } = JSON.parse(Buffer.concat(parts).toString()) as {
      messages: { content: string }[]
    }
    const { form, cuts } = JSON.parse(messages[0]!.content) as { form: Form; cuts: number[] }
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of cutAt(recorded.get(form)!, cuts)) {
      if (piece.length > 0) res.write(piece)
      await new Promise(setImmediate)
    }
    res.end()
  }

  async function relayed(form: Form, cuts: number[], usageWanted: boolean) {
    const options = usageWanted ? { stream_options: { include_usage: true } } : {}
    const body = { stream: true, ...options }
    const answer = await stage.ask({ say: JSON.stringify({ form, cuts }), body })
    assert.equal(endOfStream(answer), 'done')
    const whole = recorded.get(form)!
    const expected = usageWanted ? whole : withoutUsage(whole)
    assert.ok(answer.bytes.equals(expected), `${form} cut at ${cuts.slice(0, 5).join()}`)
  }

  test('a stream cut at one byte in five comes through the same', async () => {
    const offsets = [...recorded.get('plain')!.keys()].filter((at) => at % 5 === 0)
    const work = Array.from({ length: 24 }, async () => {
      for (let at = offsets.pop(); at !== undefined; at = offsets.pop())
        await relayed('plain', [at], at % 2 === 0)
    })
    await Promise.all(work)
  })

  test('so does every form of it, cut at some bytes and at all', async () => {
    for (const form of Object.keys(forms) as Form[]) {
      const all = [...recorded.get(form)!.keys()]
      const some = all.filter((at) => at % 97 === 0)
      await Promise.all([
        ...some.map((at) => relayed(form, [at], false)),
        relayed(form, all, true),
        relayed(form, all, false),
        relayed(form, [], false),
      ])
    }
  })
})

describe('an event', () => {
  test('of three mebibytes passes as it is; one over the limit ends the call with an error', async () => {
    const stage = await startStage()
    const body = { stream: true, stream_options: { include_usage: true } }
    const big = await stage.ask({ say: '[[big:3145728]]', body })
    assert.equal(endOfStream(big), 'done')
    assert.ok(big.bytes.includes(' telecommunications'.repeat(165_000)))
    // A piece of the socket's size may come on top of the limit.
    const over = eventBytesMax + 1024 * 1024
    const tooBig = await stage.ask({ say: `[[big:${over}]]`, body })
    const error = endOfStream(tooBig)
    assert.ok(error !== 'done' && error.code === 'upstream_error')
    assert.ok(tooBig.bytes.length < 10_000)
    const row = await stage.waitForCall(tooBig.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.cost, row.source], ['failed', 0, 'none'])
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
    await stage.stop()
  })
})
