import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  dataOf,
  EventSplitter,
  EventTooLong,
  firstEventEnd,
  hasData,
  lastEventEnd,
  nameOf,
} from './events.ts'

/**
 * The standard's own words (WHATWG HTML, 9.2.6), over a whole stream as text: the data of every
 * event that is dispatched. What an end of file cuts off is dropped.
 */
function dispatched(stream: Buffer): string[] {
  const lines = stream
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
  const events: string[] = []
  let buffer = ''
  for (const line of lines.slice(0, -1)) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? []
    if (line !== '') {
      if (name === 'data') buffer += `${value}\n`
      continue
    }
    if (buffer !== '') events.push(buffer.slice(0, -1))
    buffer = ''
  }
  return events
}

/** What comes out for these pieces: the batches, what is left over, and the data of all events. */
function split(pieces: Buffer[], eventBytesMax = 1_000_000) {
  const splitter = new EventSplitter(eventBytesMax)
  const batches = [...pieces.map((piece) => splitter.push(piece)), splitter.end()].filter(
    (batch) => batch !== undefined,
  )
  const events = batches.flatMap(apart)
  const data = events.map(dataOf).filter((it) => it !== undefined)
  return { bytes: Buffer.concat(batches), data, left: splitter.unfinishedBytes }
}

/** The events one by one, as whoever looks into a batch finds them. */
function apart(batch: Buffer): Buffer[] {
  const events: Buffer[] = []
  for (let from = 0; from < batch.length;) {
    const end = firstEventEnd(batch, from) || batch.length
    events.push(batch.subarray(from, end))
    from = end
  }
  return events
}

function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const cuts = [0, ...offsets.map((at) => at % (bytes.length + 1)), bytes.length]
  cuts.sort((a, b) => a - b)
  return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to))
}

function expectAsStandard(stream: Buffer, offsets: readonly number[]) {
  const { bytes, data, left } = split(cut(stream, offsets))
  assert.deepEqual(data, dispatched(stream), JSON.stringify(stream.toString('latin1')))
  assert.ok(bytes.equals(stream.subarray(0, bytes.length)), 'byte for byte')
  assert.equal(bytes.length + left, stream.length)
}

const line = fc.oneof(
  fc.constantFrom('data: x', 'data:', 'data', 'data:  y', 'data :z', 'database: x', ' data: x'),
  fc.constantFrom(': ping', ':', 'event: error', 'data: {"a":1}', 'id: 7', 'id', ' ', '', '\uFEFF'),
  fc.string({ unit: 'binary', maxLength: 12 }).map((s) => `data: ${s.replace(/[\r\n]/g, '')}`),
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
/** Lines with ends of any kind, of one kind or mixed, many of them empty; the last may have no end. */
const stream = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(line, lineEnd), { maxLength: 16 }),
    fc.option(lineEnd, { nil: undefined }),
    fc.oneof(fc.constant(''), line),
  )
  .map(([mark, lines, only, rest]) =>
    Buffer.from(mark + lines.map(([text, end]) => text + (only ?? end)).join('') + rest),
  )

