import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { arrowsBetweenFiles, arrowsBetweenRooms, arrowsUp, circles } from './arrows.ts'
import { draw } from './drawing.ts'
import { floors, looseInApp, roomOf } from './house.ts'
import { isTest, readCode, sourceFile } from './source-tree.ts'

const code = readCode().filter((file) => !isTest(file))
const files = arrowsBetweenFiles(code)

test('no arrow runs up: a room takes things from lower floors only', () => {
  assert.deepEqual(arrowsUp(files), [])
})

test('no circle of rooms', () => {
  assert.deepEqual(circles(arrowsBetweenRooms(files)), [])
})

test('no circle of files, types included', () => {
  assert.deepEqual(circles(files), [])
})

test('every file has a room, and every room has a file', () => {
  assert.deepEqual(looseIn(code.map(({ path }) => path)), [])
  const lived = new Set(code.map(({ path }) => roomOf(path)))
  const empty = floors.flat().filter(({ at }) => !lived.has(at))
  assert.deepEqual(empty, [])
})

test('no file lies loose in app/', () => {
  const entries = readdirSync('app', { withFileTypes: true }).filter((entry) => entry.isFile())
  const loose = entries.map(({ name }) => name).filter((name) => !/\.test\.tsx?$/.test(name))
  assert.deepEqual(loose.sort(), [...looseInApp].sort())
})

const looseIn = (paths: string[]) => paths.filter((path) => roomOf(path) === undefined)

test('an import that runs up is seen, of a type too, and one beside', () => {
  const planted = [
    sourceFile('app/values/money.ts', "import type { Ledger } from '../ledger/ledger.server.ts'"),
    sourceFile('app/ledger/ledger.server.ts', "import { run } from '../db/db.server.ts'"),
    sourceFile('app/db/db.server.ts', "export { keys } from '../redis/keyspace.ts'"),
    sourceFile('app/db/pool.ts', "const later = () => import('../../dev/servers/redis.ts')"),
    sourceFile('app/redis/keyspace.ts', "type Row = import('../usage/list.ts').Row"),
    sourceFile('app/db/pool.test.ts', "import { database } from '../../test/database.ts'"),
  ]
  assert.deepEqual(arrowsUp(arrowsBetweenFiles(planted)), [
    'app/values/money.ts imports app/ledger/ledger.server.ts',
    'app/db/db.server.ts imports app/redis/keyspace.ts',
    'app/db/pool.ts imports dev/servers/redis.ts',
    'app/redis/keyspace.ts imports app/usage/list.ts',
  ])
})

test('a circle is seen, of files in one room and of rooms', () => {
  const planted = arrowsBetweenFiles([
    sourceFile('app/usage/a.ts', "import { b } from './b.ts'"),
    sourceFile('app/usage/b.ts', "import type { C } from './c.ts'"),
    sourceFile('app/usage/c.ts', "import { a } from './a.ts'"),
    sourceFile('app/usage/d.ts', "import { a } from './a.ts'\nimport { e } from '../keys/e.ts'"),
    sourceFile('app/keys/e.ts', "import { f } from '../usage/f.ts'"),
  ])
  assert.deepEqual(circles(planted), [['app/usage/a.ts', 'app/usage/b.ts', 'app/usage/c.ts']])
  assert.deepEqual(circles(arrowsBetweenRooms(planted)), [['app/keys', 'app/usage']])
})

test('a file outside of every room is seen', () => {
  assert.deepEqual(looseIn(['app/loose.ts', 'app/cellar/wine.ts', 'app/keys/keys.ts']), [
    'app/loose.ts',
    'app/cellar/wine.ts',
  ])
})

test('the drawing names every room once, with its size and its arrows', () => {
  const drawing = draw([
    sourceFile('app/keys/keys.ts', "import { run } from '../db/db.server.ts'\n"),
    sourceFile('app/db/db.server.ts', 'export const one = 1\n'),
  ])
  for (const { at } of floors.flat()) {
    assert.equal(drawing.split('\n').filter((line) => line.startsWith(`  ${at} `)).length, 1, at)
  }
  assert.match(drawing, /app\/keys +1 lines, 1 file +-> app\/db\n/)
})
