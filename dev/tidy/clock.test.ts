import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import ts from 'typescript'
import { readCode, ships, sourceFile, type SourceFile } from './source-tree.ts'
import { nodesOf, placeOf, syntaxOf } from './syntax.ts'

/** Who goes by the machine's own clock, and why. */
const allowed: Record<string, string> = {
  'app/values/clock.ts': 'before the database’s has been read',
  'app/db/clock.ts': 'compares the two',
  'app/telemetry/log.ts': 'a line stands beside those of other programs of the machine',
  'app/start/pages-folder.ts': 'the times of files are the machine’s',
  'app/cli/main.ts': 'what people say of time is of where they are; writing verbs compare the two',
}

/** Where a file asks the machine what time it is. */
const asks = (file: SourceFile): string[] =>
  nodesOf(syntaxOf(file))
    .filter(
      (node) =>
        (ts.isPropertyAccessExpression(node) && node.getText() === 'Date.now') ||
        (ts.isNewExpression(node) &&
          node.expression.getText() === 'Date' &&
          (node.arguments?.length ?? 0) === 0),
    )
    .map(placeOf)

test('what is dated is dated by one clock, app/values/clock.ts', () => {
  const places = readCode().filter(ships).flatMap(asks)
  const fileOf = (place: string) => place.replace(/:\d+$/, '')
  const offenders = places.filter((place) => !(fileOf(place) in allowed))
  assert.deepEqual(offenders, [], 'a date by the machine’s own clock')
  const stale = Object.keys(allowed).filter((path) => !places.map(fileOf).includes(path))
  assert.deepEqual(stale, [], 'an exception that is none any more')
})

describe('who asks the machine is found', () => {
  const found = ['Date.now()', 'new Date()', 'new Date', 'const now = Date.now']
  for (const text of found)
    test(text, () => assert.equal(asks(sourceFile('app/it.ts', text)).length, 1))
  for (const text of ['new Date(ms)', 'performance.now()', 'Date.parse(text)', 'clock.now()'])
    test(`and not ${text}`, () => assert.deepEqual(asks(sourceFile('app/it.ts', text)), []))
})
