import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { dataOf, EventSplitter, EventTooLong, firstEventEnd } from './events.ts'

const line = fc.oneof(
  fc.constantFrom('data: x', 'data:', ': ping', 'event: error', 'data: {"a":1}', 'id: 7', ' '),
  fc.string({ unit: 'binary', maxLength: 12 }).map((s) => `data: ${s.replace(/[\r\n]/g, '')}`),
)
const lineEnd = fc.constantFrom('\n', '\r\n')
/** Events of one to four lines with ends of either kind, and perhaps half an event behind them. */
const stream = fc
  .tuple(
    fc.array(fc.tuple(fc.array(fc.tuple(line, lineEnd), { minLength: 1, maxLength: 4 }), lineEnd), {
      maxLength: 8,
    }),
    fc.oneof(fc.constant(''), line),
  )
  .map(([events, rest]) => ({
    events: events.map(([lines, blank]) => Buffer.from(lines.flat().join('') + blank)),
    rest: Buffer.from(rest),
  }))

function cut(bytes: Buffer, offsets: number[]): Buffer[] {
  const cuts = [0, ...offsets.map((at) => at % (bytes.length + 1)), bytes.length]
  cuts.sort((a, b) => a - b)
  return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to))
}

/** The events one by one, as whoever looks into a batch finds them. */
function apart(batch: Buffer): Buffer[] {
  const events: Buffer[] = []
  for (let from = 0; from < batch.length;) {
    const end = firstEventEnd(batch, from)
    assert.ok(end > from, 'a batch is of whole events')
    events.push(batch.subarray(from, end))
    from = end
  }
  return events
}

describe('the splitter', () => {
  test('finds the same events however the bytes are cut', () => {
    const property = fc.property(stream, fc.array(fc.nat(500)), ({ events, rest }, offsets) => {
      const splitter = new EventSplitter(100_000)
      const found: Buffer[] = []
      for (const piece of cut(Buffer.concat([...events, rest]), offsets)) {
        const batch = splitter.push(piece)
        if (batch) found.push(...apart(batch))
      }
      assert.deepEqual(found.map(String), events.map(String))
      assert.equal(splitter.unfinishedBytes, rest.length)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  test('holds nothing back: an event is there as soon as its last byte is', () => {
    for (const blank of ['\n\n', '\r\n\r\n', '\n\r\n', '\r\n\n']) {
      const splitter = new EventSplitter(100)
      const bytes = Buffer.from(`data: 1${blank}`)
      for (let at = 0; at < bytes.length - 1; at++)
        assert.equal(splitter.push(bytes.subarray(at, at + 1)), undefined)
      assert.equal(String(splitter.push(bytes.subarray(-1))), String(bytes))
    }
  })

  test('lets a piece through without copying it when nothing was left from before', () => {
    const piece = Buffer.from('data: 1\n\ndata: 2\n\n')
    assert.equal(new EventSplitter(100).push(piece)?.buffer, piece.buffer)
  })

  test('gives up when what has no end grows over the limit, whatever the pieces', () => {
    for (const size of [1, 7, 101, 1_000]) {
      const splitter = new EventSplitter(100)
      const piece = Buffer.alloc(size, 'x')
      assert.throws(() => {
        for (let sent = 0; sent <= 100; sent += size) splitter.push(piece)
      }, EventTooLong)
    }
  })

  test('takes a 32 MiB line in small pieces in linear time, up to its limit', () => {
    const splitter = new EventSplitter(32 * 1024 * 1024)
    const piece = Buffer.alloc(1_024, 'x')
    for (let sent = 0; sent < 32 * 1024; sent++) splitter.push(piece)
    assert.equal(splitter.push(Buffer.from('\n\n'))?.length, 32 * 1024 * 1024 + 2)
  })
})

describe('the data of an event', () => {
  const cases: [string, string | undefined][] = [
    ['data: x\n\n', 'x'],
    ['data:x\r\n\r\n', 'x'],
    ['data:  x\n\n', ' x'],
    ['data: 1\ndata: 2\n\n', '1\n2'],
    ['data:\n\n', ''],
    ['\uFEFFdata: x\n\n', 'x'],
    ['event: e\ndata: x\nid: 1\n\n', 'x'],
    [': ping\n\n', undefined],
    ['database: x\n\n', undefined],
    ['\n', undefined],
    ['data: {"é":"🚀"}\n\n', '{"é":"🚀"}'],
  ]
  for (const [event, data] of cases) {
    test(`of ${JSON.stringify(event)} is ${JSON.stringify(data)}`, () => {
      assert.equal(dataOf(Buffer.from(event)), data)
    })
  }
})
