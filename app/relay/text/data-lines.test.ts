import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataLines } from './data-lines.ts'

/** For each piece, whether it has something of a line of data. */
function told(pieces: readonly string[]): boolean[] {
  const lines = new DataLines()
  return pieces.map((piece) => lines.take(Buffer.from(piece)))
}

test('a piece says something where it has anything of a line of data', () => {
  for (const said of [
    'data: x\n\n',
    'data:x\r\r',
    ': x\n\ndata: x\n\n',
    'event: x\r\ndata:',
    'data\n',
  ])
    assert.deepEqual(told([said]), [true], JSON.stringify(said))
  for (const unsaid of ['\n', '\r\n\r\n', ': data: x\n\n', 'event: data:\n', 'database: x\n', 'da'])
    assert.deepEqual(told([unsaid]), [false], JSON.stringify(unsaid))
})

test('a line of data goes on until it ends, and what is behind it is looked at anew', () => {
  assert.deepEqual(
    told(['data: a', 'b', '\n: c', 'data: d', '\nda', 'ta:', ' e', '\n', ': f\n\n']),
    [true, true, false, false, false, true, true, false, false],
  )
})

test('a line of which the name has come is of data when its colon has', () => {
  assert.deepEqual(told(['data', 'x: y\n', 'data', ': x\n']), [false, false, false, true])
})

test('wherever it is cut, the same lines are of data', () => {
  const line = fc.constantFrom('data: x', 'data:', ': x', ': data: x', 'event: y', 'datax: y', '')
  const ending = fc.constantFrom('\n', '\r', '\r\n')
  const lines = fc.array(fc.tuple(line, ending), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(lines, fc.array(fc.nat(60)), (all, cuts) => {
      const text = all.map((it) => it.join('')).join('')
      const at = [...new Set([0, ...cuts.filter((it) => it < text.length)])].sort((a, b) => a - b)
      const pieces = at.map((from, i) => text.slice(from, at[i + 1]))
      const isSaid = all.some(([it]) => /^data:/.test(it))
      assert.equal(told(pieces).some(Boolean), isSaid)
    }),
  )
})

test('a line that never ends is looked at once, however many pieces it comes in', ({ mock }) => {
  for (const begin of [': ', 'data: ']) {
    const lines = new DataLines()
    lines.take(Buffer.from(begin))
    const piece = Buffer.from('data'.repeat(8))
    const copies = mock.method(Buffer, 'concat')
    for (let i = 0; i < 10_000; i++) assert.equal(lines.take(piece), begin === 'data: ')
    assert.equal(copies.mock.callCount(), 0)
  }
})
