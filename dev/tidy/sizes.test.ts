import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functionLinesMax, longFunctions } from './functions.ts'
import { readCode, readSql, ships, sourceFile } from './source-tree.ts'
import { filesDirectlyMax, tooFull, tooHeavy } from './weights.ts'

const code = readCode()
const sql = readSql()
const quantile = (sorted: number[], q: number) => sorted[Math.floor((sorted.length - 1) * q)] ?? 0

test('files are small: median 60 lines, 95 of 100 within 250, none over 400', () => {
  const lengths = code.filter(ships).map(({ lines }) => lines.length)
  lengths.sort((a, b) => a - b)
  assert.ok(quantile(lengths, 0.5) <= 60, `median ${quantile(lengths, 0.5)}`)
  assert.ok(quantile(lengths, 0.95) <= 250, `95 of 100 within ${quantile(lengths, 0.95)}`)
  const long = [...code, ...sql].filter(({ lines }) => lines.length > 400)
  assert.deepEqual(
    long.map(({ path }) => path),
    [],
  )
})

test('lines end within 100 columns', () => {
  const wide = code.flatMap(({ path, lines }) =>
    lines.flatMap((line, i) => (line.length > 100 && !isText(line) ? [`${path}:${i + 1}`] : [])),
  )
  assert.deepEqual(wide, [])
})

// The formatter leaves a string or a pattern that has no place to break.
const isText = (line: string) => /^\s*\S+$|['"`/]/.test(line)

test('no function is longer than 70 lines', () => {
  assert.deepEqual(code.flatMap(longFunctions), [])
})

test('a function that is too long is seen, and a describe may be', () => {
  const long = (head: string) => `${head} {\n${'  one()\n'.repeat(functionLinesMax - 1)}}`
  const forms = ['function f()', 'const f = () =>', "test('f', async () =>", 'class C { f()']
  for (const form of forms) {
    const seen = longFunctions(sourceFile('f.ts', `// First.\n${long(form)}`))
    assert.deepEqual(seen, ['f.ts:2 has 71 lines'], form)
  }
  const short = long('function f()').replace('  one()\n', '')
  assert.deepEqual(longFunctions(sourceFile('f.ts', short)), [])
  assert.deepEqual(longFunctions(sourceFile('f.ts', long("describe('f', () =>"))), [])
})

test('no top folder and no room holds more than 18 % of the lines beside the tests', () => {
  assert.deepEqual(tooHeavy([...code, ...sql]), [])
})

test('no folder holds more than 25 files directly, tests not counted', () => {
  assert.deepEqual(tooFull([...code, ...sql]), [])
})

test('a room that has grown too heavy or too full is seen', () => {
  const line = 'export const one = 1\n'
  const rooms = ['usage', 'keys', 'auth', 'cli', 'ui', 'ledger'].flatMap((room) =>
    Array.from({ length: filesDirectlyMax }, (_, i) => sourceFile(`app/${room}/${i}.ts`, line)),
  )
  assert.deepEqual(tooHeavy(rooms), [])
  assert.deepEqual(tooFull(rooms), [])
  const grown = [
    ...rooms,
    sourceFile('app/keys/heavy.ts', line.repeat(20)),
    sourceFile('app/keys/heavy.test.ts', line.repeat(900)),
  ]
  assert.deepEqual(tooHeavy(grown), ['app/keys: 45 of 170 lines'])
  assert.deepEqual(tooFull(grown), ['app/keys: 26 files'])
})