describe('the splitter', () => {
  test('finds the events of the standard, byte for byte, however the bytes are cut', () => {
    const property = fc.property(stream, fc.array(fc.nat(500)), expectAsStandard)
    fc.assert(property, { numRuns: 5_000 })
  })

  test('does so cut at every byte, at every two bytes, and into single bytes', () => {
    const streams = fc.sample(stream, { numRuns: 100, seed: 7 })
    for (const bytes of streams.map((it) => it.subarray(0, 60))) {
      expectAsStandard(bytes, [...bytes.keys()])
      for (const one of bytes.keys()) {
        expectAsStandard(bytes, [one])
        for (const two of bytes.keys()) if (two > one) expectAsStandard(bytes, [one, two])
      }
    }
  })

  test('finds the last and the first end in every arrangement of line ends', () => {
    const ends = fc.string({ unit: fc.constantFrom('\r', '\n', 'x'), maxLength: 12 })
    const property = fc.property(ends, (text) => {
      const bytes = Buffer.from(`x${text}`)
      const found = [...bytes.toString().matchAll(/(?:\r\n|\n|\r(?!\n))(?=(\r\n|\n|\r))/g)].map(
        (it) => it.index + it[0].length + it[1]!.length,
      )
      assert.equal(lastEventEnd(bytes), found.at(-1) ?? 0)
      assert.equal(firstEventEnd(bytes, 0), found[0] ?? 0)
    })
    fc.assert(property, { numRuns: 5_000 })
  })

  test('holds nothing back: an event is there as soon as its last byte is', () => {
    for (const blank of ['\n\n', '\r\n\r\n', '\n\r\n', '\r\n\n', '\r\r', '\r\r\n']) {
      const splitter = new EventSplitter(100)
      const bytes = Buffer.from(`data: 1${blank}`)
      const pieces = cut(bytes, [...bytes.keys()]).filter((piece) => piece.length > 0)
      const batches = pieces.map((piece) => splitter.push(piece))
      // Where lines end in CR alone a second one ends the event; an LF behind it comes too late.
      const due = blank.startsWith('\r\r') ? bytes.indexOf('\r\r') + 1 : bytes.length - 1
      assert.equal(String(batches[due]), String(bytes.subarray(0, due + 1)))
      assert.equal(batches.filter((batch) => batch !== undefined).length, 1)
    }
  })

  test('an event that the end of the file cuts is none; one whose last CR was no half is', () => {
    for (const [stream, data] of [
      ['data: x', []],
      ['data: x\n', []],
      ['data: x\r\n', []],
      ['data: x\r', []],
      ['data: x\n\r', ['x']],
      ['data: x\r\n\r', ['x']],
    ] as const)
      assert.deepEqual(split([Buffer.from(stream)]).data, data, JSON.stringify(stream))
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

  test('takes an event of 64 MiB in small pieces in linear time, up to its limit', () => {
    const bytesMax = 64 * 1024 * 1024
    for (const [size, ends] of [
      [1_024, '\n\n'],
      [16, '\r\r'],
    ] as const) {
      const splitter = new EventSplitter(bytesMax)
      const piece = Buffer.alloc(size, 'x')
      for (let sent = 0; sent < bytesMax; sent += size) splitter.push(piece)
      assert.equal(splitter.push(Buffer.from(ends))?.length, bytesMax + 2)
    }
  })
})

describe('the data of an event', () => {
  const cases: [string, string | undefined][] = [
    ['data: x\n\n', 'x'],
    ['data:x\r\n\r\n', 'x'],
    ['data:x\r\r', 'x'],
    ['data:  x\n\n', ' x'],
    ['data: 1\ndata: 2\n\n', '1\n2'],
    ['data: 1\rdata: 2\r\ndata: 3\n\n', '1\n2\n3'],
    ['data:\n\n', ''],
    ['data\n\n', ''],
    ['data\rdata\r\r', '\n'],
    ['\uFEFFdata: x\n\n', 'x'],
    ['event: e\ndata: x\nid: 1\n\n', 'x'],
    ['event: e\ndata: x\n\n', 'x'],
    ['event\ndata: x\n\n', 'x'],
    ['event: data: y\ndata:x\n\n', 'x'],
    ['event: e\rdata: y\ndata: x\n\n', 'y\nx'],
    ['event: e\ndata: x\rdata: y\n\n', 'x\ny'],
    ['data: y\ndata: x\n\n', 'y\nx'],
    ['\uFEFFdata: y\ndata: x\n\n', 'y\nx'],
    ['event: e\nid: x\n\n', undefined],
    [': ping\n\n', undefined],
    [': ping\ndata: x\n\n', 'x'],
    ['database: x\n\n', undefined],
    ['dat', undefined],
    ['data: half', 'half'],
    ['\n', undefined],
    ['data: {"é":"🚀"}\n\n', '{"é":"🚀"}'],
  ]
  for (const [event, data] of cases) {
    test(`of ${JSON.stringify(event)} is ${JSON.stringify(data)}`, () => {
      assert.equal(dataOf(Buffer.from(event)), data)
    })
  }

  test('has a name beside it where it says one', () => {
    const names = ['event: error\ndata: x\n\n', 'event:a\revent:b\r\r', 'data: event: x\n\n']
    assert.deepEqual(
      names.map((event) => nameOf(Buffer.from(event))),
      ['error', 'b', undefined],
    )
  })

  test('of many megabytes of lines is found in linear time, whatever ends them', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const lines = 300_000
      const event = Buffer.from(`data: x${end}`.repeat(lines) + end)
      assert.equal(dataOf(event)?.length, 2 * lines - 1)
    }
  })
})

test('lines that are none of data are not looked at one by one', ({ mock }) => {
  for (const nothing of ['\n', '\r', ': x\n\n', 'event: x\r\n\r\n']) {
    const events = Buffer.from(nothing.repeat(1_000))
    const searches = mock.method(events, 'indexOf')
    assert.equal(hasData(events), false)
    assert.ok(searches.mock.callCount() < 10)
  }
})

test('data is found wherever its line stands, and nothing else is taken for it', () => {
  const yes = ['data: x\n\n', 'data\n\n', ': x\ndata:', '\uFEFFdata:x\n', ': data\rdata: x\r\r']
  const no = ['', '\n', ': data: x\n\n', 'datax: y\n\n', ' data: x\n\n', 'data x\n', 'id: data\n']
  for (const [events, is] of [...yes.map((it) => [it, true]), ...no.map((it) => [it, false])])
    assert.equal(hasData(Buffer.from(String(events))), is, JSON.stringify(events))
})
